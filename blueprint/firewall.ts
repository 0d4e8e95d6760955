import { addressOf, type FirewallRule, type Source } from "../model/blueprint.ts";
import { CLOUDFLARE_RANGES } from "../model/catalogue/cloudflare.ts";
import type { Host } from "../model/host.ts";
import type { Audience, Port, Service } from "../model/service.ts";
import type { ThirdParty } from "../model/third-party.ts";
import { type ActiveEstate, hostsOfRole, servicesOn } from "./active-estate.ts";
import { backups } from "./backups.ts";
import { watchOf } from "./checks.ts";
import { isReachedDirectly } from "./names.ts";

const ANYONE = ["0.0.0.0/0", "::/0"];
/** Port of the metrics exporter that the base role runs on the private address. */
const METRICS_PORT = 9100;

/** The firewall of a host, once for the cloud and once for the host itself. */
export interface Firewalls {
  readonly cloud: readonly FirewallRule[];
  /** The cloud's rules and those of the private network, which Hetzner's firewalls do not filter. */
  readonly host: readonly FirewallRule[];
}

/**
 * Who may reach which port of a host: what its services declare, SSH for admins, ping, nothing else.
 * One rule a port; a port that is open to anyone has no other sources.
 */
export function firewalls(active: ActiveEstate, host: string): Firewalls {
  const wanted: { readonly rule: FirewallRule; readonly private: boolean }[] = [];
  const open = (port: Pick<Port, "protocol" | "port" | "purpose">, sources: Sources) => {
    const { protocol, port: number, purpose } = port;
    if (sources.public.length > 0)
      wanted.push({ rule: { purpose, protocol, port: number, sources: sources.public }, private: false });
    if (sources.private.length > 0)
      wanted.push({ rule: { purpose, protocol, port: number, sources: sources.private }, private: true });
  };
  open({ protocol: "tcp", port: 22, purpose: "SSH of admins" }, adminSources(active, host));
  open({ protocol: "tcp", port: 22, purpose: "backups over SSH" }, backupSources(active, host));
  for (const [id, service] of servicesOn(active, host))
    for (const port of service.ports) open(port, sourcesOf(active, host, id, service, port.from));
  for (const { port, from } of tcpProbes(active, host))
    open({ protocol: "tcp", port, purpose: "probes" }, publicly(active, from));
  open(
    { protocol: "tcp", port: METRICS_PORT, purpose: "metrics" },
    { public: [], private: fromHosts(active, host, hostsOfRole(active, "prober")).private },
  );
  const ping: FirewallRule = { purpose: "ping", protocol: "icmp", sources: ANYONE };
  const rules = (list: typeof wanted) => [...merged(list.map(({ rule }) => rule)), ping];
  return { cloud: rules(wanted.filter((each) => !each.private)), host: rules(wanted) };
}

/** CIDR blocks from which admins log in on a host: the way through another host, or their own networks. */
export function adminNetworks({ hosts, settings }: ActiveEstate, host: Host | undefined): readonly string[] {
  const through = host?.kind === "hetzner" && host.adminsThrough !== undefined ? hosts[host.adminsThrough] : undefined;
  return through?.kind === "hetzner" ? [`${through.privateIp}/32`] : settings.adminNetworks;
}

function adminSources(active: ActiveEstate, id: string): Sources {
  const host = active.hosts[id];
  const sources = adminNetworks(active, host);
  const isPrivate = host?.kind === "hetzner" && host.adminsThrough !== undefined;
  return isPrivate ? { public: [], private: sources } : { public: sources, private: [] };
}

/** All that back up to the host, where backups go to one. */
function backupSources(active: ActiveEstate, host: string): Sources {
  const { backups: target } = active.estate;
  if (target.kind !== "host" || target.on !== host) return { public: [], private: [] };
  return fromHosts(
    active,
    host,
    backups(active).map((plan) => plan.host),
  );
}

/** Ports of a host that a prober tries. */
function tcpProbes(active: ActiveEstate, host: string): { readonly port: number; readonly from: string }[] {
  const probes = servicesOn(active, host).flatMap(([id, service]) => watchOf(active, id, service).probes);
  return probes.flatMap(({ kind, target, from }) =>
    kind === "tcp" ? [{ port: Number(target.slice(target.lastIndexOf(":") + 1)), from }] : [],
  );
}

interface Sources {
  readonly public: readonly Source[];
  readonly private: readonly Source[];
}

function sourcesOf(active: ActiveEstate, host: string, serviceId: string, service: Service, from: Audience): Sources {
  if (typeof from === "object") {
    if ("role" in from) return fromHosts(active, host, hostsOfRole(active, from.role));
    if ("hosts" in from) return fromHosts(active, host, from.hosts);
    return { public: networksOf(active, from.thirdParty), private: [] };
  }
  switch (from) {
    case "anyone":
      return { public: ANYONE, private: [] };
    case "admins":
      return { public: active.settings.adminNetworks, private: [] };
    case "mirrors":
      return { public: active.settings.mirrorNetworks, private: [] };
    case "edge":
      return { public: isReachedDirectly(active, serviceId, service) ? ANYONE : CLOUDFLARE_RANGES, private: [] };
    case "private":
      return { public: [], private: [active.estate.networks.hetzner] };
    default:
      return from satisfies never;
  }
}

const networksOf = ({ settings }: ActiveEstate, { networks = [] }: ThirdParty): readonly string[] =>
  "setting" in networks ? (settings.thirdPartyNetworks[networks.setting] ?? []) : networks;

/** Hosts of one cloud's private network meet there; all others come from their public addresses. */
function fromHosts(active: ActiveEstate, to: string, from: readonly string[]): Sources {
  const target = active.hosts[to];
  const sources: { public: Source[]; private: Source[] } = { public: [], private: [] };
  for (const id of from) {
    const host = active.hosts[id];
    if (!host || id === to) continue;
    switch (host.kind) {
      case "hetzner":
        if (target?.kind === "hetzner") sources.private.push(`${host.privateIp}/32`);
        else sources.public.push(addressOf(id, "ipv4"), addressOf(id, "ipv6"));
        break;
      case "digitalOcean":
        sources.public.push(addressOf(id, "egress4"));
        break;
      case "external":
        sources.public.push(`${host.ipv4}/32`, ...(host.ipv6 ? [`${host.ipv6}/128`] : []));
        break;
      default:
        host satisfies never;
    }
  }
  return sources;
}

/** A host as others see it that ask for a public name: never from its private address. */
function publicly(active: ActiveEstate, id: string): Sources {
  const host = active.hosts[id];
  if (host?.kind !== "hetzner") return fromHosts(active, "", [id]);
  return { public: [addressOf(id, "ipv4"), addressOf(id, "ipv6")], private: [] };
}

function merged(rules: readonly FirewallRule[]): FirewallRule[] {
  const byPort = Map.groupBy(rules, ({ protocol, port }) => `${protocol}/${port}`);
  return [...byPort.values()]
    .map((same) => {
      const sources = unique(same.flatMap((rule) => rule.sources));
      const anyone = ANYONE.every((network) => sources.includes(network));
      const purpose = unique(same.map((rule) => rule.purpose)).join("; ");
      const { protocol, port } = same[0] as FirewallRule;
      return { purpose, protocol, ...(port === undefined ? {} : { port }), sources: anyone ? ANYONE : sources };
    })
    .sort((a, b) => (a.port ?? 0) - (b.port ?? 0) || a.protocol.localeCompare(b.protocol));
}

function unique<T>(list: readonly T[]): T[] {
  return [...new Map(list.map((item) => [JSON.stringify(item), item])).values()];
}
