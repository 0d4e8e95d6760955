import { createHash } from "node:crypto";
import { type Checked, type CheckFailure, Secret, Unknown, type Value, type Values } from "../provider.ts";
import type { CloudFile } from "./cloud-file.ts";
import { DEFAULTS, holdsUnknown, isObject, isZero, revealAll } from "./property-values.ts";
import type { ResourceTable } from "./resource-table.ts";
import type { CloudSchema, ResourceSchema, TypeName } from "./schema/cloud-schema.ts";

/** A resource type with all that is known about it. */
export interface ResourceType {
  /** `Server` */
  readonly name: string;
  readonly table: ResourceTable;
  readonly schema: ResourceSchema;
  readonly types: CloudSchema["types"];
}

/** Fills in defaults and refuses what is wrong without looking at the cloud: unknown names, wrong types, missing inputs. */
export function checkInputs(
  type: ResourceType,
  request: { urn: string; olds: Values; news: Values },
  cloud: CloudFile,
): Checked {
  const { table, schema } = type;
  const failures: CheckFailure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  const given = Object.fromEntries(
    Object.entries(request.news).filter(([key, value]) => key !== DEFAULTS && value !== null),
  );
  checkObject(given, schema.inputs, type, "", fail);
  for (const [property, reference] of Object.entries(table.references ?? {}))
    if (reference !== undefined && schema.inputs[property] === undefined && schema.inputs[`${property}?`] === undefined)
      throw new Error(`The table of ${schema.token} refers to ${reference.type} in ${property}, which is no input.`);
  const defaults = defaultsOf(type, request, given, cloud);
  const inputs: Values = { ...given, ...defaults };
  if (failures.length === 0) table.check?.(revealAll(inputs), fail);
  return { inputs: table.kind === "sdk" ? noted(inputs, Object.keys(defaults), type) : inputs, failures };
}

function defaultsOf(
  { name, table }: ResourceType,
  { urn, olds, news }: { urn: string; olds: Values; news: Values },
  given: Values,
  cloud: CloudFile,
): Values {
  const defaults: Values = {};
  for (const [key, value] of Object.entries(table.defaults ?? {}))
    if (given[key] === undefined && value !== undefined && !isZero(value)) defaults[key] = value;
  if (table.autoName && (news["name"] === undefined || news["name"] === null))
    defaults["name"] = olds["name"] ?? freeName(urn, name, table.autoName, cloud);
  return defaults;
}

/** `<logical name>-<7 characters>`: the same for the same resource until an object of the cloud has it. */
function freeName(
  urn: string,
  type: string,
  { lowerCase = false, maximum }: { lowerCase?: boolean; maximum: number },
  cloud: CloudFile,
): string {
  const logical = urn.slice(urn.lastIndexOf("::") + 2).slice(0, maximum - 8);
  for (let attempt = 0; ; attempt++) {
    const random = createHash("sha256").update(`${urn} ${attempt}`).digest("hex").slice(0, 7);
    const name = lowerCase ? `${logical}-${random}`.toLowerCase() : `${logical}-${random}`;
    if (cloud.where(type, "name", name).length === 0) return name;
  }
}

/** With `__defaults` in the inputs and in each nested object, as providers bridged from Terraform's SDK leave it. */
function noted(inputs: Values, defaults: string[], { schema, types }: ResourceType): Values {
  const inside = (value: Value, expected: TypeName): Value => {
    if (value instanceof Secret) return new Secret(inside(value.value, expected));
    if (Array.isArray(value)) return value.map((element) => inside(element, expected.slice(1, -1)));
    const properties = types[expected];
    return properties && isObject(value) ? { ...annotate(value, properties), [DEFAULTS]: [] } : value;
  };
  const annotate = (values: Values, properties: Record<string, TypeName>): Values =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        inside(value, properties[key] ?? properties[`${key}?`] ?? "any"),
      ]),
    );
  return { ...annotate(inputs, schema.inputs), [DEFAULTS]: defaults.sort() };
}

type Fail = (property: string, reason: string) => void;

function checkObject(
  values: Values,
  properties: Record<string, TypeName>,
  type: ResourceType,
  path: string,
  fail: Fail,
): void {
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  for (const [key, value] of Object.entries(values)) {
    if (key === DEFAULTS) continue;
    const expected = properties[key] ?? properties[`${key}?`];
    if (expected === undefined) fail(at(key), unknownProperty(key, type, properties, path));
    else checkValue(value, expected, type, at(key), fail);
  }
  for (const key of Object.keys(properties)) {
    if (key.endsWith("?") || (values[key] !== undefined && values[key] !== null)) continue;
    if (path === "" && key === "name" && type.table.autoName) continue;
    fail(at(key), `Missing required property '${key}' of ${type.schema.token}. Set it in the program.`);
  }
}

function checkValue(value: Value, expected: TypeName, type: ResourceType, path: string, fail: Fail): void {
  if (value === null || value instanceof Unknown || expected === "any") return;
  if (value instanceof Secret) checkValue(value.value, expected, type, path, fail);
  else if (expected.startsWith("[") && Array.isArray(value))
    for (const [index, element] of value.entries())
      checkValue(element, expected.slice(1, -1), type, `${path}[${index}]`, fail);
  else if (expected.startsWith("{") && isObject(value))
    for (const [key, element] of Object.entries(value))
      checkValue(key === DEFAULTS ? null : element, expected.slice(1, -1), type, `${path}.${key}`, fail);
  else if (isObject(value) && type.types[expected] !== undefined)
    checkObject(value, type.types[expected], type, path, fail);
  else if (!fits(value, expected))
    fail(path, `Expected ${readable(expected)} in '${path}' of ${type.schema.token}, found ${described(value)}.`);
}

/** The bridge converts between text and numbers or booleans, as Terraform does. */
function fits(value: Value, expected: TypeName): boolean {
  if (typeof value === expected) return true;
  if (expected === "string") return typeof value === "number" || typeof value === "boolean";
  if (expected === "number") return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
  return expected === "boolean" && (value === "true" || value === "false");
}

function unknownProperty(key: string, type: ResourceType, properties: Record<string, TypeName>, path: string): string {
  const known = Object.keys(properties).map((name) => name.replace("?", ""));
  const close = known.find((name) => name.toLowerCase() === key.toLowerCase() || name === `${key}s`);
  const where = path === "" ? type.schema.token : `'${path}' of ${type.schema.token}`;
  return `${where} has no property '${key}'. ${close ? `Did you mean '${close}'?` : `It has ${known.join(", ")}.`}`;
}

const readable = (type: TypeName): string =>
  type.startsWith("[") ? "a list" : type.startsWith("{") ? "a map" : /^[a-z]/.test(type) ? `a ${type}` : "an object";

const described = (value: Value): string =>
  holdsUnknown(value)
    ? "a value of another type"
    : Array.isArray(value)
      ? "a list"
      : isObject(value)
        ? "an object"
        : JSON.stringify(value);
