import type { JsonObject } from "../../preview-json/json-value.ts";
import type { Step } from "../../preview-json/preview.ts";
import { propertyChanges } from "../../preview-json/property-changes.ts";
import type { Finding } from "../finding.ts";
import { joined, md } from "../markdown.ts";
import { resourceName } from "../resource-name.ts";

/** Guards that a plan lifts, backups that it turns off, and protected resources that it changes in place. */
export function guardFindings(steps: readonly Step[]): Finding[] {
  return steps.flatMap((step) => {
    const { oldState, newState, op } = step;
    if (oldState === undefined || newState === undefined) return [];
    const lifted = [
      ...(oldState.protect && !newState.protect ? [md`Pulumi's`] : []),
      ...["deleteProtection", "rebuildProtection"]
        .filter((key) => turnedOff(key, oldState.inputs, newState.inputs))
        .map((key) => md`the cloud's ${key}`),
    ];
    const found: Finding[] = [];
    if (lifted.length > 0)
      found.push({
        level: "risk",
        topic: "guards",
        text: md`${resourceName(step)} loses its protection (${joined(lifted, ", ")}): it can be deleted from then on`,
      });
    if (turnedOff("backups", oldState.inputs, newState.inputs))
      found.push({ level: "risk", topic: "backup", text: md`backups of ${resourceName(step)} are turned off` });
    if (op === "update" && oldState.protect && lifted.length === 0) {
      const paths = propertyChanges(step)
        .slice(0, 5)
        .map(({ path }) => md`${path}`);
      found.push({
        level: "note",
        topic: "protected",
        text: md`${resourceName(step)} is protected and changes in place: ${joined(paths, ", ")}`,
      });
    }
    return found;
  });
}

const turnedOff = (key: string, before: JsonObject, after: JsonObject) => before[key] === true && after[key] !== true;
