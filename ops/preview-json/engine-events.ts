import { isList, isObject, isSecret, type JsonObject, type JsonValue, secretText } from "./json-value.ts";
import type { Diagnostic, Preview, ResourceState, Step } from "./preview.ts";
import { isDefaultProvider, STACK_TYPE } from "./urn.ts";

/** One line of Pulumi's event log, of which only what is used here is typed. */
export interface EngineEvent {
  readonly preludeEvent?: { readonly config?: Record<string, string> };
  readonly resourcePreEvent?: { readonly metadata: Metadata };
  readonly resOutputsEvent?: { readonly metadata: Metadata };
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly prefix?: string;
    readonly message?: string;
    readonly severity?: string;
    readonly ephemeral?: boolean;
  };
  readonly summaryEvent?: {
    readonly maybeCorrupt?: boolean;
    readonly resourceChanges?: Record<string, number>;
    readonly result?: string;
  };
}

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old: JsonObject | null;
  readonly new: JsonObject | null;
  readonly keys?: readonly string[] | null;
  readonly diffs?: readonly string[] | null;
  readonly detailedDiff?: Record<string, { readonly diffKind: string }> | null;
  readonly logical?: boolean;
}

/** The steps that the digest of the same run would show: recorded runs of both forms agree (see the tests). */
export function previewOfEvents(events: Iterable<EngineEvent>): Preview {
  const steps: Step[] = [];
  const diagnostics: Diagnostic[] = [];
  const config: Record<string, string> = {};
  let changeSummary: Record<string, number> = {};
  let maybeCorrupt = false;
  let failed = false;
  for (const { preludeEvent, resourcePreEvent, resOutputsEvent, diagnosticEvent, summaryEvent } of events) {
    if (preludeEvent) Object.assign(config, preludeEvent.config);
    if (resourcePreEvent) began(steps, resourcePreEvent.metadata);
    if (resOutputsEvent) ended(steps, resOutputsEvent.metadata);
    if (diagnosticEvent && diagnosticEvent.severity !== "debug" && !diagnosticEvent.ephemeral) {
      const { urn, prefix = "", message = "", severity = "info" } = diagnosticEvent;
      diagnostics.push({ ...(urn ? { urn } : {}), severity, message: prefix + message });
    }
    if (summaryEvent) {
      changeSummary = summaryEvent.resourceChanges ?? {};
      maybeCorrupt = summaryEvent.maybeCorrupt === true;
      failed = summaryEvent.result === "failed";
    }
  }
  const succeeded = !failed && !diagnostics.some(({ severity }) => severity === "error");
  return { config, steps, diagnostics, changeSummary, maybeCorrupt, succeeded };
}

function began(steps: Step[], meta: Metadata): void {
  // With --run-program a component is refreshed and then registered anew: only the latter counts.
  const last = steps.at(-1);
  if (last?.op === "refresh" && last.urn === meta.urn && meta.new?.["custom"] !== true) steps.pop();
  if (isVisible(meta)) steps.push(stepOf(meta));
}

/** The end of a refresh says what it found. */
function ended(steps: Step[], meta: Metadata): void {
  if (meta.op !== "delete" && !(meta.op === "update" && Object.keys(meta.detailedDiff ?? {}).length > 0)) return;
  const at = steps.findLastIndex(({ urn }) => urn === meta.urn);
  if (steps[at]?.op === "refresh") steps[at] = stepOf(meta);
}

function isVisible(meta: Metadata): boolean {
  if (isDefaultProvider(meta.urn)) return false;
  if (meta.type === STACK_TYPE) return true;
  if (meta.op === "same") return (meta.old?.["protect"] === true) !== (meta.new?.["protect"] === true);
  return meta.logical === true || meta.op === "refresh";
}

function stepOf(meta: Metadata): Step {
  const details = Object.entries(meta.detailedDiff ?? {});
  return {
    op: meta.op,
    urn: meta.urn,
    ...(meta.old ? { oldState: stateOf(meta.old, meta.type) } : {}),
    ...(meta.new ? { newState: stateOf(meta.new, meta.type) } : {}),
    diffReasons: meta.diffs ?? [],
    replaceReasons: meta.keys ?? [],
    detailedDiff: Object.fromEntries(details.map(([path, { diffKind }]) => [path, { kind: diffKind }])),
  };
}

function stateOf(state: JsonObject, type: string): ResourceState {
  const { id, parent, inputs, outputs } = state;
  return {
    type,
    custom: state["custom"] === true,
    ...(typeof id === "string" && id !== "" ? { id } : {}),
    ...(typeof parent === "string" && parent !== "" ? { parent } : {}),
    protect: state["protect"] === true,
    retainOnDelete: state["retainOnDelete"] === true,
    inputs: mapOf(inputs),
    outputs: mapOf(outputs),
    ignoreChanges: [],
  };
}

const mapOf = (value: JsonValue | undefined): JsonObject => (isObject(value) ? mapValues(value) : {});

/** Hidden secrets as the digest shows them. */
function shown(value: JsonValue): JsonValue {
  if (isSecret(value)) return secretText(value) === undefined ? "[secret]" : value;
  if (isList(value)) return value.map(shown);
  return isObject(value) ? mapValues(value) : value;
}

function mapValues(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, shown(value)]));
}
