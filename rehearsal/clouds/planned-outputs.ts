import { Unknown, type Values } from "../provider.ts";
import type { ResourceType } from "./check-inputs.ts";
import { diffProperties, plannedInput, planUnknown } from "./property-diff.ts";
import { holdsUnknown, same, withoutDefaultNotes } from "./property-values.ts";

/** What a preview of a create answers: inputs are known, all that the cloud decides is unknown. */
export function outputsOfCreate(type: ResourceType, inputs: Values): Values {
  const outputs: Values = { id: Unknown.value };
  const isInput = inputNames(type);
  for (const name of type.schema.outputs) {
    const value = isInput.has(name)
      ? withoutDefaultNotes(plannedInput(type.table, name, undefined, inputs))
      : Unknown.value;
    if (value !== null || type.table.kind === "sdk") outputs[name] = value;
  }
  return outputs;
}

/** What a preview of an update answers. The SDK keeps computed outputs; the framework plans them as unknown. */
export function outputsOfUpdate(type: ResourceType, id: string, olds: Values, inputs: Values): Values {
  const outputs: Values = { ...olds, id };
  for (const name of inputNames(type)) {
    const value = withoutDefaultNotes(plannedInput(type.table, name, olds, inputs));
    if (value !== null && (holdsUnknown(value) || !same(value, olds[name]))) outputs[name] = value;
    else if (value === null && type.table.kind === "sdk") outputs[name] = null;
    else if (value === null) delete outputs[name];
  }
  if (
    type.table.kind === "framework" &&
    diffProperties(type, { olds, news: inputs, ignoreChanges: [] }).changes === "some"
  )
    for (const name of planUnknown(type, inputs)) if (name !== "id") outputs[name] = Unknown.value;
  return outputs;
}

const inputNames = ({ schema }: ResourceType): Set<string> =>
  new Set(Object.keys(schema.inputs).map((name) => name.replace("?", "")));
