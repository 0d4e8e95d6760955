/** From a provider's answer to Diff to the engine's verdict. */
import type { Diff, PropertyDiffKind, Values } from "../provider.ts";
import { containsPath, parsePath, withOldValues } from "./property-path.ts";
import { equal } from "./values.ts";

/** What replaces a resource without a question to its provider. */
export function replaceBecauseOf(key: string): Diff {
  return { ...NO_CHANGE, changes: "some", replaces: [key] };
}

export const NO_CHANGE: Diff = {
  changes: "none",
  diffs: [],
  replaces: [],
  stables: [],
  deleteBeforeReplace: false,
  detailed: undefined,
};
export const SOME_CHANGE: Diff = { ...NO_CHANGE, changes: "some" };

export function needsReplacement(diff: Diff): boolean {
  return diff.replaces.length > 0 || Object.values(diff.detailed ?? {}).some(({ kind }) => kind.endsWith("-replace"));
}

/** Decides by the inputs where the provider does not. */
export function decided(diff: Diff, oldInputs: Values, newInputs: Values, ignoreChanges: readonly string[]): Diff {
  if (diff.changes !== "unknown") return diff;
  const wanted = withOldValues(newInputs, oldInputs, ignoreChanges);
  const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(wanted)])].sort();
  const diffs = keys.filter((key) => !equal(oldInputs[key], wanted[key], false));
  const kind = (key: string): PropertyDiffKind =>
    oldInputs[key] === undefined ? "add" : wanted[key] === undefined ? "delete" : "update";
  const detailed = Object.fromEntries(diffs.map((key) => [key, { kind: kind(key), inputDiff: true }]));
  return diffs.length === 0 ? { ...diff, changes: "none" } : { ...diff, changes: "some", diffs, detailed };
}

/** Turns changes at the given paths into replacements. Paths match the provider's detailed diff and changed keys only. */
export function withReplaceOnChanges(diff: Diff, paths: readonly string[]): Diff {
  if (diff.changes !== "some" || paths.length === 0) return diff;
  const replacing = paths.map(parsePath);
  const replaces = (path: string) => replacing.some((outer) => containsPath(outer, parsePath(path)));
  const detailed =
    diff.detailed &&
    Object.fromEntries(
      Object.entries(diff.detailed).map(([path, entry]) => [
        path,
        replaces(path) ? { ...entry, kind: replaceKind(entry.kind) } : entry,
      ]),
    );
  return { ...diff, detailed, replaces: [...new Set([...diff.replaces, ...diff.diffs.filter(replaces)])] };
}

/** A refresh asks in which way the cloud differs from the state: the other way round than Diff answers. */
export function inverted(detailed: Diff["detailed"]): Diff["detailed"] {
  const opposite: Record<PropertyDiffKind, PropertyDiffKind> = {
    add: "delete",
    "add-replace": "delete-replace",
    delete: "add",
    "delete-replace": "add-replace",
    update: "update",
    "update-replace": "update-replace",
  };
  return (
    detailed &&
    Object.fromEntries(
      Object.entries(detailed).map(([path, entry]) => [path, { ...entry, kind: opposite[entry.kind] }]),
    )
  );
}

function replaceKind(kind: PropertyDiffKind): PropertyDiffKind {
  return kind.endsWith("-replace") ? kind : (`${kind}-replace` as PropertyDiffKind);
}
