import type { Values } from "../provider.ts";
import type { ResourceType } from "./check-inputs.ts";
import { plannedInput } from "./property-diff.ts";
import { withoutDefaultNotes } from "./property-values.ts";

/** What the cloud is to hold for these inputs, without what only the cloud decides. */
export function objectOf(type: ResourceType, inputs: Values, olds: Values | undefined): Values {
  const object: Values = {};
  for (const declared of Object.keys(type.schema.inputs)) {
    const name = declared.replace("?", "");
    const given = inputs[name] !== undefined && inputs[name] !== null;
    if (!given && type.table.optionalComputed?.includes(name)) continue;
    object[name] = withoutDefaultNotes(plannedInput(type.table, name, olds, inputs));
  }
  return object;
}

/** The part of it that the file holds: nothing empty, no passwords. */
export const stored = (type: ResourceType, object: Values): Values =>
  Object.fromEntries(
    Object.entries(object).filter(
      ([name, value]) => value !== null && value !== undefined && !type.table.neverStored?.includes(name),
    ),
  );
