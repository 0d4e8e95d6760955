import type { EventPayload, JsonValue, StepMetadata, StepOp } from "../../../rehearsal/engine/events.ts";

const STACK = "urn:pulumi:prod::small::pulumi:pulumi:Stack::small-prod";

interface Made {
  op?: StepOp;
  type?: string;
  /** Name of a component under which the resource is. */
  under?: string;
  protect?: true;
  before?: Record<string, JsonValue>;
  after?: Record<string, JsonValue>;
  keys?: string[];
  detailedDiff?: StepMetadata["detailedDiff"];
}

export const stackUrn = STACK;

/** The two events of one step, as an engine reports them. */
export function step(name: string, made: Made = {}): EventPayload[] {
  const {
    op = "create",
    type = "hcloud:index/server:Server",
    under,
    before = {},
    after = {},
    keys,
    detailedDiff = null,
  } = made;
  const urn = `urn:pulumi:prod::small::${under ? `small:hosts:Host$${type}` : type}::${name}`;
  const parent = under ? `urn:pulumi:prod::small::small:hosts:Host::${under}` : STACK;
  const state = (inputs: Record<string, JsonValue>) => ({
    type,
    urn,
    custom: true as const,
    id: "",
    parent,
    inputs,
    outputs: {},
    provider: "",
    ...(made.protect ? { protect: true as const } : {}),
  });
  const metadata: StepMetadata = {
    op,
    urn,
    type,
    old: op === "create" ? null : state(before),
    new: op === "delete" ? null : state(after),
    detailedDiff,
    logical: true,
    provider: "",
    ...(keys ? { keys } : {}),
  };
  return [{ resourcePreEvent: { metadata } }, { resOutputsEvent: { metadata } }];
}

/** A component and the stack, which frame the steps of resources. */
export function component(name: string, op: StepOp = "create"): EventPayload[] {
  const [type, urn] = ["small:hosts:Host", `urn:pulumi:prod::small::small:hosts:Host::${name}`];
  const state = { type, urn, id: "", parent: STACK, inputs: {}, outputs: {}, provider: "" };
  return [
    {
      resourcePreEvent: {
        metadata: {
          op,
          urn,
          type,
          old: op === "create" ? null : state,
          new: state,
          detailedDiff: null,
          logical: true,
          provider: "",
        },
      },
    },
  ];
}

/** The end of the stack resource, which carries the program's outputs. */
export function stackOutputs(outputs: Record<string, JsonValue>): EventPayload[] {
  const type = "pulumi:pulumi:Stack";
  const state = { type, urn: STACK, id: "", parent: "", inputs: {}, outputs, provider: "" };
  const metadata: StepMetadata = {
    op: "create",
    urn: STACK,
    type,
    old: null,
    new: state,
    detailedDiff: null,
    logical: true,
    provider: "",
  };
  return [{ resourcePreEvent: { metadata } }, { resOutputsEvent: { metadata } }];
}

export function summary(
  resourceChanges: Partial<Record<StepOp, number>>,
  result: "succeeded" | "failed" = "succeeded",
): EventPayload {
  return {
    summaryEvent: {
      maybeCorrupt: false,
      durationSeconds: 1,
      resourceChanges,
      PolicyPacks: {},
      isPreview: true,
      result,
    },
  };
}

export function diagnostic(severity: "error" | "warning", message: string): EventPayload {
  return { diagnosticEvent: { prefix: `${severity}: `, message, color: "never", severity } };
}
