import { leaves, type PropertyChange } from "./property-changes.ts";
import type { Step } from "./steps.ts";
import { clip, columnsOf, type Paper, printable, valueText } from "./terminal-text.ts";

/** `~ size  10 → 20  forces replacement`, on one line. `pathColumns` aligns the lines of one resource. */
export function changedLine(change: PropertyChange, indent: string, pathColumns: number, paper: Paper): string {
  const path = clip(printable(change.path), 40);
  const left = `${indent}${path.padEnd(pathColumns)}  `;
  const reason = change.forcesReplacement ? "  forces replacement" : "";
  const room = paper.width - columnsOf(left) - reason.length;
  return `${paper.paint("dim", left)}${values(change, room, paper)}${paper.paint("magenta", reason)}`;
}

function values({ kind, before, after }: PropertyChange, room: number, paper: Paper): string {
  if (kind === "add") return `${paper.paint("green", "+")} ${clip(valueText(after), room - 2)}`;
  if (kind === "delete") return `${paper.paint("red", "-")} ${clip(valueText(before), room - 2)}`;
  const [old, now] = [valueText(before), valueText(after)];
  if (columnsOf(old) + columnsOf(now) + 3 <= room) return `${old} → ${now}`;
  const half = Math.floor((room - 3) / 2);
  const [from, to] = fromFirstDifference(old, now);
  return `${clip(from, half)} → ${clip(to, half)}`;
}

/** Long texts that begin alike are shown from shortly before the place where they differ. */
function fromFirstDifference(a: string, b: string): [string, string] {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  const start = at - 12;
  return start <= 1 ? [a, b] : [`…${a.slice(start)}`, `…${b.slice(start)}`];
}

/** The inputs of a step that did not change, one line each; of one that only comes or goes, all of them. */
export function inputLines(step: Step, changed: Set<string>, indent: string, paper: Paper): string[] {
  const inputs = (step.op === "delete" ? step.oldInputs : step.newInputs) ?? {};
  return leaves(inputs).flatMap(({ path, value }) => {
    if (
      [...changed].some((prefix) => path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`))
    )
      return [];
    const left = `${indent}${clip(printable(path), 40)}: `;
    return [`${paper.paint("dim", left)}${clip(valueText(value), paper.width - columnsOf(left))}`];
  });
}
