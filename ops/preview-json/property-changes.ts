import { isList, isObject, type JsonObject, type JsonValue, sameValue } from "./json-value.ts";
import type { ResourceState, Step } from "./preview.ts";

/** One property that a step sets, changes or takes away. */
export interface PropertyChange {
  /** `rules[0].sourceIps`; keys that hold dots or brackets as `["a.b"]`. */
  readonly path: string;
  /** Undefined: was not there. */
  readonly before: JsonValue | undefined;
  /** Undefined: will not be there. */
  readonly after: JsonValue | undefined;
  /** The change that makes a replacement necessary, or one of them. */
  readonly replaces: boolean;
  /** Only the cloud sets it: a consequence, not something that was asked for. */
  readonly outputOnly?: true;
}

/**
 * What a step changes: of a creation all inputs, of a deletion none, otherwise what the provider reports and whichever
 * inputs differ besides (providers report no details of components and of secrets).
 */
export function propertyChanges(step: Step): PropertyChange[] {
  const { oldState, newState } = step;
  if (newState === undefined) return [];
  if (oldState === undefined) return differences("", {}, visible(newState.inputs), false);
  const isAsked = (key: string | number) => oldState.inputs[key] !== undefined || newState.inputs[key] !== undefined;
  const reported = Object.entries(step.detailedDiff).map(([path, { kind }]): PropertyChange => {
    const keys = keysOf(path);
    const [first = ""] = keys;
    return {
      path,
      before: kind.startsWith("add") ? undefined : wasInState(oldState, keys),
      after: kind.startsWith("delete") ? undefined : inState(newState, keys),
      replaces: kind.endsWith("-replace") || step.replaceReasons.includes(String(first)),
      ...(isAsked(first) ? {} : { outputOnly: true }),
    };
  });
  const covered = new Set(reported.map(({ path }) => String(keysOf(path)[0])));
  const rest = (inputs: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(visible(inputs)).filter(([key]) => !covered.has(key)));
  const others = differences("", rest(oldState.inputs), rest(newState.inputs), false).map((change) => ({
    ...change,
    replaces: step.replaceReasons.includes(String(keysOf(change.path)[0])),
  }));
  const named = new Set([...reported, ...others].map(({ path }) => String(keysOf(path)[0])));
  // A changed secret reads the same before and after: that it changed is all that is known.
  const silent = [...new Set([...step.diffReasons, ...step.replaceReasons])]
    .filter((key) => !named.has(String(keysOf(key)[0])))
    .map(
      (key): PropertyChange => ({
        path: key,
        before: inState(oldState, keysOf(key)),
        after: inState(newState, keysOf(key)),
        replaces: step.replaceReasons.includes(key),
        ...(isAsked(String(keysOf(key)[0])) ? {} : { outputOnly: true }),
      }),
    );
  return [...reported, ...others, ...silent].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Changes between two maps, map by map; lists count as one value. */
function differences(at: string, before: JsonObject, after: JsonObject, replaces: boolean): PropertyChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key): PropertyChange[] => {
    const path = joined(at, key);
    const [a, b] = [before[key], after[key]];
    if (sameValue(a, b)) return [];
    if (isObject(a) && isObject(b)) return differences(path, a, b, replaces);
    return [{ path, before: a, after: b, replaces }];
  });
}

/** The property at a path; undefined where there is none. */
export function valueAt(root: JsonValue | undefined, keys: readonly (string | number)[]): JsonValue | undefined {
  return keys.reduce<JsonValue | undefined>((value, key) => {
    if (typeof key === "number") return isList(value) ? value[key] : undefined;
    return isObject(value) ? value[key] : undefined;
  }, root);
}

/** `a.b[0]["c.d"]` as `a`, `b`, `0`, `c.d` (Pulumi's property paths). */
export function keysOf(path: string): (string | number)[] {
  const parts = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, plain]) => {
    if (quoted !== undefined) return quoted.replaceAll('\\"', '"');
    return index === undefined ? (plain ?? "") : Number(index);
  });
}

/** Inputs count; a property that only the cloud sets is among the outputs. */
function inState({ inputs, outputs }: ResourceState, keys: readonly (string | number)[]): JsonValue | undefined {
  return valueAt(inputs, keys) ?? valueAt(outputs, keys);
}

/**
 * What went from a set stands in the state by its place among the outputs, which are sorted; the inputs have the program's
 * order (pulumi-terraform-bridge, makeSetDiff, 2026-08). Where both have the same at that place, the inputs say it shorter.
 */
function wasInState({ inputs, outputs }: ResourceState, keys: readonly (string | number)[]): JsonValue | undefined {
  const [input, output] = [valueAt(inputs, keys), valueAt(outputs, keys)];
  const isElement = keys.some((key) => typeof key === "number");
  return isElement && output !== undefined && !saysAlso(output, input) ? output : (input ?? output);
}

/** Whether `more` holds everything that `less` does, lists in any order. */
function saysAlso(more: JsonValue | undefined, less: JsonValue | undefined): boolean {
  if (isObject(more) && isObject(less))
    return Object.entries(less).every(([key, value]) => key.startsWith("__") || saysAlso(more[key], value));
  if (isList(more) && isList(less))
    return more.length === less.length && less.every((value) => more.some((other) => saysAlso(other, value)));
  return more !== undefined && less !== undefined && sameValue(more, less);
}

function joined(at: string, key: string): string {
  if (/[.[\]"]/.test(key)) return `${at}["${key.replaceAll('"', '\\"')}"]`;
  return at === "" ? key : `${at}.${key}`;
}

/** Without what the SDK and the bridge note for themselves. */
function visible(inputs: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__")));
}
