import { EXIT } from "../commands/exit-codes.ts";
import { costLines } from "./cost-lines.ts";
import { isSecret } from "./special-values.ts";
import { stepTree } from "./step-tree.ts";
import type { StepList } from "./steps.ts";
import { clip, type Paper, printable, wrap } from "./terminal-text.ts";

/** What a finished operation was, as far as words depend on it. */
export interface Finished {
  verb: "preview" | "up" | "refresh" | "destroy";
  /** Nothing was changed: a preview, or `--preview-only`. */
  planning: boolean;
  exit: number;
  seconds: number;
}

/** The report of an operation: tree of steps, what was said on the way, counts and duration, cost. Lines fit the paper. */
export function report(list: StepList, finished: Finished, paper: Paper, everything = false): string[] {
  const tree = stepTree(list, paper, everything);
  const said = diagnosticLines(list, paper);
  const cost = showsCost(list, finished) ? costLines(list.stackOutputs?.["cost"], paper.width - 2) : [];
  return [
    ...(tree.length > 0 ? [...tree, ""] : []),
    ...(said.length > 0 ? [...said, ""] : []),
    ...outputLines(list, finished, paper),
    countLine(list, finished, paper),
    ...(cost.length > 0 ? [paper.paint("bold", "Cost"), ...cost.map((line) => `  ${line}`)] : []),
  ];
}

/** The operation got to its end, with or without unwanted changes. */
function isComplete(exit: number): boolean {
  return exit === EXIT.done || exit === EXIT.unexpectedChanges;
}

/** A plan says what it costs; a deployment only where that changes. */
function showsCost(list: StepList, { verb, exit }: Finished): boolean {
  if (!isComplete(exit)) return false;
  if (verb === "preview") return true;
  const [before, after] = [list.oldStackOutputs?.["cost"], list.stackOutputs?.["cost"]];
  return verb === "up" && JSON.stringify(before) !== JSON.stringify(after);
}

const ORDER = ["create", "import", "update", "replace", "delete", "same"];
const PLANNED: Record<string, string> = {
  create: "to create",
  import: "to import",
  update: "to update",
  replace: "to replace",
  delete: "to delete",
  same: "unchanged",
};
const APPLIED: Record<string, string> = {
  create: "created",
  import: "imported",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  same: "unchanged",
};
const DRIFTED: Record<string, string> = { update: "changed", delete: "gone", same: "as they should be" };

/** Counts and duration in one line. */
export function countLine(list: StepList, { verb, planning, exit, seconds }: Finished, paper: Paper): string {
  const names = verb === "refresh" ? DRIFTED : planning ? PLANNED : APPLIED;
  const counts = Object.entries(list.summary?.resourceChanges ?? {})
    .filter(([, count]) => count !== undefined && count > 0)
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .map(([op, count]) => `${count} ${names[op] ?? op}`);
  const failed = list.summary?.result === "failed" || !isComplete(exit);
  const title = titleOf(list, failed, { verb, planning, exit });
  const text = counts.length > 0 ? counts.join(", ") : "nothing was done";
  return `${paper.paint(["bold", failed ? "red" : "green"], title)}  ${clip(text, paper.width - title.length - 14)}  ${paper.paint("dim", `${seconds.toFixed(1)} s`)}`;
}

function titleOf(list: StepList, failed: boolean, { verb, planning, exit }: Omit<Finished, "seconds">): string {
  if (exit === EXIT.cancelled) return "Cancelled";
  if (failed) return "Failed";
  if (list.changes().length === 0) return "No changes";
  return verb === "refresh" ? "In the clouds" : planning ? "Plan" : "Done";
}

function rank(op: string): number {
  const at = ORDER.indexOf(op);
  return at < 0 ? ORDER.length : at;
}

/** Names of the stack outputs that this run changes; their values are in the state, some of them long. */
function outputLines(list: StepList, { verb, exit }: Finished, paper: Paper): string[] {
  const [before, after] = [list.oldStackOutputs ?? {}, list.stackOutputs];
  if (!after || verb === "refresh" || verb === "destroy" || !isComplete(exit)) return [];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = keys.filter(
    (key) =>
      !(isSecret(before[key]) && isSecret(after[key])) && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return changed.length === 0 ? [] : wrap(`Outputs that change: ${changed.map(printable).join(", ")}`, paper.width);
}

function diagnosticLines(list: StepList, paper: Paper): string[] {
  const styles: Record<string, "red" | "yellow" | "dim"> = { error: "red", warning: "yellow" };
  const seen = new Set<string>();
  return list.diagnostics.flatMap(({ severity, urn, message }) => {
    const lines = readableLines(message);
    const key = `${urn} ${message}`;
    // The real engine says of each simulated provider that it is not the one it would have taken.
    if (lines.length === 0 || seen.has(key) || /^using pulumi-resource-\S+ from \$PATH/.test(message)) return [];
    seen.add(key);
    const word = severity.startsWith("info") ? "info" : severity;
    const name = urn ? `${printable(urn.split("::").slice(2).join(" ").split("$").at(-1) ?? "")}: ` : "";
    const [first = "", ...rest] = lines.flatMap((line, index) => {
      const inner = /^ */.exec(line)?.[0].slice(0, 8) ?? "";
      return wrap(index === 0 ? name + line : line, paper.width - word.length - 2, inner);
    });
    const indent = " ".repeat(word.length + 2);
    return [`${paper.paint(styles[word] ?? "dim", word)}  ${first}`, ...rest.map((line) => indent + line)];
  });
}

/** A message without colours and without the frames of a stack trace that are not the program's own. */
function readableLines(message: string): string[] {
  return (
    message
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes of the SDK's messages begin with ESC
      .replace(/\u001b\[[0-9;]*m/g, "")
      .replace(/<\{%[^%]*%\}>/g, "")
      .split("\n")
      .filter((line) => !/^\s+at .*(node:internal|node_modules)/.test(line))
      .map((line) => printable(line.trimEnd()))
      .filter((line) => line.trim() !== "")
  );
}
