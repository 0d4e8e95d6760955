import type { Diagnostic, EngineEvent, EventPayload, JsonValue, StepMetadata, StepState } from "../engine/events.ts";
import { isDefaultProvider, isSecret, STACK_TYPE } from "./special-values.ts";

/**
 * What `pulumi preview --json` and `pulumi refresh --preview-only --json` print (CLI 3.260.0). Tools that read that read
 * this. Left out is what the event log does not say: creation times, source positions, dependencies.
 */
export interface PreviewDigest {
  config: Record<string, string>;
  steps: DigestStep[];
  diagnostics: { urn?: string; message: string; severity: string }[];
  /** Nanoseconds. */
  duration: number;
  changeSummary: Record<string, number>;
  maybeCorrupt?: true;
}

export interface DigestStep {
  op: string;
  urn: string;
  provider?: string;
  oldState?: DigestState;
  newState?: DigestState;
  diffReasons?: string[];
  replaceReasons?: string[];
  detailedDiff: Record<string, { kind: string; inputDiff: boolean }> | null;
}

export interface DigestState {
  urn: string;
  custom: boolean;
  delete?: true;
  id?: string;
  type: string;
  inputs?: Record<string, JsonValue>;
  outputs?: Record<string, JsonValue>;
  parent?: string;
  protect?: true;
  retainOnDelete?: true;
  initErrors?: string[];
  provider?: string;
}

/** `duration` in seconds; without it the engine's own, which has whole seconds only. */
export function previewDigest(events: Iterable<EventPayload | EngineEvent>, duration?: number): PreviewDigest {
  const digest: PreviewDigest = { config: {}, steps: [], diagnostics: [], duration: 0, changeSummary: {} };
  for (const event of events) {
    if ("preludeEvent" in event) Object.assign(digest.config, event.preludeEvent.config);
    else if ("diagnosticEvent" in event) {
      if (isShown(event.diagnosticEvent)) digest.diagnostics.push(diagnostic(event.diagnosticEvent));
    } else if ("resourcePreEvent" in event) {
      const { metadata } = event.resourcePreEvent;
      if (supersedesRefresh(digest.steps, metadata)) digest.steps.pop();
      if (isVisible(metadata)) digest.steps.push(step(metadata));
    } else if ("resOutputsEvent" in event) {
      becomeResult(digest.steps, event.resOutputsEvent.metadata);
    } else if ("summaryEvent" in event) {
      const { durationSeconds, resourceChanges, maybeCorrupt } = event.summaryEvent;
      digest.duration = Math.round((duration ?? durationSeconds) * 1e9);
      digest.changeSummary = resourceChanges ?? {};
      if (maybeCorrupt) digest.maybeCorrupt = true;
    }
  }
  return digest;
}

/** As the CLI prints it: indented by four, keys of the digest in their fixed order. */
export function digestText(digest: PreviewDigest): string {
  return `${JSON.stringify(digest, undefined, 4)}\n`;
}

/**
 * Shown are the stack, all steps that are not `same`, and a `same` step whose protection changes; of a replacement only
 * the `replace` (recorded with the CLI: scenarios 03, 10 and 53 of the conformance suite).
 */
function isVisible(meta: StepMetadata): boolean {
  if (isDefaultProvider(meta.urn)) return false;
  if (meta.type === STACK_TYPE) return true;
  if (meta.op === "same") return meta.old?.protect !== meta.new?.protect;
  return meta.logical === true || meta.op === "refresh";
}

/** With `--run-program` a component is refreshed and then registered anew: only the latter shows (scenarios 39, 59). */
function supersedesRefresh(steps: DigestStep[], meta: StepMetadata): boolean {
  const last = steps.at(-1);
  return last?.op === "refresh" && last.urn === meta.urn && meta.new?.custom !== true;
}

/**
 * The end of a refresh says what it found: the step gets that as its operation. A clean one stays `refresh`, and so does
 * an update of which the provider reports no details (scenario 38).
 */
function becomeResult(steps: DigestStep[], meta: StepMetadata): void {
  if (meta.op !== "delete" && !(meta.op === "update" && Object.keys(meta.detailedDiff ?? {}).length > 0)) return;
  const at = steps.findLastIndex((candidate) => candidate.urn === meta.urn);
  if (at >= 0 && steps[at]?.op === "refresh") steps[at] = step(meta);
}

function step(meta: StepMetadata): DigestStep {
  return {
    op: meta.op,
    urn: meta.urn,
    ...(meta.provider ? { provider: meta.provider } : {}),
    ...(meta.old ? { oldState: state(meta.old) } : {}),
    ...(meta.new ? { newState: state(meta.new) } : {}),
    ...(meta.diffs?.length ? { diffReasons: meta.diffs } : {}),
    ...(meta.keys?.length ? { replaceReasons: meta.keys } : {}),
    detailedDiff:
      meta.detailedDiff && sorted(meta.detailedDiff, ({ diffKind, inputDiff }) => ({ kind: diffKind, inputDiff })),
  };
}

function state(from: StepState): DigestState {
  const { urn, custom = false, type, id, parent, inputs, outputs, provider } = from;
  return {
    urn,
    custom,
    ...(from.delete ? { delete: true } : {}),
    ...(id ? { id } : {}),
    type,
    ...(hasKeys(inputs) ? { inputs: sorted(inputs, withoutSecrets) } : {}),
    ...(hasKeys(outputs) ? { outputs: sorted(outputs, withoutSecrets) } : {}),
    ...(parent ? { parent } : {}),
    ...(from.protect ? { protect: true } : {}),
    ...(from.initErrors?.length ? { initErrors: from.initErrors } : {}),
    ...(provider ? { provider } : {}),
    ...(from.retainOnDelete ? { retainOnDelete: true } : {}),
  };
}

function hasKeys(values: Record<string, JsonValue> | null): values is Record<string, JsonValue> {
  return values !== null && Object.keys(values).length > 0;
}

function withoutSecrets(value: JsonValue): JsonValue {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(withoutSecrets);
  return typeof value === "object" && value !== null ? sorted(value, withoutSecrets) : value;
}

/** Keys sorted by code point, as Go's JSON encoder writes maps. */
function sorted<From, To>(map: Record<string, From>, convert: (value: From) => To): Record<string, To> {
  const keys = Object.keys(map).sort((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, convert(map[key] as From)]));
}

function isShown(said: Diagnostic): boolean {
  return said.severity !== "debug" && !said.ephemeral;
}

function diagnostic(said: Diagnostic): PreviewDigest["diagnostics"][number] {
  return {
    ...(said.urn ? { urn: said.urn } : {}),
    message: `${said.prefix ?? ""}${said.message}`,
    severity: said.severity,
  };
}
