import { DROPLET_SIZES } from "../../../model/catalogue/digitalocean.ts";
import { HETZNER_SERVER_TYPES } from "../../../model/catalogue/hetzner.ts";
import type { Step } from "../../preview-json/preview.ts";
import type { Finding } from "../finding.ts";
import { type Markdown, md } from "../markdown.ts";
import { resourceName } from "../resource-name.ts";
import { shownValue } from "../value-text.ts";

interface Size {
  readonly cpu?: string;
  /** GB */
  readonly disk: number;
}

/** By resource type: the input that names the size, the output with the size of the disk, what there is to order. */
const RESIZED: Readonly<
  Record<string, { input: string; disk: string; sizes: Readonly<Record<string, Size | undefined>> }>
> = {
  "hcloud:index/server:Server": { input: "serverType", disk: "primaryDiskSize", sizes: HETZNER_SERVER_TYPES },
  "digitalocean:index/droplet:Droplet": { input: "size", disk: "disk", sizes: DROPLET_SIZES },
};

/** Hosts that a plan stops for another size, and sizes that the cloud will refuse. */
export function resizeFindings(steps: readonly Step[]): Finding[] {
  return steps.flatMap((step): Finding[] => {
    const { op, oldState, newState } = step;
    const kind = RESIZED[newState?.type ?? ""];
    if (op !== "update" || !kind || !oldState || !newState) return [];
    const [before, after] = [oldState.inputs[kind.input], newState.inputs[kind.input]];
    if (typeof before !== "string" || typeof after !== "string" || before === after) return [];
    const change = md`${resourceName(step)} goes from ${shownValue(before)} to ${shownValue(after)}`;
    const refusal = refused(kind.sizes[before], kind.sizes[after], oldState.outputs[kind.disk]);
    return refusal
      ? [{ level: "risk", topic: "impossible", text: md`${change}, which the cloud refuses: ${refusal}` }]
      : [{ level: "risk", topic: "stops", text: md`${change}: it is powered off for some minutes` }];
  });
}

/** Of the disk that it has: the first one is kept, so that a later step down stays possible. */
function refused(before: Size | undefined, after: Size | undefined, disk: unknown): Markdown | undefined {
  if (after === undefined) return undefined;
  if (before !== undefined && before.cpu !== after.cpu)
    return md`a system for ${before.cpu ?? ""} does not run on ${after.cpu ?? ""}`;
  if (typeof disk === "number" && disk > after.disk)
    return md`its disk has ${`${disk} GB`}, the new size ${`${after.disk} GB`}, and a disk never shrinks (a new host beside it can be smaller)`;
  return undefined;
}
