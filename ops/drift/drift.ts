import { stripVTControlCharacters } from "node:util";
import { isSecret, isUnknown, type JsonObject, type JsonValue } from "../preview-json/json-value.ts";
import type { Preview, ResourceState, Step } from "../preview-json/preview.ts";
import { keysOf, valueAt } from "../preview-json/property-changes.ts";
import { packageOf, STACK_TYPE, urnParts } from "../preview-json/urn.ts";
import { EXIT, Refusal } from "../refusal.ts";
import { noiseIn } from "./provider-noise.ts";

/** What a refresh found, sorted by what it means. */
export interface Drift {
  readonly project: string;
  readonly stack: string;
  /** Resources that were compared with the clouds. */
  readonly compared: number;
  readonly changed: readonly Changed[];
  readonly missing: readonly Found[];
  /** Differences that providers are known to invent. */
  readonly noise: readonly (Changed & { readonly why: string; readonly source: string })[];
  /** Steps of the program that no deployment has made yet: no drift. */
  readonly undeployed: readonly { readonly operation: string; readonly resource: Found }[];
  /** Why nothing may be concluded from the rest. */
  readonly broken: readonly Fault[];
}

export interface Fault {
  /** `failed`: the refresh ended with errors; the text is the engine's. */
  readonly kind: "failed" | "state" | "credentials";
  readonly says: string;
}

export interface Found {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly protect: boolean;
}

export interface Changed {
  readonly resource: Found;
  readonly properties: readonly PropertyChange[];
}

export interface PropertyChange {
  readonly path: string;
  /** As text; undefined: there is none. */
  readonly program: string | undefined;
  readonly cloud: string | undefined;
}

/** Above this share of resources that are gone, the token is the likelier cause. */
const MOST_GONE = 0.3;

/**
 * Reads a refresh that was run with `--preview-only --run-program`.
 * @throws Refusal when it is a preview: that does not look at the clouds, and would seem clean
 */
export function driftOf(refresh: Preview, file: string): Drift {
  refuseOtherDigests(refresh, file);
  const stack = urnParts(refresh.steps.find(({ urn }) => urnParts(urn).type === STACK_TYPE)?.urn ?? "");
  const steps = refresh.steps.filter((step) => isCustom(step));
  const compared = steps.filter(({ op }) => RESULTS.has(op));
  const differences = compared.filter(({ op }) => op === "update").map(changedOf);
  const missing = compared.filter(({ op }) => op === "delete");
  return {
    project: stack.project,
    stack: stack.stack,
    compared: compared.length,
    ...withoutNoise(differences),
    missing: missing.map(foundOf),
    undeployed: steps
      .filter(({ op }) => !RESULTS.has(op) && op !== "same" && op !== "read")
      .map((step) => ({ operation: step.op, resource: foundOf(step) })),
    broken: [...faults(refresh), ...credentialFaults(compared, missing)],
  };
}

/** What a refresh can find; all other steps are the program's. */
const RESULTS = new Set(["refresh", "update", "delete"]);

const isCustom = ({ oldState, newState }: Step) => (oldState ?? newState)?.custom === true;

function refuseOtherDigests({ steps, changeSummary, succeeded }: Preview, file: string): void {
  const refreshed = new Set(steps.filter(({ op }) => op === "refresh").map(({ urn }) => urn));
  const twice = steps.some(({ op, urn }) => op !== "refresh" && op !== "same" && refreshed.has(urn));
  const counted = Object.values(changeSummary).reduce((sum, count) => sum + count, 0);
  const allGone = steps.filter(isCustom).every(({ op }) => op === "delete") && steps.some(isCustom);
  if (!twice && (refreshed.size > 0 || allGone || counted <= 1 || !succeeded)) return;
  throw new Refusal(
    EXIT.failed,
    `${file} is no refresh but ${twice ? "a preview with --refresh" : "a preview"}: it does not say how the clouds differ.\n` +
      "  Make one: pulumi refresh --preview-only --run-program --expect-no-changes --json > refresh.json",
  );
}

function foundOf(step: Step): Found {
  const { type, name } = urnParts(step.urn);
  const state = step.oldState ?? step.newState;
  return { type, name, id: state?.id ?? "", protect: state?.protect === true };
}

function changedOf(step: Step): Changed {
  const details = Object.keys(step.detailedDiff);
  const paths = details.length > 0 ? details : step.diffReasons;
  const properties = paths.map((path): PropertyChange => {
    const { kind = "update" } = step.detailedDiff[path] ?? {};
    return {
      path,
      program: kind.startsWith("add") ? undefined : said(step.oldState, path),
      cloud: kind.startsWith("delete") ? undefined : said(step.newState, path, keysOf(path).some(isIndex)),
    };
  });
  return { resource: foundOf(step), properties };
}

const isIndex = (key: string | number) => typeof key === "number";

/**
 * What a state says of a property: as an input, or else, where the provider computes it, as an output. An element of a set
 * that the cloud has is found by its place among the outputs: the inputs have another order, and nothing that was added by
 * hand (pulumi-terraform-bridge, makeSetDiff and extractInputs, 2026-08).
 */
function said(state: ResourceState | undefined, path: string, outputFirst = false): string | undefined {
  if (!state) return undefined;
  const [input, output] = [valueAt(state.inputs, keysOf(path)), valueAt(state.outputs, keysOf(path))];
  const value = outputFirst ? (output ?? input) : (input ?? output);
  return value === undefined || value === null ? undefined : shown(value);
}

function shown(value: JsonValue): string {
  if (isSecret(value)) return "(secret)";
  if (isUnknown(value)) return "(not known yet)";
  return typeof value === "string" ? value : JSON.stringify(withoutMarks(value));
}

/** Without secrets at any depth, and without the notes that providers keep for themselves. */
function withoutMarks(value: JsonValue): JsonValue {
  if (isSecret(value)) return "(secret)";
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as JsonObject).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutMarks(inner)]));
}

function withoutNoise(differences: readonly Changed[]): Pick<Drift, "changed" | "noise"> {
  const changed: Changed[] = [];
  const noise: Drift["noise"][number][] = [];
  for (const { resource, properties } of differences) {
    const real = properties.filter((property) => !noiseIn(resource.type, property));
    if (real.length > 0 || properties.length === 0) changed.push({ resource, properties: real });
    for (const property of properties) {
      const known = noiseIn(resource.type, property);
      if (known) noise.push({ resource, properties: [property], why: known.why, source: known.source });
    }
  }
  return { changed, noise };
}

function faults({ diagnostics, maybeCorrupt, succeeded }: Preview): Fault[] {
  const errors = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ urn, message }) => {
      const text = beginning(message);
      return urn ? `${urnParts(urn).name}: ${text}` : text;
    });
  if (errors.length === 0 && !succeeded) errors.push("the refresh failed and does not say why");
  return [
    ...[...new Set(errors)].map((says): Fault => ({ kind: "failed", says })),
    ...(maybeCorrupt ? [{ kind: "state", says: "The engine says that the state may be damaged." } as const] : []),
  ];
}

/** What failed and why stand in the first lines; the rest is a stack trace. */
const beginning = (message: string) =>
  stripVTControlCharacters(message)
    .replace(/^error: /, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(0, 3)
    .join(" ");

/** A token that sees nothing, or another project, makes each read answer “not found” (pulumi-github#255, 2022). */
function credentialFaults(compared: readonly Step[], missing: readonly Step[]): Fault[] {
  const cloud = ({ urn }: Step) => packageOf(urnParts(urn).type).replace(/[^\w-]/g, "");
  const fault = (gone: string, question: string): Fault => ({
    kind: "credentials",
    says: `${gone} seem to be gone. Credentials? ${question}`,
  });
  const whose = "Are the tokens those of this stack's accounts?";
  if (missing.length > 0 && missing.length === compared.length)
    return [fault(`All ${missing.length} resources`, whose)];
  if (missing.length >= FEW && missing.length / compared.length > MOST_GONE)
    return [fault(`${missing.length} of ${compared.length} resources (more than ${MOST_GONE * 100} %)`, whose)];
  const [here, gone] = [Map.groupBy(compared, cloud), Map.groupBy(missing, cloud)];
  return [...gone]
    .filter(([name, all]) => all.length >= FEW && all.length === here.get(name)?.length)
    .map(([name, all]) => fault(`All ${all.length} resources of ${name}`, "Is its token the right one?"));
}

/** One or two that are gone were deleted, in however small a stack. */
const FEW = 3;
