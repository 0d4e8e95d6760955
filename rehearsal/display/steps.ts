import type { EventPayload, PropertyDiff, StepMetadata, Summary } from "../engine/events.ts";
import { isDefaultProvider, STACK_TYPE } from "./special-values.ts";

/** What happens to one resource: the parts of a replacement are one step, a refresh has its result as operation. */
export interface Step {
  op: string;
  urn: string;
  /** The last part of the type in the URN, e.g. `hcloud:index/server:Server`. */
  type: string;
  name: string;
  /** URN; undefined for the stack. */
  parent: string | undefined;
  /** A resource of a provider, not a component. */
  custom: boolean;
  protect: boolean;
  /** The operation is what a refresh found in the cloud, not what the program asks for. */
  refreshed: boolean;
  state: "planned" | "done" | "failed";
  diffs: string[];
  replaceReasons: string[];
  detailedDiff: Record<string, PropertyDiff> | undefined;
  oldInputs: Record<string, unknown> | undefined;
  newInputs: Record<string, unknown> | undefined;
  oldOutputs: Record<string, unknown> | undefined;
  newOutputs: Record<string, unknown> | undefined;
}

/** Gathers the events of a run as they come. */
export class StepList {
  readonly steps: Step[] = [];
  readonly diagnostics: { severity: string; urn: string | undefined; message: string }[] = [];
  summary: Summary | undefined;
  readonly #byUrn = new Map<string, Step>();
  #stackOutputs: Record<string, unknown> | undefined;
  #oldStackOutputs: Record<string, unknown> | undefined;

  add(event: EventPayload): void {
    if ("resourcePreEvent" in event) this.#start(event.resourcePreEvent.metadata);
    else if ("resOutputsEvent" in event) this.#end(event.resOutputsEvent.metadata);
    else if ("resOpFailedEvent" in event) this.#fail(event.resOpFailedEvent.metadata);
    else if ("summaryEvent" in event) this.summary = event.summaryEvent;
    else if ("diagnosticEvent" in event) {
      const { severity, urn, message, ephemeral } = event.diagnosticEvent;
      if (severity !== "debug" && !ephemeral) this.diagnostics.push({ severity, urn, message });
    }
  }

  /** Outputs of the stack as the run leaves (or would leave) them; undefined while the program has not said. */
  get stackOutputs(): Record<string, unknown> | undefined {
    return this.#stackOutputs;
  }

  /** Outputs of the stack before the run. */
  get oldStackOutputs(): Record<string, unknown> | undefined {
    return this.#oldStackOutputs;
  }

  /** Steps that change something; the stack itself never counts. */
  changes(): Step[] {
    return this.steps.filter((step) => step.type !== STACK_TYPE && !QUIET.has(step.op));
  }

  #start(meta: StepMetadata): void {
    if (isDefaultProvider(meta.urn)) return;
    const known = this.#byUrn.get(meta.urn);
    if (known && isPartOfReplacement(known, meta)) {
      // `replace` carries old, new and the reasons; its parts come before and after it.
      if (meta.op === "replace") Object.assign(known, { ...stepOf(meta), state: known.state });
      return;
    }
    // What a refresh found gone and the program then makes again or leaves alone keeps what the refresh found.
    if (known?.refreshed && meta.op === "same") return;
    const step = stepOf(meta);
    this.steps.push(step);
    this.#byUrn.set(meta.urn, step);
    if (meta.type === STACK_TYPE) this.#oldStackOutputs = meta.old?.outputs ?? undefined;
  }

  #end(meta: StepMetadata): void {
    const step = this.#byUrn.get(meta.urn);
    if (meta.type === STACK_TYPE) this.#stackOutputs = meta.new?.outputs ?? this.#stackOutputs;
    if (!step) return;
    if (step.state === "planned") step.state = "done";
    if (step.op === "refresh" && meta.op !== "refresh")
      Object.assign(step, { ...stepOf(meta), refreshed: true, state: "done" });
    if (meta.new?.outputs) step.newOutputs = meta.new.outputs;
  }

  #fail(meta: StepMetadata): void {
    const step = this.#byUrn.get(meta.urn);
    if (step) step.state = "failed";
  }
}

/** Operations that change nothing. A refresh ends as same, update or delete; one that stays `refresh` found nothing. */
const QUIET = new Set(["same", "refresh", "read", "discard", "discard-replaced", "read-discard"]);
const PARTS = new Set([
  "create-replacement",
  "delete-replaced",
  "replace",
  "import-replacement",
  "read-replacement",
  "discard-replaced",
  "remove-pending-replace",
]);

function isPartOfReplacement(known: Step, meta: StepMetadata): boolean {
  return PARTS.has(meta.op) && (known.op === "replace" || PARTS.has(known.op)) && !known.refreshed;
}

function stepOf(meta: StepMetadata): Step {
  const state = meta.new ?? meta.old;
  const [, , types = meta.type, ...name] = meta.urn.split("::");
  return {
    op: meta.op,
    urn: meta.urn,
    type: types.split("$").at(-1) ?? meta.type,
    name: name.join("::"),
    parent: state?.parent || undefined,
    custom: state?.custom ?? false,
    protect: (meta.new?.protect ?? meta.old?.protect) === true,
    refreshed: false,
    state: "planned",
    diffs: meta.diffs ?? [],
    replaceReasons: meta.keys ?? [],
    detailedDiff: meta.detailedDiff && Object.keys(meta.detailedDiff).length > 0 ? meta.detailedDiff : undefined,
    oldInputs: meta.old?.inputs ?? undefined,
    newInputs: meta.new?.inputs ?? undefined,
    oldOutputs: meta.old?.outputs ?? undefined,
    newOutputs: meta.new?.outputs ?? undefined,
  };
}
