/** Property paths as in `ignoreChanges: ["size", "labels.role", "rules[0].port", "rules[*].port", "*"]`. */
import { Secret, Unknown, type Value, type Values } from "../provider.ts";

export type PathStep = string | number;

/** Throws on a path that is not closed (`a["b`, `a[0`). */
export function parsePath(path: string): PathStep[] {
  const steps: PathStep[] = [];
  const token = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\[(\*)\]/y;
  for (let at = 0; at < path.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(path);
    if (!match) throw new Error(`property path "${path}" is not understood at "${path.slice(at)}"`);
    const [, name, index, quoted, star] = match;
    steps.push(index === undefined ? (name ?? star ?? (quoted ?? "").replace(/\\(.)/g, "$1")) : Number(index));
  }
  return steps;
}

/** Whether `outer` is `inner` or lies above it; `*` stands for any key or index. */
export function containsPath(outer: PathStep[], inner: PathStep[]): boolean {
  return outer.length <= inner.length && outer.every((step, at) => step === "*" || String(step) === String(inner[at]));
}

/** `news` with the old values at the given paths; what the old ones lack is dropped. */
export function withOldValues(news: Values, olds: Values, paths: readonly string[]): Values {
  return paths.reduce<Values>((result, path) => reset(result, olds, parsePath(path)) as Values, news);
}

function reset(news: Value | undefined, olds: Value | undefined, path: PathStep[]): Value | undefined {
  if (path.length === 0) return olds;
  if (news instanceof Secret) {
    const inner = reset(news.value, olds instanceof Secret ? olds.value : olds, path);
    return inner === undefined ? undefined : new Secret(inner);
  }
  const old = olds instanceof Secret ? olds.value : olds;
  if (!isContainer(news)) return news;
  const [step, ...rest] = path as [PathStep, ...PathStep[]];
  if (step === "*") {
    const keys = new Set([...Object.keys(news), ...(rest.length === 0 && isContainer(old) ? Object.keys(old) : [])]);
    return [...keys].reduce<Value>((result, key) => resetKey(result, old, key, rest), news);
  }
  return resetKey(news, old, String(step), rest);
}

function resetKey(news: Value, old: Value | undefined, key: string, rest: PathStep[]): Value {
  if (!isContainer(news)) return news;
  const copy = Array.isArray(news) ? [...news] : { ...news };
  const at = copy as Values; // arrays are indexed by their keys too
  const before = isContainer(old) ? (old as Values)[key] : undefined;
  const after = rest.length > 0 && at[key] === undefined ? undefined : reset(at[key], before, rest);
  if (after === undefined) delete at[key];
  else at[key] = after;
  return Array.isArray(copy) ? copy.filter((item) => item !== undefined) : copy;
}

function isContainer(value: Value | undefined): value is Value[] | { [key: string]: Value } {
  return typeof value === "object" && value !== null && !(value instanceof Unknown) && !(value instanceof Secret);
}
