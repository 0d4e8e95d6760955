import { Unknown, type Value, type Values } from "../provider.ts";
import type { ResourceType } from "./check-inputs.ts";
import { DEFAULTS, isObject } from "./property-values.ts";
import type { TypeName } from "./schema/cloud-schema.ts";

/*
 * Elements of sets as Terraform's SDK plans and orders them. Sources: set_internals.go of hashicorp/go-cty and
 * pkg/tfbridge/detailed_diff.go of pulumi/pulumi-terraform-bridge, 2026-08.
 */

/** The element with everything that its type has: the SDK plans a zero value for what a nested block leaves out. */
export function asPlanned(value: Value, expected: TypeName, type: ResourceType): Value {
  const properties = type.types[expected];
  if (properties === undefined || !isObject(value)) return value;
  const planned: Values = {};
  for (const [declared, inside] of Object.entries(properties)) {
    const name = declared.replace("?", "");
    const given = value[name] ?? type.table.nestedReadsAs?.[name] ?? zeroOf(inside);
    planned[name] =
      type.table.sets?.includes(name) && Array.isArray(given) ? sorted(given, element(inside), type) : given;
  }
  return planned;
}

/**
 * Whether the bridge recognizes an element of the program in the plan: it has to give every plain property that the
 * cloud does not fill in, and its own sets in the order of the plan, which knows none of a set in which one is unknown.
 */
export function comesFrom(value: Value, expected: TypeName, type: ResourceType): boolean {
  const properties = type.types[expected];
  if (properties === undefined || !isObject(value)) return true;
  return Object.entries(properties).every(([declared, inside]) => {
    const name = declared.replace("?", "");
    const given = value[name] ?? null;
    if (given === null) return inside.startsWith("[") || (type.table.nestedComputed?.includes(name) ?? false);
    if (!Array.isArray(given) || !type.table.sets?.includes(name)) return true;
    if (given.some((value) => value instanceof Unknown)) return false;
    return sorted(given, element(inside), type).every((planned, index) => planned === given[index]);
  });
}

/** In the order in which sets are kept: text by its bytes, numbers by value, objects by what they hold. */
export function sorted(values: readonly Value[], expected: TypeName, type: ResourceType): Value[] {
  return values.toSorted((a, b) =>
    typeof a === "number" && typeof b === "number"
      ? a - b
      : Buffer.compare(Buffer.from(spelled(a, expected, type)), Buffer.from(spelled(b, expected, type))),
  );
}

/** What elements are ordered by; properties of objects come in the order of their Terraform names. */
function spelled(value: Value, expected: TypeName, type: ResourceType): string {
  if (typeof value === "string") return type.types[expected] ? JSON.stringify(value) : value;
  if (typeof value === "boolean") return value ? "T" : "F";
  if (Array.isArray(value)) return `[${value.map((each) => `${quoted(each)};`).join("")}]`;
  if (!isObject(value)) return value === null ? "~" : String(value);
  const names = Object.keys(value).filter((name) => name !== DEFAULTS);
  const parts = names.toSorted(byTerraformName).map((name) => `${quoted(value[name] ?? null)};`);
  return `<${parts.join("")}>`;

  function quoted(inside: Value): string {
    return typeof inside === "string" ? JSON.stringify(inside) : spelled(inside, "any", type);
  }
}

const byTerraformName = (a: string, b: string): number => (snake(a) < snake(b) ? -1 : 1);
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const element = (list: TypeName): TypeName => list.slice(1, -1);

const zeroOf = (expected: TypeName): Value =>
  expected === "string"
    ? ""
    : expected === "number"
      ? 0
      : expected === "boolean"
        ? false
        : expected.startsWith("[")
          ? []
          : null;
