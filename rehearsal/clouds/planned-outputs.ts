import { Unknown, type Values } from "../provider.ts";
import type { ResourceType } from "./check-inputs.ts";
import { inputChanges, plannedInput, planUnknown, topLevel } from "./property-diff.ts";
import { withoutDefaultNotes } from "./property-values.ts";

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
  const changed = topLevel(inputChanges(type, olds, inputs).map(({ path }) => path));
  for (const name of changed) {
    const value = withoutDefaultNotes(plannedInput(type.table, name, olds, inputs));
    if (value !== null || type.table.kind === "sdk") outputs[name] = value;
    else delete outputs[name];
  }
  if (type.table.kind === "framework" && changed.length > 0)
    for (const name of planUnknown(type, inputs, changed)) outputs[name] = Unknown.value;
  return outputs;
}

const inputNames = ({ schema }: ResourceType): Set<string> =>
  new Set(Object.keys(schema.inputs).map((name) => name.replace("?", "")));
