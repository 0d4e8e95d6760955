import { isDeepStrictEqual } from "node:util";
import { Secret, Unknown, type Value, type Values } from "../provider.ts";

/** The value without secrets around it or anything in it. */
export function reveal(value: Value): Value {
  if (value instanceof Secret) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  return isObject(value) ? revealAll(value) : value;
}

export const revealAll = (values: Values): Values => mapValues(values, reveal);

/** `outputs` with each property secret that is, or holds something, secret in `inputs`. */
export const keepSecrets = (outputs: Values, inputs: Values): Values =>
  mapValues(outputs, (value, key) => (value !== null && holdsSecret(inputs[key] ?? null) ? new Secret(value) : value));

export function isObject(value: Value | undefined): value is Values {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown)
  );
}

export function holdsUnknown(value: Value | undefined): boolean {
  if (value instanceof Unknown) return true;
  if (value instanceof Secret) return holdsUnknown(value.value);
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isObject(value) && Object.values(value).some(holdsUnknown);
}

function holdsSecret(value: Value): boolean {
  if (value instanceof Secret) return true;
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
}

/** Terraform's SDK does not tell a zero value from a property left out; neither do the comparisons here. */
export function isZero(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.entries(value).every(([key, inner]) => key === DEFAULTS || isZero(inner));
}

/** The key under which bridged providers note which inputs are defaults. */
export const DEFAULTS = "__defaults";

/** Without the notes on defaults, at any depth. */
export function withoutDefaultNotes(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutDefaultNotes);
  if (!isObject(value)) return value;
  return mapValues(Object.fromEntries(Object.entries(value).filter(([key]) => key !== DEFAULTS)), withoutDefaultNotes);
}

export function mapValues(values: Values, map: (value: Value, key: string) => Value): Values {
  const mapped: Values = {};
  for (const [key, value] of Object.entries(values)) mapped[key] = map(value, key);
  return mapped;
}

/** The property as text: `""` when it is missing; numbers in decimal, as ids of references. */
export function text(values: Values, key: string): string {
  const value = values[key];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

export function amount(values: Values, key: string): number {
  const value = values[key];
  return typeof value === "number" ? value : 0;
}

export function items(values: Values, key: string): Value[] {
  const value = values[key];
  return Array.isArray(value) ? value : [];
}

/** The elements of a list of objects. */
export const objects = (values: Values, key: string): Values[] => items(values, key).filter(isObject);

export function inner(values: Values, key: string): Values {
  const value = values[key];
  return isObject(value) ? value : {};
}

export const same = (a: Value | undefined, b: Value | undefined): boolean => isDeepStrictEqual(a, b);
