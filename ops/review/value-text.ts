import { isList, isObject, isSecret, isUnknown, type JsonValue } from "../preview-json/json-value.ts";
import { code, type Markdown } from "./markdown.ts";

/** A value in a sentence: what is not known yet is said to be so, secrets are not shown. */
export function shownValue(value: JsonValue | undefined, path = ""): Markdown {
  if (value === undefined) return { markdown: "nothing" };
  if (isHidden(value, path)) return { markdown: "a secret" };
  if (isUnknown(value)) return { markdown: "known after the deployment" };
  return code(typeof value === "string" ? value : valueText(value, path));
}

/** A value as one line of a diff. */
export function valueText(value: JsonValue | undefined, path = ""): string {
  if (value === undefined) return "(none)";
  if (isHidden(value, path)) return "(secret)";
  if (isUnknown(value)) return "(known after the deployment)";
  if (isList(value)) return `[${value.map((item) => valueText(item, path)).join(", ")}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([key]) => !key.startsWith("__"));
    return `{${entries.map(([key, item]) => `${key}: ${valueText(item, key)}`).join(", ")}}`;
  }
  return JSON.stringify(value);
}

/** Marked as a secret, or named like one: a program that forgot to mark it must not publish it here. */
export function isHidden(value: JsonValue | undefined, path: string): boolean {
  return isSecret(value) || /pass(word|phrase)|secret|token|private_?key|user_?data|credential/i.test(path);
}
