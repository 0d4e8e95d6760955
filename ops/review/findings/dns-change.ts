import { isObject, isUnknown, type JsonObject, type JsonValue } from "../../preview-json/json-value.ts";
import type { ResourceState, Step } from "../../preview-json/preview.ts";
import { isReplacement } from "./removals.ts";

/** A DNS record before and after. */
export interface DnsChange {
  readonly step: Step;
  readonly before: DnsRecord | undefined;
  readonly after: DnsRecord | undefined;
}

export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  /** Undefined: known after the deployment. */
  readonly content: string | undefined;
  readonly priority: number | undefined;
  readonly proxied: boolean;
}

export const RECORD_TYPE = "cloudflare:index/dnsRecord:DnsRecord";

/**
 * The records that a plan changes. One that is deleted under one name of the program and created with the same content
 * under another one (a renamed resource) is no change.
 */
export function dnsChanges(steps: readonly Step[]): DnsChange[] {
  const changes = steps
    .filter(({ oldState, newState }) => (newState ?? oldState)?.type === RECORD_TYPE)
    .filter((step) => ["create", "update", "delete"].includes(step.op) || isReplacement(step))
    .map((step) => ({ step, before: recordOf(step.oldState), after: recordOf(step.newState) }));
  const made = new Set(changes.filter(({ before }) => !before).map(({ after }) => identity(after)));
  const gone = new Set(changes.filter(({ after }) => !after).map(({ before }) => identity(before)));
  return changes.filter(({ before, after }) => {
    if (before && after) return true;
    return !(made.has(identity(before ?? after)) && gone.has(identity(before ?? after)));
  });
}

function recordOf(state: ResourceState | undefined): DnsRecord | undefined {
  if (state === undefined) return undefined;
  const { name, type, priority, proxied } = state.inputs;
  return {
    name: text(name),
    type: text(type),
    content: contentOf(state.inputs),
    priority: typeof priority === "number" ? priority : undefined,
    proxied: proxied === true,
  };
}

function contentOf({ content, data }: JsonObject): string | undefined {
  if (isUnknown(content)) return undefined;
  if (typeof content === "string") return content;
  if (!isObject(data)) return "";
  return Object.entries(data)
    .filter(([key]) => !key.startsWith("__"))
    .map(([, value]) => text(value))
    .join(" ");
}

const text = (value: JsonValue | undefined): string =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

const identity = (record: DnsRecord | undefined) => JSON.stringify(record);

/** A TXT record's text: Cloudflare keeps it in quotes, in pieces of at most 255 characters. */
export function txtOf(record: DnsRecord | undefined): string {
  const content = record?.content ?? "";
  const pieces = [...content.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, piece = ""]) => piece.replaceAll('\\"', '"'));
  return pieces.length > 0 ? pieces.join("") : content;
}
