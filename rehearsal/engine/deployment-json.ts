/** Pulumi's deployment format, version 3: what `pulumi stack export` prints, and back. */
import { Secret, Unknown, type Value, type Values } from "../provider.ts";
import { type JsonValue, SECRET_SIGNATURE, SIGNATURE, UNKNOWN_TEXT } from "./events.ts";
import { type Deployment, type PendingOperation, type ResourceState, StateError } from "./state-store.ts";

/** How a secret is written: `ciphertext`, or `plaintext` when secrets are to be shown. */
export type Seal = (plaintext: string) => { ciphertext: string } | { plaintext: string };
export type Open = (sealed: { ciphertext?: string; plaintext?: string }) => string;

export const DEPLOYMENT_VERSION = 3;
export type JsonObject = { [key: string]: JsonValue };

/** With secrets in plain text: for tests and reports, never for a file that stays. */
export function exportedDeployment({ resources, pending }: Deployment): JsonObject {
  const seal: Seal = (plaintext) => ({ plaintext });
  return {
    version: DEPLOYMENT_VERSION,
    deployment: {
      resources: resources.map((resource) => resourceJson(resource, seal)),
      ...(pending.length > 0 ? { pending_operations: pending.map((operation) => pendingJson(operation, seal)) } : {}),
    },
  };
}

export function pendingJson({ type, resource }: PendingOperation, seal: Seal): JsonObject {
  return { type, resource: resourceJson(resource, seal) };
}

/** What is false or empty is left out; `custom` never is. */
export function resourceJson(state: ResourceState, seal: Seal): JsonObject {
  const { urn, custom, type, customTimeouts, inputs, outputs, replacementTrigger, ...rest } = state;
  const json: JsonObject = { urn, custom, type };
  const optional: JsonObject = {
    ...(rest as unknown as JsonObject),
    customTimeouts: customTimeouts as JsonObject,
    inputs: sealed(inputs, seal),
    outputs: sealed(outputs, seal),
    replacementTrigger: sealed(replacementTrigger ?? null, seal),
  };
  for (const [key, value] of Object.entries(optional)) if (!isEmpty(value)) json[key] = value;
  return json;
}

/** Throws `StateError` when the resource is not understood. */
export function resourceFromJson(json: JsonObject, open: Open): ResourceState {
  const text = (key: string) => (typeof json[key] === "string" ? json[key] : "");
  const list = (key: string) => (Array.isArray(json[key]) ? (json[key] as string[]) : []);
  const object = <Type>(key: string) => (json[key] ?? {}) as Type;
  if (text("urn") === "" || text("type") === "") throw new StateError(`a resource has no urn or type: ${brief(json)}`);
  if (json["external"] === true)
    throw new StateError(
      `"${text("urn")}" was read with .get, which only the Pulumi CLI supports: remove it from the state`,
    );
  return {
    urn: text("urn"),
    type: text("type"),
    custom: json["custom"] === true,
    id: text("id"),
    inputs: opened(object("inputs"), open) as Values,
    outputs: opened(object("outputs"), open) as Values,
    parent: text("parent"),
    provider: text("provider"),
    dependencies: list("dependencies"),
    propertyDependencies: object("propertyDependencies"),
    protect: json["protect"] === true,
    retainOnDelete: json["retainOnDelete"] === true,
    deletedWith: text("deletedWith"),
    delete: json["delete"] === true,
    pendingReplacement: json["pendingReplacement"] === true,
    initErrors: list("initErrors"),
    additionalSecretOutputs: list("additionalSecretOutputs"),
    customTimeouts: object("customTimeouts"),
    importID: text("importID"),
    ignoreChanges: list("ignoreChanges"),
    replaceOnChanges: list("replaceOnChanges"),
    hideDiff: list("hideDiff"),
    replaceWith: list("replaceWith"),
    replacementTrigger: json["replacementTrigger"] === undefined ? undefined : opened(json["replacementTrigger"], open),
  };
}

export function pendingFromJson(json: JsonObject, open: Open): PendingOperation {
  return {
    type: json["type"] as PendingOperation["type"],
    resource: resourceFromJson((json["resource"] ?? {}) as JsonObject, open),
  };
}

function sealed(value: Value, seal: Seal): JsonValue {
  if (value instanceof Unknown) return UNKNOWN_TEXT;
  if (value instanceof Secret)
    return {
      [SIGNATURE]: SECRET_SIGNATURE,
      ...seal(JSON.stringify(sealed(value.value, (plaintext) => ({ plaintext })))),
    };
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => sealed(item, seal));
  const json: JsonObject = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) json[key] = sealed(item, seal);
  return json;
}

function opened(json: JsonValue, open: Open): Value {
  if (json === UNKNOWN_TEXT) return Unknown.value;
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map((item) => opened(item, open));
  if (json[SIGNATURE] === SECRET_SIGNATURE) return new Secret(opened(JSON.parse(open(json)) as JsonValue, open));
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, opened(item, open)]));
}

function isEmpty(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function brief(json: JsonObject): string {
  return JSON.stringify(json).slice(0, 120);
}
