export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Stands for a value that is known only after the deployment. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The key of an object that is not data but a special value, and what it says for a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Whether a value stands for one that is known only after the deployment. */
export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** Whether a value stands for a secret: hidden by the engine, or marked as one. */
export function isSecret(value: unknown): boolean {
  return value === "[secret]" || (isObject(value) && value[SIGNATURE] === SECRET);
}

/** The text of a marked secret where the file holds it (a preview with `--show-secrets`), else undefined. */
export function secretText(value: JsonValue): string | undefined {
  if (!isObject(value) || !isSecret(value)) return undefined;
  const inside = value["plaintext"] ?? value["value"];
  return inside === undefined || inside === "[secret]" ? undefined : JSON.stringify(inside);
}

/** Whether two values are the same, whatever the order of their keys. */
export function sameValue(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return stableJson(a) === stableJson(b);
}

/** JSON with sorted keys; a missing value is an empty text. */
export function stableJson(value: JsonValue | undefined): string {
  if (value === undefined) return "";
  if (isList(value)) return `[${value.map(stableJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${stableJson(value[key])}`).join(",")}}`;
}
