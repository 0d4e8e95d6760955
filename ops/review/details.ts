import { isList, type JsonValue } from "../preview-json/json-value.ts";
import type { Step } from "../preview-json/preview.ts";
import { type PropertyChange, propertyChanges } from "../preview-json/property-changes.ts";
import { urnParts } from "../preview-json/urn.ts";
import { collapsed, fenced, type Markdown } from "./markdown.ts";
import { valueText } from "./value-text.ts";

/** The steps of one kind of operation as a collapsed diff, the gravest kinds first. */
export function details(steps: readonly Step[]): readonly DetailGroup[] {
  return GROUPS.flatMap(({ ops, summary }) => {
    const own = steps.filter(
      (step) =>
        ops.includes(step.op) &&
        isShown(step) &&
        (step.op !== "same" || step.oldState?.protect !== step.newState?.protect),
    );
    return own.length === 0 ? [] : [{ summary, steps: own.toSorted((a, b) => (a.urn < b.urn ? -1 : 1)) }];
  });
}

export interface DetailGroup {
  readonly summary: string;
  readonly steps: readonly Step[];
}

/** One step as lines of a diff. */
export function stepLines(step: Step): string[] {
  const { type, name } = urnParts(step.urn);
  const sign = { create: "+", delete: "-", discard: "-", replace: "!" }[step.op] ?? "!";
  const removed = step.newState === undefined ? removedLines(step) : [];
  return [
    `${sign} ${type} ${name}`,
    ...removed,
    ...propertyChanges(step).flatMap((change) => changeLines(change, step.op)),
  ];
}

/** A group with as many of its steps as lines have been made for; what is left out is said. */
export function detailSection({ summary, steps }: DetailGroup, shown: readonly (readonly string[])[]): Markdown {
  const left = steps.length - shown.length;
  const count = left > 0 ? `${summary}: ${shown.length} of ${steps.length}` : `${summary}: ${steps.length}`;
  const more = left > 0 ? `\n\n${left} more are left out: a comment may only be so long. The job's log has them.` : "";
  return collapsed(count, { markdown: `${fenced(shown.flat(), "diff").markdown}${more}` });
}

const GROUPS: readonly { readonly ops: readonly string[]; readonly summary: string }[] = [
  { ops: ["delete", "discard"], summary: "Deleted" },
  { ops: ["replace", "import-replacement"], summary: "Replaced" },
  { ops: ["update"], summary: "Changed in place" },
  { ops: ["same"], summary: "Protection changed" },
  { ops: ["import", "read"], summary: "Taken over or read" },
  { ops: ["create"], summary: "Created" },
] as const satisfies readonly { ops: readonly string[]; summary: string }[] as readonly {
  ops: readonly string[];
  summary: string;
}[];

/** Components make nothing: they show when their own inputs change. */
function isShown({ oldState, newState }: Step): boolean {
  const state = newState ?? oldState;
  return state?.custom === true || Object.keys(state?.inputs ?? {}).length > 0;
}

function removedLines({ oldState }: Step): string[] {
  return Object.entries(oldState?.inputs ?? {})
    .filter(([key]) => !key.startsWith("__"))
    .map(([key, value]) => `-     ${key}: ${valueText(value, key)}`);
}

function changeLines({ path, before, after, replaces, outputOnly }: PropertyChange, op: string): string[] {
  if (outputOnly && !replaces) return [];
  const why = replaces ? " (replaces)" : "";
  if (op === "create") return [`+     ${path}: ${valueText(after, path)}`];
  if (isList(before) && isList(after)) return listLines(path, before, after, why);
  return [
    ...(before === undefined ? [] : [`-     ${path}: ${valueText(before, path)}`]),
    ...(after === undefined ? [] : [`+     ${path}: ${valueText(after, path)}${why}`]),
  ];
}

/** Only the items of a list that come or go. */
function listLines(path: string, before: readonly JsonValue[], after: readonly JsonValue[], why: string): string[] {
  const [old, now] = [before, after].map((list) => list.map((item) => valueText(item, path)));
  const gone = (old ?? []).filter((item) => !(now ?? []).includes(item));
  const come = (now ?? []).filter((item) => !(old ?? []).includes(item));
  if (gone.length + come.length === 0) return [`!     ${path}: in another order${why}`];
  return [...gone.map((item) => `-     ${path}: ${item}`), ...come.map((item) => `+     ${path}: ${item}${why}`)];
}
