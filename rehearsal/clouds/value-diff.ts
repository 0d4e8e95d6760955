import { Unknown, type Value, type Values } from "../provider.ts";
import type { ResourceType } from "./check-inputs.ts";
import { changedListItems } from "./list-edits.ts";
import { holdsUnknown, isObject, isZero, same } from "./property-values.ts";
import type { TypeName } from "./schema/cloud-schema.ts";
import { asPlanned, comesFrom, sorted } from "./set-elements.ts";

/** One path at which two values differ. */
export interface Found {
  path: string;
  kind: "add" | "delete" | "update";
}

/** A place in the properties of a resource, with the type that it has there. */
export interface Place {
  /** `rules[0].sourceIps` */
  readonly path: string;
  /** The innermost property's name: `sourceIps`; empty in a list. */
  readonly name: string;
  readonly expected: TypeName;
}

/** Every path at which `after` differs from `before`; a value left out counts as the zero value of its kind. */
export function changesIn(at: Place, before: Value, after: Value, type: ResourceType): Found[] {
  const { path } = at;
  // The bridge takes an empty list of the SDK's for an absent one (pulumi-terraform-bridge, isPresent and MakeTerraformOutput, 2026-08).
  const absent = (value: Value) => Array.isArray(value) && value.length === 0 && type.table.kind === "sdk";
  if (after instanceof Unknown) return [{ path, kind: before === null || absent(before) ? "add" : "update" }];
  if (isObject(before) && isObject(after)) return objectChanges(at, before, after, type);
  if (Array.isArray(before) && Array.isArray(after) && absent(before) === absent(after))
    return type.table.sets?.includes(at.name)
      ? setChanges(at, before, after, type)
      : listChanges(at, before, after, type);
  if (isZero(before) && isZero(after)) return [];
  if (isZero(before)) return [{ path, kind: before === null || isCollection(before) ? "add" : "update" }];
  if (isZero(after)) return [{ path, kind: after === null || isCollection(after) ? "delete" : "update" }];
  return sameScalar(before, after) ? [] : [{ path, kind: "update" }];
}

function objectChanges({ path, expected }: Place, before: Values, after: Values, type: ResourceType): Found[] {
  const { table, types } = type;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((key) => {
    const left = before[key] ?? null;
    const right = after[key] ?? table.nestedReadsAs?.[key] ?? null;
    if (after[key] === undefined && table.nestedComputed?.includes(key)) return [];
    const inside = types[expected];
    const place = {
      path: /^[\w-]+$/.test(key) ? `${path}.${key}` : `${path}["${key}"]`,
      name: key,
      expected: inside?.[key] ?? inside?.[`${key}?`] ?? "any",
    };
    return changesIn(place, left, right, type);
  });
}

function listChanges(at: Place, before: Value[], after: Value[], type: ResourceType): Found[] {
  // An edit script for plain values; objects are compared place by place (pulumi-terraform-bridge, makeListDiff, 2026-08).
  if (![...before, ...after].some((value) => isCollection(value) || value instanceof Unknown))
    return changedListItems(before, after, sameScalar).map(({ index, kind }) => ({
      path: `${at.path}[${index}]`,
      kind,
    }));
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => {
    const place = elementOf(at, index);
    if (index >= before.length) return [{ path: place.path, kind: "add" as const }];
    if (index >= after.length) return [{ path: place.path, kind: "delete" as const }];
    return changesIn(place, before[index] ?? null, after[index] ?? null, type);
  }).flat();
}

/**
 * Elements that went have their place in the state, which is sorted; those that came have theirs in the program. Where
 * both meet, one turned into the other. When the plan says more of a new element than the program does, the set is shown
 * as a whole; so is one with an element that is not known yet, but not one with an object of which only a property is
 * unknown (pulumi-terraform-bridge, makeSetDiff and validInputsFromPlan, 2026-08).
 */
function setChanges(at: Place, before: Value[], after: Value[], type: ResourceType): Found[] {
  const element = elementOf(at, 0);
  const equal = (a: Value, b: Value) => changesIn(element, a, b, type).length === 0;
  const old = sorted(
    before.map((value) => asPlanned(value, element.expected, type)),
    element.expected,
    type,
  );
  const gone = old.flatMap((value, index) => (after.some((other) => equal(value, other)) ? [] : [index]));
  const came = after.flatMap((value, index) =>
    holdsUnknown(value) || !before.some((other) => equal(other, value)) ? [index] : [],
  );
  if (gone.length === 0 && came.length === 0) return [];
  if (
    after.some((value) => value instanceof Unknown) ||
    !came.every((index) => comesFrom(after[index] ?? null, element.expected, type))
  )
    return [{ path: at.path, kind: "update" }];
  return [...new Set([...gone, ...came])].flatMap((index): Found[] => {
    const place = elementOf(at, index);
    if (!came.includes(index)) return [{ path: place.path, kind: "delete" }];
    if (!gone.includes(index)) return [{ path: place.path, kind: "add" }];
    return changesIn(place, old[index] ?? null, asPlanned(after[index] ?? null, element.expected, type), type);
  });
}

const elementOf = ({ path, expected }: Place, index: number): Place => ({
  path: `${path}[${index}]`,
  name: "",
  expected: expected.startsWith("[") ? expected.slice(1, -1) : "any",
});

const isCollection = (value: Value): boolean => Array.isArray(value) || isObject(value);

/** Text and numbers or booleans of the same spelling are one, as in Terraform. */
const sameScalar = (a: Value, b: Value): boolean =>
  same(a, b) || (!isCollection(a) && !isCollection(b) && String(a) === String(b));
