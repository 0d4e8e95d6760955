/** Questions about tagged values (`Secret`, `Unknown`), and the few transformations that the engine needs. */
import { Secret, Unknown, type Value, type Values } from "../provider.ts";

/** Equal as data; a secret equals the same secret, but not the plain value, when `secretsMatter`. */
export function equal(a: Value | undefined, b: Value | undefined, secretsMatter = true): boolean {
  if (a === b) return true;
  if (!secretsMatter) {
    if (a instanceof Secret) return equal(a.value, b, false);
    if (b instanceof Secret) return equal(a, b.value, false);
  }
  if (a === undefined || b === undefined || a === null || b === null || typeof a !== "object" || typeof b !== "object")
    return false;
  if (a instanceof Unknown || b instanceof Unknown) return false;
  if (a instanceof Secret || b instanceof Secret)
    return a instanceof Secret && b instanceof Secret && equal(a.value, b.value, secretsMatter);
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, at) => equal(item, b[at], secretsMatter))
    );
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key], secretsMatter))
  );
}

/** Whether any part of the value is known only later. */
export function hasUnknown(value: Value | undefined): boolean {
  return some(value, (v) => v instanceof Unknown);
}

export function hasSecret(value: Value | undefined): boolean {
  return some(value, (v) => v instanceof Secret);
}

/** The value without any secret marks. */
export function plain(value: Value): Value {
  if (value instanceof Secret) return plain(value.value);
  if (value instanceof Unknown || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(plain);
  return plainValues(value);
}

export function plainValues(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, plain(value)]));
}

/** Marks the named top-level properties as secret. */
export function withSecrets(values: Values, keys: readonly string[]): Values {
  if (keys.length === 0) return values;
  const marked = { ...values };
  for (const key of keys) {
    const value = marked[key];
    if (value !== undefined && !(value instanceof Secret)) marked[key] = new Secret(value);
  }
  return marked;
}

/** Marks as secret what the inputs mark so, for a provider that drops the marks. */
export function secretsLike(outputs: Values, inputs: Values): Values {
  return withSecrets(
    outputs,
    Object.keys(inputs).filter((key) => hasSecret(inputs[key])),
  );
}

function some(value: Value | undefined, test: (value: Value) => boolean): boolean {
  if (value === undefined) return false;
  if (test(value)) return true;
  if (value instanceof Secret) return some(value.value, test);
  if (value === null || typeof value !== "object" || value instanceof Unknown) return false;
  for (const key in value) if (some((value as Values)[key], test)) return true;
  return false;
}
