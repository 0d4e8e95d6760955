import type { Values } from "../../provider.ts";
import { inner } from "../property-values.ts";

const PART = "[a-zA-Z0-9](?:[a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?";
const KEY = new RegExp(`^(?:[a-z0-9.-]{1,253}/)?${PART}$`);
const VALUE = new RegExp(`^(?:${PART})?$`);

/** The form of labels, which the provider checks itself (docs.hetzner.cloud, labels). */
export function checkLabels(inputs: Values, fail: (property: string, reason: string) => void): void {
  for (const [key, value] of Object.entries(inner(inputs, "labels"))) {
    if (!KEY.test(key))
      fail(
        `labels.${key}`,
        `Label key "${key}" is not valid: up to 63 letters, digits, ".", "_" and "-", beginning and ending with a letter or digit.`,
      );
    else if (typeof value === "string" && !VALUE.test(value))
      fail(
        `labels.${key}`,
        `Label value "${value}" of "${key}" is not valid: up to 63 letters, digits, ".", "_" and "-", beginning and ending with a letter or digit.`,
      );
  }
}
