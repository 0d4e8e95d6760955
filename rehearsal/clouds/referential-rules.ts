import type { Values } from "../provider.ts";
import type { ResourceType } from "./check-inputs.ts";
import type { CloudFile } from "./cloud-file.ts";
import { holdsUnknown, isZero, same, text } from "./property-values.ts";
import type { Operation } from "./resource-table.ts";

/** What every cloud refuses: references to nothing, names that are taken, and what the table adds. */
export function refuseWrong(type: ResourceType, operation: Operation): void {
  const { cloud, object, id, refuse } = operation;
  if (holdsUnknown(object)) refuse("unknown_value", "an input is not known", "This is a mistake of the engine.");
  const quota = cloud.setting("quotas")[type.name];
  if (id === "" && typeof quota === "number" && cloud.all(type.name).length >= quota)
    refuse(
      "resource_limit_exceeded",
      `the project's limit of ${quota} ${type.name} objects is reached`,
      "Delete one, or raise settings.quotas in the cloud's file.",
    );
  for (const [input, reference] of Object.entries(type.table.references ?? {})) {
    const value = object[input];
    if (reference === undefined || isZero(value)) continue;
    for (const target of Array.isArray(value) ? value : [value ?? null])
      if (cloud.get(reference.type, String(target)) === undefined)
        refuse(
          "not_found",
          `${input} refers to ${reference.type} ${String(target)}, which does not exist`,
          `Refer to the id of a ${reference.type} of this project.`,
        );
  }
  for (const properties of type.table.unique ?? []) {
    const first = properties[0] ?? "";
    const taken = cloud
      .where(type.name, first, object[first])
      .find(([other, existing]) => other !== id && properties.every((name) => same(existing[name], object[name])));
    if (taken && properties.some((name) => !isZero(object[name])))
      refuse(
        "uniqueness_error",
        `${properties.map((name) => `${name} ${JSON.stringify(object[name])}`).join(" with ")} is already used by ${type.name} ${taken[0]}`,
        "Choose another one, or import the existing object.",
      );
  }
  type.table.rules?.(operation);
}

/** Deletes an object with what belongs to it; refuses when something else still uses it. */
export function deleteWithDependents(
  types: readonly ResourceType[],
  type: string,
  id: string,
  operation: Operation,
): void {
  for (const other of types)
    for (const [input, reference] of Object.entries(other.table.references ?? {})) {
      if (reference === undefined || reference.type !== type || reference.onDelete === "leave") continue;
      for (const [otherId, object] of operation.cloud.where(other.name, input, id)) {
        if (reference.onDelete === "refuse" && inEffect(other, object, otherId, operation.cloud))
          operation.refuse(
            "resource_in_use",
            `it is still used by ${other.name} ${text(object, "name") || otherId} (${input})`,
            `Delete or detach that ${other.name} first.`,
          );
        if (reference.onDelete === "delete") deleteWithDependents(types, other.name, otherId, operation);
        if (reference.onDelete === "detach") operation.cloud.put(other.name, otherId, letGo(other, object, input, id));
      }
    }
  operation.cloud.remove(type, id);
}

/** The object without its reference to `id`. */
function letGo({ table }: ResourceType, object: Values, input: string, id: string): Values {
  const value = object[input];
  const left = Array.isArray(value) ? value.filter((each) => String(each) !== id) : (table.readsAs?.[input] ?? null);
  return { ...object, [input]: left };
}

/**
 * Removes what belonged to objects that were deleted by hand: the real cloud took it along. Returns whether there was
 * any.
 */
export function removeFallen(types: readonly ResourceType[], cloud: CloudFile): boolean {
  const fallen = types.flatMap((type) =>
    cloud.all(type.name).flatMap(([id, object]) => (inEffect(type, object, id, cloud) ? [] : [{ type, id }])),
  );
  for (const { type, id } of fallen) cloud.remove(type.name, id);
  return fallen.length > 0;
}

/** Whether the object still stands: what it belongs to exists. */
export function inEffect(type: ResourceType, object: Values, id: string, cloud: CloudFile): boolean {
  for (const [input, reference] of Object.entries(type.table.references ?? {})) {
    const target = object[input];
    if (reference?.onDelete !== "delete" || isZero(target) || Array.isArray(target)) continue;
    if (cloud.get(reference.type, String(target)) === undefined) return false;
  }
  return !(type.table.gone?.(object, id, cloud) ?? false);
}
