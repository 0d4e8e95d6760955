import { createHash, createHmac } from "node:crypto";
import {
  isList,
  isObject,
  isSecret,
  isUnknown,
  type JsonValue,
  secretText,
  stableJson,
} from "../preview-json/json-value.ts";
import type { Preview, Step } from "../preview-json/preview.ts";
import { propertyChanges } from "../preview-json/property-changes.ts";
import { isHidden } from "../review/value-text.ts";

/** What a deployment would do, as far as two previews of the same plan agree on it. */
export interface Plan {
  readonly version: 1;
  /** Whether secrets are compared too, by keyed hashes. */
  readonly keyed: boolean;
  readonly steps: readonly PlanStep[];
}

export interface PlanStep {
  readonly op: string;
  readonly urn: string;
  /** By property path: before and after; a hash where the value is long, a keyed one or `secret` where it is hidden. */
  readonly changes: Readonly<Record<string, readonly [before: string, after: string]>>;
  readonly replaceReasons: readonly string[];
}

/** Longer values are compared by their hash. */
const LONG = 200;

/**
 * The plan of a preview: operation, resource, changed properties and their values. Left out is what differs from run to
 * run: the order of independent steps, times, source positions, the providers' own ids and the messages.
 * @param key for the hashes of secrets; without it a secret only counts as changed or not
 */
export function planOf(preview: Preview, key?: string): Plan {
  const steps = preview.steps.filter(isPlanned).map((step): PlanStep => {
    const shown = (value: JsonValue | undefined, path: string) => valueText(value, path, key);
    const changes = propertyChanges(step)
      .filter(({ outputOnly }) => outputOnly !== true)
      .map(({ path, before, after }) => [path, [shown(before, path), shown(after, path)]] as const);
    return {
      op: step.op,
      urn: step.urn,
      changes: Object.fromEntries([...changes, ...optionChanges(step)]),
      replaceReasons: step.replaceReasons.toSorted(),
    };
  });
  return { version: 1, keyed: key !== undefined, steps: steps.toSorted(byResource) };
}

/** The digest of a plan; a keyed one can only be compared with another one of the same key. */
export function planDigest({ steps, keyed }: Plan): string {
  const text = stableJson(
    steps.map(({ op, urn, changes, replaceReasons }) => [op, urn, { ...changes }, replaceReasons]),
  );
  return `${keyed ? "keyed" : "plan"}-sha256:${sha256(text)}`;
}

/** How one plan differs from another, a line for each step; empty when it does not. */
export function planDifferences(reviewed: Plan, now: Plan): string[] {
  const id = ({ op, urn }: PlanStep) => `${op} ${urn}`;
  const [before, after] = [reviewed, now].map(({ steps }) => new Map(steps.map((step) => [id(step), step])));
  const ids = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].sort();
  return ids.flatMap((each) => {
    const [old, current] = [before?.get(each), after?.get(each)];
    if (old === undefined) return [`was not reviewed: ${each}`];
    if (current === undefined) return [`was reviewed, but would not happen: ${each}`];
    const paths = [...new Set([...Object.keys(old.changes), ...Object.keys(current.changes)])].sort();
    const other = paths.filter((path) => stableJson(old.changes[path]) !== stableJson(current.changes[path]));
    const why =
      stableJson(old.replaceReasons) === stableJson(current.replaceReasons) ? [] : ["(reasons of the replacement)"];
    return [...other, ...why].map(
      (path) => `differs: ${each}\n    ${path}: reviewed ${text(old, path)}, now ${text(current, path)}`,
    );
  });
}

function isPlanned({ op, oldState, newState }: Step): boolean {
  if (op === "refresh") return false;
  return op !== "same" || (oldState !== undefined && newState !== undefined && oldState.protect !== newState.protect);
}

function optionChanges({ oldState, newState }: Step): [string, [string, string]][] {
  if (newState === undefined) return [];
  return (["protect", "retainOnDelete"] as const)
    .filter((option) => (oldState?.[option] ?? false) !== newState[option])
    .map((option) => [`(${option})`, [String(oldState?.[option] ?? false), String(newState[option])]]);
}

function valueText(value: JsonValue | undefined, path: string, key: string | undefined): string {
  if (value === undefined) return "nothing";
  if (isUnknown(value)) return "unknown";
  if (isHidden(value, path)) return hidden(value, key);
  const text = stableJson(withoutSecrets(value, key));
  return text.length > LONG ? `sha256:${sha256(text)}` : text;
}

function withoutSecrets(value: JsonValue, key: string | undefined): JsonValue {
  if (isSecret(value)) return hidden(value, key);
  if (isList(value)) return value.map((item) => withoutSecrets(item, key));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "__defaults")
      .map(([name, item]) => [name, isHidden(item, name) ? hidden(item, key) : withoutSecrets(item, key)]),
  );
}

/** A plain hash of a short secret could be guessed, so without a key there is none. */
function hidden(value: JsonValue, key: string | undefined): string {
  const text = isSecret(value) ? secretText(value) : stableJson(value);
  if (key === undefined || text === undefined) return "secret";
  return `hmac-sha256:${createHmac("sha256", key).update(text).digest("hex").slice(0, 32)}`;
}

function text({ changes }: PlanStep, path: string): string {
  const change = changes[path];
  return change === undefined ? "unchanged" : `${change[0]} → ${change[1]}`;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const byResource = (a: PlanStep, b: PlanStep) => (`${a.urn} ${a.op}` < `${b.urn} ${b.op}` ? -1 : 1);
