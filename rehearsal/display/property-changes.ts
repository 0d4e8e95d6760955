import { isSecret, isUnknown } from "./special-values.ts";
import type { Step } from "./steps.ts";

/** One changed property of a resource, as deep as the provider or the inputs tell. */
export interface PropertyChange {
  /** As in Pulumi's detailed diffs: `labels.role`, `rules[0].port`, `data["a.b"]`. */
  path: string;
  kind: "add" | "delete" | "update";
  forcesReplacement: boolean;
  before: unknown;
  after: unknown;
}

/**
 * The changed properties of a step: from the provider's detailed diff where it has one, else by comparing inputs. A path
 * whose value is the same on both sides is left out (providers report computed parts too).
 */
export function propertyChanges(step: Step): PropertyChange[] {
  const detailed = Object.entries(step.detailedDiff ?? {});
  if (detailed.length === 0) return comparedInputs(step);
  return detailed.map(([path, { diffKind, inputDiff }]) => {
    // A refresh says what the cloud has against the inputs in the state; a plan what the program wants.
    const before = inputDiff
      ? lookUp(step.oldInputs, path, step.oldOutputs)
      : lookUp(step.oldOutputs, path, step.oldInputs);
    const after = step.refreshed ? lookUp(step.newOutputs, path, step.newInputs) : lookUp(step.newInputs, path);
    const kind = diffKind.replace("-replace", "");
    return {
      path,
      kind: kind === "add" || kind === "delete" ? kind : "update",
      forcesReplacement: diffKind.endsWith("-replace"),
      before: kind === "add" ? undefined : before,
      after: kind === "delete" ? undefined : after,
    };
  });
}

function comparedInputs(step: Step): PropertyChange[] {
  const [before, after] =
    step.refreshed && sameValue(step.oldInputs, step.newInputs)
      ? [step.oldOutputs, step.newOutputs]
      : [step.oldInputs, step.newInputs];
  const paths = compare(before ?? {}, after ?? {}, "");
  const top = new Set(step.diffs);
  const named = top.size === 0 ? paths : paths.filter((change) => top.has(segments(change.path)[0] ?? ""));
  return named.map((change) => ({
    ...change,
    forcesReplacement: step.replaceReasons.includes(segments(change.path)[0] ?? ""),
  }));
}

type Difference = Omit<PropertyChange, "forcesReplacement">;

/** The leaves in which two JSON values differ. Lists of different length differ as a whole. */
function compare(before: unknown, after: unknown, path: string): Difference[] {
  if (sameValue(before, after)) return [];
  if (isPlainObject(before) && isPlainObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => compare(before[key], after[key], joined(path, key)));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => compare(item, after[index], `${path}[${index}]`));
  }
  const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
  return [{ path, kind, before, after }];
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSecret(value);
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return !isUnknown(a);
  if (isSecret(a) && isSecret(b)) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (!isPlainObject(a) || !isPlainObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameValue(a[key], b[key]));
}

function joined(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** The value at a path in the first of the maps that has one there. */
function lookUp(from: Record<string, unknown> | undefined, path: string, otherwise?: Record<string, unknown>): unknown {
  let value: unknown = from;
  for (const key of segments(path)) {
    if (isSecret(value) || isUnknown(value)) return value;
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value === undefined && otherwise !== undefined ? lookUp(otherwise, path) : value;
}

/** `a.b[0]["c.d"]` as its keys. */
export function segments(path: string): string[] {
  const out: string[] = [];
  for (const match of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)) {
    const [, quoted, index, plain] = match;
    out.push(quoted !== undefined ? quoted.replace(/\\(.)/g, "$1") : (index ?? plain ?? ""));
  }
  return out;
}

/** Every value in a map of inputs that is not itself a map or a list, with its path; empty maps and lists count as values. */
export function leaves(values: Record<string, unknown>): { path: string; value: unknown }[] {
  const below = (value: unknown, path: string): { path: string; value: unknown }[] => {
    if (Array.isArray(value) && value.length > 0)
      return value.flatMap((item, index) => below(item, `${path}[${index}]`));
    if (!isPlainObject(value) || Object.keys(value).length === 0) return [{ path, value }];
    return Object.entries(value).flatMap(([key, item]) => (key === "__defaults" ? [] : below(item, joined(path, key))));
  };
  return Object.entries(values).flatMap(([key, item]) => (key === "__defaults" ? [] : below(item, joined("", key))));
}
