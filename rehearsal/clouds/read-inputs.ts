import type { Value, Values } from "../provider.ts";
import type { ResourceType } from "./check-inputs.ts";
import { DEFAULTS, isObject, isZero, items, mapValues, reveal, same, withoutDefaultNotes } from "./property-values.ts";

/** The id of the object in what a person gives to import it: `<zone>/<id>`, or the id alone. */
export function importedId({ table }: ResourceType, id: string): string {
  if (table.importPath === undefined) return id;
  return id.split(/[/,]/).at(table.importPath.indexOf("id") - table.importPath.length) ?? id;
}

/** A refresh takes new values for the inputs that there were, and forgets defaults. */
export function refreshedInputs({ table }: ResourceType, inputs: Values, outputs: Values): Values {
  const defaults = items(inputs, DEFAULTS);
  const result: Values = {};
  for (const [name, input] of Object.entries(inputs)) {
    const old = reveal(input);
    if (name === DEFAULTS || (defaults.includes(name) && name !== "name")) continue;
    const current = outputs[name] ?? null;
    const unchangedDigest = typeof old === "string" && table.stateOf?.[name]?.(old) === current;
    if (unchangedDigest) result[name] = old;
    else if (current !== null) result[name] = projected(withoutDefaultNotes(old), current);
  }
  return result;
}

/** `current` with the keys that `old` had in nested objects of lists and single objects. */
function projected(old: Value, current: Value): Value {
  if (Array.isArray(old) && Array.isArray(current))
    return current.map((element, index) => projected(old[Math.min(index, old.length - 1)] ?? null, element));
  if (!isObject(old) || !isObject(current)) return current;
  const known = Object.keys(old);
  // A map of labels has no fixed keys: what was added by hand is an input, too.
  if (
    Object.values(current).every((value) => typeof value === "string") &&
    Object.values(old).every((value) => typeof value === "string")
  )
    return current;
  return mapValues(
    Object.fromEntries(known.filter((key) => key in current).map((key) => [key, current[key] ?? null])),
    (value, key) => projected(old[key] ?? null, value),
  );
}

/** An import takes all inputs that are required or not at their default. */
export function importedInputs({ table, schema }: ResourceType, outputs: Values): Values {
  const result: Values = {};
  for (const declared of Object.keys(schema.inputs)) {
    const name = declared.replace("?", "");
    const value = outputs[name] ?? null;
    const isDefault = same(value, table.defaults?.[name]) || same(value, table.readsAs?.[name]) || isZero(value);
    if (value !== null && (name === declared || !isDefault)) result[name] = value;
  }
  return table.kind === "sdk" ? { ...result, [DEFAULTS]: [] } : result;
}
