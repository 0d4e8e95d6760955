import { isList, isObject, isUnknown, type JsonObject, type JsonValue } from "../../preview-json/json-value.ts";
import type { Step } from "../../preview-json/preview.ts";
import { STACK_TYPE, urnParts } from "../../preview-json/urn.ts";
import type { Finding } from "../finding.ts";
import { joined, type Markdown, md } from "../markdown.ts";
import { resourceName } from "../resource-name.ts";
import { type CidrBlock, cidrBlock, holds } from "./cidr-block.ts";

/** What a firewall lets in from outside: protocol and ports, and from where. */
interface Opening {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly source: string;
}

/**
 * Ports that become reachable for everyone or from networks that could not reach them before, and hosts that a firewall
 * no longer covers. At the creation of a whole stack every port is new: that is a note, and so are pings.
 */
export function firewallFindings(steps: readonly Step[]): Finding[] {
  const fromZero = steps.some(({ op, urn }) => op === "create" && urnParts(urn).type === STACK_TYPE);
  return steps.flatMap((step) => {
    const type = (step.newState ?? step.oldState)?.type;
    if (type === "hcloud:index/server:Server") return uncovered(step, "firewallIds");
    if (!type?.endsWith("/firewall:Firewall")) return [];
    return [...opened(step, fromZero), ...(type.startsWith("digitalocean") ? uncovered(step, "dropletIds") : [])];
  });
}

function opened(step: Step, fromZero: boolean): Finding[] {
  if (step.newState === undefined) return [];
  const isNew = step.oldState === undefined;
  const before = openings(step.oldState?.inputs);
  const wider = openings(step.newState.inputs)
    .filter((opening) => !before.some((old) => covers(old, opening)))
    // Answering pings exposes nothing, and that some networks reach a new host is what was asked for.
    .filter(({ protocol, source }) => !isNew || (protocol !== "icmp" && isEveryone(source)));
  const perPort = Map.groupBy(wider, ({ protocol, from, to }) => `${protocol} ${from}-${to}`);
  const ports = [...perPort.values()].flatMap((group) =>
    group[0] === undefined ? [] : [{ port: portText(group[0]), isHarmless: isHarmless(group), to: whom(group) }],
  );
  const perWhom = Map.groupBy(ports, ({ isHarmless, to }) => `${isHarmless} ${to.markdown}`);
  return [...perWhom.values()].flatMap((group): Finding[] => {
    const [first] = group;
    if (first === undefined) return [];
    const list = joined(
      group.map(({ port }) => port),
      ", ",
    );
    return [
      {
        level: first.isHarmless || (isNew && fromZero) ? "note" : "risk",
        topic: "exposure",
        text: md`${resourceName(step)} opens ${list} to ${first.to}${isNew || first.isHarmless ? md`` : md`, who could not reach it before`}`,
      },
    ];
  });
}

/** Pings, and addresses that do not exist yet: those are of hosts that this very plan makes. */
function isHarmless(openings: readonly Opening[]): boolean {
  return openings.every(({ protocol, source }) => protocol === "icmp" || isUnknown(source));
}

function whom(openings: readonly Opening[]): Markdown {
  if (openings.some(({ source }) => isEveryone(source))) return md`**everyone**`;
  const sources = [...new Set(openings.map(({ source }) => source))];
  const shown = sources.slice(0, 5).map(shownSource);
  return md`${joined(shown, ", ")}${sources.length > 5 ? md` and ${sources.length - 5} more` : md``}`;
}

/** A host that loses a firewall while it stays. */
function uncovered(step: Step, property: "firewallIds" | "dropletIds"): Finding[] {
  if (step.oldState === undefined || step.newState === undefined) return [];
  const before = listOf(step.oldState.inputs[property]).length;
  const after = listOf(step.newState.inputs[property]).length;
  if (after >= before) return [];
  const text =
    property === "firewallIds"
      ? md`${resourceName(step)} has ${after} firewalls instead of ${before}`
      : md`${resourceName(step)} covers ${after} droplets instead of ${before}`;
  return [{ level: "risk", topic: "exposure", text }];
}

function openings(inputs: JsonObject | undefined): Opening[] {
  const hetzner = listOf(inputs?.["rules"]).filter((rule) => rule["direction"] !== "out");
  const digitalOcean = listOf(inputs?.["inboundRules"]);
  return [
    ...hetzner.flatMap((rule) => openingsOf(rule, rule["port"], rule["sourceIps"])),
    ...digitalOcean.flatMap((rule) => openingsOf(rule, rule["portRange"], rule["sourceAddresses"])),
  ];
}

function openingsOf(rule: JsonObject, port: JsonValue | undefined, sources: JsonValue | undefined): Opening[] {
  const protocol = typeof rule["protocol"] === "string" ? rule["protocol"] : "any";
  const [from, to] = portsOf(port);
  const texts = isList(sources) ? sources : sources === undefined ? [] : [sources];
  return texts.map((source) => ({ protocol, from, to, source: typeof source === "string" ? source : String(source) }));
}

/** `22`, `80-85`; `any`, `all`, `0` and nothing are all ports. */
function portsOf(port: JsonValue | undefined): readonly [number, number] {
  const [first, last = first] = String(port ?? "any")
    .split("-")
    .map(Number);
  if (first === undefined || !Number.isInteger(first) || first === 0) return [1, 65_535];
  return [first, last ?? first];
}

function covers(old: Opening, opening: Opening): boolean {
  if (old.protocol !== opening.protocol || old.from > opening.from || old.to < opening.to) return false;
  if (old.source === opening.source) return true;
  const [outer, inner] = [cidrBlock(old.source), cidrBlock(opening.source)];
  return outer !== undefined && inner !== undefined && holds(outer, inner);
}

/** The whole internet, or half of it: a /1 is no smaller risk than a /0. */
function isEveryone(source: string): boolean {
  const block: CidrBlock | undefined = cidrBlock(source);
  return block !== undefined && block.length <= (block.family === "ipv4" ? 3 : 8);
}

function shownSource(source: string) {
  return isUnknown(source) ? md`an address known after the deployment` : md`${source}`;
}

function portText({ protocol, from, to }: Opening) {
  if (protocol === "icmp") return md`ping`;
  const of = protocol === "tcp" || protocol === "udp" ? { markdown: protocol } : md`${protocol}`;
  if (from === 1 && to === 65_535) return md`**all ports** (${of})`;
  return from === to ? md`port ${from}/${of}` : md`ports ${from}–${to}/${of}`;
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return isList(value) ? value.map((item) => (isObject(item) ? item : {})) : [];
}
