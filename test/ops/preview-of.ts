import type { JsonObject } from "../../ops/preview-json/json-value.ts";
import type { Preview, ResourceState, Step } from "../../ops/preview-json/preview.ts";

export interface StepOf {
  readonly op?: string;
  readonly type: string;
  readonly name?: string;
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  readonly protect?: readonly [before: boolean, after: boolean];
  readonly outputs?: JsonObject;
  readonly replaceReasons?: readonly string[];
}

/** A step as the engine would plan it for these inputs; `op` is found from what is there. */
export function stepOf({ op, type, name = "it", before, after, protect = [false, false], ...rest }: StepOf): Step {
  const state = (inputs: JsonObject, guarded: boolean): ResourceState => ({
    type,
    custom: !type.startsWith("foss-infra:") && type !== "pulumi:pulumi:Stack",
    protect: guarded,
    retainOnDelete: false,
    inputs,
    outputs: rest.outputs ?? {},
    ignoreChanges: [],
  });
  return {
    op: op ?? (before === undefined ? "create" : after === undefined ? "delete" : "update"),
    urn: `urn:pulumi:prod::example::${type}::${name}`,
    ...(before && { oldState: state(before, protect[0]) }),
    ...(after && { newState: state(after, protect[1]) }),
    diffReasons: [],
    replaceReasons: rest.replaceReasons ?? [],
    detailedDiff: {},
  };
}

export function previewOf(steps: readonly StepOf[], diagnostics: Preview["diagnostics"] = []): Preview {
  const made = steps.map(stepOf);
  const counts = Map.groupBy(made, ({ op }) => op);
  return {
    config: {},
    steps: made,
    diagnostics,
    changeSummary: Object.fromEntries([...counts].map(([op, own]) => [op, own.length])),
    maybeCorrupt: false,
    succeeded: !diagnostics.some(({ severity }) => severity === "error"),
  };
}

export const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
export const HETZNER_FIREWALL = "hcloud:index/firewall:Firewall";
export const DROPLET_FIREWALL = "digitalocean:index/firewall:Firewall";
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
