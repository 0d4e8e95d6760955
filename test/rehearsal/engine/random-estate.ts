/** Estates on the simulated Hetzner Cloud, and edits that lead from one valid estate to another. */
import fc from "fast-check";
import type { Value } from "../../../rehearsal/provider.ts";
import { Unknown } from "../../../rehearsal/provider.ts";
import type { Registration } from "./scripted-program.ts";

export type Kind = "Network" | "NetworkSubnet" | "Firewall" | "Server" | "Volume" | "VolumeAttachment" | "SshKey";

export interface Planned {
  readonly kind: Kind;
  /** Numbers are never used twice, so that nothing of an earlier resource is in the way of a later one. */
  readonly number: number;
  /** Earlier names first; the last one is the name now. */
  readonly names: readonly string[];
  readonly label: number;
  /** Part of a property that replaces the resource when it changes. */
  readonly variant: number;
  /** By kind, the number of the resource that it refers to. */
  readonly refs: Partial<Record<Kind, number>>;
  readonly grouped: boolean;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoresLabels: boolean;
}

export interface Estate {
  readonly next: number;
  readonly location: number;
  readonly resources: readonly Planned[];
  /** Volumes that were attached once: new attachments are made before old ones are deleted, which the cloud refuses. */
  readonly attached: readonly number[];
}

export type Edit =
  | { edit: "add"; kind: Kind; at: number; grouped: boolean; deleteFirst: boolean }
  | { edit: "remove" | "relabel" | "vary" | "rename" | "point elsewhere"; at: number }
  | { edit: "protect" | "retain" | "delete first" | "ignore labels"; at: number }
  | { edit: "move" };

export const EMPTY: Estate = { next: 1, location: 0, resources: [], attached: [] };

const REFERS: Readonly<Record<Kind, readonly Kind[]>> = {
  Network: [],
  NetworkSubnet: ["Network"],
  Firewall: [],
  Server: ["Firewall"],
  Volume: [],
  VolumeAttachment: ["Volume", "Server"],
  SshKey: [],
};
const KINDS = Object.keys(REFERS) as Kind[];
const LOCATIONS = ["fsn1", "nbg1", "hel1"];
/**
 * What others are `deletedWith`. Protected, it would make Pulumi (3.260) forget them: when both are removed from the
 * program, it drops them without a call, and then refuses to delete the container.
 */
const CONTAINERS: readonly Kind[] = ["Network", "Server"];
/** What nothing else holds on to, so that it can be left behind. */
const RETAINABLE: readonly Kind[] = ["Network", "Volume", "SshKey"];

const at = fc.nat(7);

export function arbitraryAddition(): fc.Arbitrary<Edit> {
  return fc.record({
    edit: fc.constant("add" as const),
    kind: fc.constantFrom(...KINDS),
    at,
    grouped: fc.boolean(),
    deleteFirst: fc.boolean(),
  });
}

export function arbitraryEdit(): fc.Arbitrary<Edit> {
  return fc.oneof(
    { weight: 3, arbitrary: arbitraryAddition() },
    {
      weight: 6,
      arbitrary: fc.record({
        edit: fc.constantFrom("remove", "relabel", "vary", "rename", "point elsewhere"),
        at,
      }) as fc.Arbitrary<Edit>,
    },
    {
      weight: 2,
      arbitrary: fc.record({
        edit: fc.constantFrom("protect", "retain", "delete first", "ignore labels"),
        at,
      }) as fc.Arbitrary<Edit>,
    },
    { weight: 1, arbitrary: fc.constant<Edit>({ edit: "move" }) },
  );
}

/** An edit that would not give a valid estate changes nothing. */
export function edited(estate: Estate, edit: Edit): Estate {
  if (edit.edit === "move") return { ...estate, location: (estate.location + 1) % LOCATIONS.length };
  if (edit.edit === "add") return added(estate, edit);
  const one = estate.resources[edit.at % Math.max(1, estate.resources.length)];
  if (!one) return estate;
  const what = edit.edit;
  if (what === "remove") return removed(estate, one.number);
  const resources = estate.resources.map((each) => (each === one ? changed(estate, one, what) : each));
  return { ...estate, next: estate.next + 1, resources };
}

export function nameOf({ names }: Planned): string {
  return names.at(-1) ?? "";
}

/** The program that registers the estate. */
export function programOf(estate: Estate, stackUrn: string): Registration[] {
  const group: Registration = { type: "test:index:Group", name: "group", component: true, inputs: () => ({}) };
  return [group, ...estate.resources.map((one) => registration(one, estate, stackUrn))];
}

/** Numbers are ids in the inputs of hcloud. */
function number(id: Value): Value {
  return id instanceof Unknown ? id : Number(id);
}

/** With what it refers to, where the estate has nothing of that kind yet. */
function added(given: Estate, edit: Extract<Edit, { edit: "add" }>): Estate {
  const { kind, at, grouped, deleteFirst } = edit;
  const refs: Planned["refs"] = {};
  let estate = given;
  for (const needed of REFERS[kind]) {
    const candidates = () =>
      estate.resources.filter((each) => {
        const taken = kind === "VolumeAttachment" && estate.attached.includes(each.number);
        return each.kind === needed && !taken;
      });
    if (candidates().length === 0) estate = added(estate, { ...edit, kind: needed });
    const target = candidates()[at % candidates().length];
    if (target) refs[needed] = target.number;
  }
  const one: Planned = {
    kind,
    number: estate.next,
    names: [`${kind.toLowerCase()}-${estate.next}`],
    label: 0,
    variant: 0,
    refs,
    grouped,
    protect: false,
    retainOnDelete: false,
    // A volume is at one server at a time.
    deleteBeforeReplace: deleteFirst || kind === "VolumeAttachment",
    ignoresLabels: false,
  };
  const attached = kind === "VolumeAttachment" ? [...estate.attached, refs.Volume ?? 0] : estate.attached;
  return { ...estate, next: estate.next + 1, resources: [...estate.resources, one], attached };
}

function removed(estate: Estate, number: number): Estate {
  const gone = new Set([number]);
  for (const { number: each, refs } of estate.resources)
    if (Object.values(refs).some((ref) => gone.has(ref))) gone.add(each);
  return { ...estate, resources: estate.resources.filter((each) => !gone.has(each.number)) };
}

function changed(estate: Estate, one: Planned, edit: Exclude<Edit["edit"], "add" | "remove" | "move">): Planned {
  switch (edit) {
    case "relabel":
      return { ...one, label: one.label + 1 };
    case "vary":
      return { ...one, variant: one.variant + 1 };
    case "rename":
      return { ...one, names: [...one.names, `${one.kind.toLowerCase()}-${estate.next}`] };
    case "point elsewhere": {
      const kind = one.kind === "VolumeAttachment" ? "Server" : REFERS[one.kind][0];
      const others = estate.resources.filter((each) => each.kind === kind && each.number < one.number);
      const now = others.findIndex((each) => kind && each.number === one.refs[kind]);
      const target = others[(now + 1) % Math.max(1, others.length)];
      return kind && target ? { ...one, refs: { ...one.refs, [kind]: target.number } } : one;
    }
    case "protect":
      return { ...one, protect: !CONTAINERS.includes(one.kind) && !one.protect };
    case "retain":
      return { ...one, retainOnDelete: RETAINABLE.includes(one.kind) && !one.retainOnDelete };
    case "delete first":
      return { ...one, deleteBeforeReplace: one.kind === "VolumeAttachment" || !one.deleteBeforeReplace };
    case "ignore labels":
      return { ...one, ignoresLabels: !one.ignoresLabels };
    default:
      return edit satisfies never;
  }
}

function registration(one: Planned, estate: Estate, stackUrn: string): Registration {
  const find = (number: number | undefined) => estate.resources.find((each) => each.number === number);
  const name = (kind: Kind) => {
    const target = find(one.refs[kind]);
    return target ? nameOf(target) : "";
  };
  const module = one.kind[0]?.toLowerCase() + one.kind.slice(1);
  const type = `hcloud:index/${module}:${one.kind}`;
  const [head = ""] = stackUrn.split("::pulumi:pulumi:Stack");
  const prefix = `${head}::${one.grouped ? "test:index:Group$" : ""}${type}::`;
  const location = LOCATIONS[(estate.location + one.variant) % LOCATIONS.length] ?? "";
  const plain = { labels: { revision: String(one.label) } };
  const options = {
    type,
    name: nameOf(one),
    ...(one.grouped ? { parent: "group" } : {}),
    aliases: one.names.slice(0, -1).map((earlier) => prefix + earlier),
    protect: one.protect,
    retainOnDelete: one.retainOnDelete,
    deleteBeforeReplace: one.deleteBeforeReplace,
    ignoreChanges: one.ignoresLabels ? ["labels"] : [],
  };
  switch (one.kind) {
    case "Network":
      return { ...options, inputs: () => ({ ...plain, ipRange: `10.${one.variant}.0.0/16` }) };
    case "NetworkSubnet":
      return {
        ...options,
        refersTo: { networkId: name("Network") },
        inputs: (id) => ({
          networkId: number(id(name("Network"))),
          type: "cloud",
          networkZone: "eu-central",
          ipRange: `10.${find(one.refs.Network)?.variant}.${one.number}.0/24`,
        }),
        deletedWith: name("Network"),
      };
    case "Firewall":
      return { ...options, inputs: () => plain };
    case "Server":
      return {
        ...options,
        refersTo: { firewallIds: name("Firewall") },
        inputs: (id) => ({
          ...plain,
          serverType: "cx23",
          image: "debian-13",
          location: LOCATIONS[estate.location] ?? "",
          userData: `variant ${one.variant}`,
          firewallIds: [number(id(name("Firewall")))],
        }),
      };
    case "Volume":
      return {
        ...options,
        inputs: () => ({
          ...plain,
          size: 10 + one.label,
          location: estate.attached.includes(one.number) ? (LOCATIONS[estate.location] ?? "") : location,
        }),
      };
    case "VolumeAttachment":
      return {
        ...options,
        refersTo: { volumeId: name("Volume"), serverId: name("Server") },
        inputs: (id) => ({ volumeId: number(id(name("Volume"))), serverId: number(id(name("Server"))) }),
        deletedWith: name("Server"),
      };
    case "SshKey":
      return { ...options, inputs: () => ({ ...plain, publicKey: `ssh-ed25519 AAAA${one.number}Z${one.variant}` }) };
    default:
      return one.kind satisfies never;
  }
}
