import { BlockList, isIP } from "node:net";
import type { FirewallRule, HostAddress, Source } from "../../model/blueprint.ts";
import type { HostConfiguration } from "../../model/host-configuration.ts";

/**
 * The ruleset of a host, for nftables.service: what the rules name may come in, everything else is dropped.
 *
 * An address that only the cloud knows becomes a set, `peer-<host>-<address>`, which is empty until converging the
 * host writes `/etc/nftables.d/peers.nft`. Closed until then is the safe side, and such peers (donated machines, hosts
 * in the other cloud) join after the host is up anyway.
 * @throws Error for rules that cannot be said in one line each: nothing of a rule reaches nft unchecked
 */
export function nftables({ host, firewall }: HostConfiguration): string {
  const peers = firewall.flatMap(({ sources }) => sources).filter((source) => typeof source !== "string");
  const sets = [...new Set(peers.map((peer) => `  set ${peerSet(peer)} { type ${addressType(peer)}; }`))].sort();
  const rules = firewall.flatMap((rule) => ruleLines(host, rule));
  return `# What may reach ${host}. From the same rules as the cloud's firewall, and those of the private network.
# Only this table is replaced when the file is loaded again: programs may have tables of their own.
table inet host
delete table inet host
table inet host {
${[...sets, METADATA_USERS].join("\n")}

  chain input {
    type filter hook input priority filter; policy drop;
    ct state vmap { established : accept, related : accept, invalid : drop }
    iif "lo" accept
    icmp type { destination-unreachable, time-exceeded, parameter-problem } accept
    icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept
    icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld-listener-query } accept
${rules.map((rule) => `    ${rule}`).join("\n")}
  }

  # A service that forwards, such as a container engine, adds what it needs in /etc/nftables.d.
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state vmap { established : accept, related : accept, invalid : drop }
  }

  # User data and tokens are no business of the services. Hetzner answers on the link-local address as well.
  chain output {
    type filter hook output priority filter; policy accept;
    ip daddr 169.254.169.254 meta skuid != @metadata-users counter reject
    ip6 daddr fe80::a9fe:a9fe meta skuid != @metadata-users counter reject
  }
}
include "/etc/nftables.d/*.nft"
`;
}

const METADATA_USERS = "  set metadata-users { type uid; elements = { 0 } }";

/** The set that holds an address which is known only once the cloud has given it. */
export const peerSet = ({ host, address }: HostAddress): string => `peer-${host}-${address}`;

const addressType = ({ address }: HostAddress) => (address === "ipv6" ? "ipv6_addr" : "ipv4_addr");

function ruleLines(host: string, rule: FirewallRule): string[] {
  const { protocol, port, sources } = rule;
  if (protocol !== "icmp" && !(Number.isInteger(port) && port !== undefined && port >= 1 && port <= 65_535))
    throw new Error(`${host}: the rule "${rule.purpose}" opens port ${port}.\n  Allowed: 1 to 65535, for tcp and udp.`);
  const what = (family: 4 | 6) =>
    protocol === "icmp" ? `${family === 4 ? "icmp" : "icmpv6"} type echo-request` : `${protocol} dport ${port}`;
  const end = `accept comment "${comment(rule.purpose)}"`;
  const literals = narrowed(host, rule);
  if (protocol !== "icmp" && literals[4].includes(ANYONE[4]) && literals[6].includes(ANYONE[6]))
    return [`${what(4)} ${end}`];
  return [
    ...([4, 6] as const).flatMap((family) => {
      const list = literals[family];
      if (list.length === 0) return [];
      if (list.includes(ANYONE[family])) return [`meta nfproto ipv${family} ${what(family)} ${end}`];
      return [`${SADDR[family]} { ${list.join(", ")} } ${what(family)} ${end}`];
    }),
    ...sources.filter(isSymbolic).map((peer) => {
      const family = peer.address === "ipv6" ? 6 : 4;
      return `${SADDR[family]} @${peerSet(peer)} ${what(family)} ${end}`;
    }),
  ];
}

const isSymbolic = (source: Source): source is HostAddress => typeof source !== "string";
const ANYONE = { 4: "0.0.0.0/0", 6: "::/0" } as const;
const SADDR = { 4: "ip saddr", 6: "ip6 saddr" } as const;

/** The literal sources by family, without those that lie within another: nft versions differ on overlaps. */
function narrowed(host: string, rule: FirewallRule): Record<4 | 6, string[]> {
  const parsed = rule.sources
    .filter((source) => typeof source === "string")
    .map((text) => {
      const [address = "", length, ...rest] = text.split("/");
      const family = isIP(address);
      const widest = family === 4 ? 32 : 128;
      const bits = length === undefined ? widest : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
      if ((family !== 4 && family !== 6) || !(bits <= widest) || rest.length > 0 || address.includes("%"))
        throw new Error(
          `${host}: the rule "${rule.purpose}" admits ${JSON.stringify(text)}.\n  Allowed: an IP address or a block such as 192.0.2.0/24.`,
        );
      return { text, address, family: family as 4 | 6, bits };
    })
    .sort((a, b) => a.bits - b.bits);
  // One a family: a BlockList takes IPv4 addresses for members of ::/0.
  const covered = { 4: new BlockList(), 6: new BlockList() };
  const kept: Record<4 | 6, string[]> = { 4: [], 6: [] };
  for (const { text, address, family, bits } of parsed) {
    const type = family === 4 ? "ipv4" : "ipv6";
    if (covered[family].check(address, type)) continue;
    covered[family].addSubnet(address, bits, type);
    kept[family].push(text);
  }
  return kept;
}

/** nft takes 128 bytes and no quotes. */
const comment = (purpose: string) =>
  purpose
    .replaceAll(/[^\x20-\x7e]/g, "?")
    .replaceAll('"', "'")
    .slice(0, 120);
