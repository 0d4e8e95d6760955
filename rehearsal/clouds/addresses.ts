import type { CloudFile } from "./cloud-file.ts";

/**
 * Public IPv4 addresses come from the documentation ranges (RFC 5737), one counter per cloud, so that a new object
 * never gets an old address. When those are used up, from the range for benchmarks (RFC 2544), which no one routes
 * either: 508 and then 65,024 addresses for Hetzner, 254 and then 65,024 for DigitalOcean.
 */
const PUBLIC_IPV4: Readonly<Record<string, readonly string[]>> = {
  hcloud: ["203.0.113", "192.0.2", ...Array.from({ length: 256 }, (_, n) => `198.18.${n}`)],
  digitalocean: ["198.51.100", ...Array.from({ length: 256 }, (_, n) => `198.19.${n}`)],
};

export function publicIpv4(cloud: CloudFile, provider: "hcloud" | "digitalocean"): string {
  const number = cloud.next("ipv4") - 1;
  const prefix = PUBLIC_IPV4[provider]?.[Math.floor(number / 254)];
  if (prefix === undefined) throw new Error(`The simulated cloud ${provider} has no public IPv4 address left.`);
  return `${prefix}.${(number % 254) + 1}`;
}

/** A /64 of 2001:db8::/32 (RFC 3849), half of it for each cloud. */
export function publicIpv6Network(cloud: CloudFile, provider: "hcloud" | "digitalocean"): string {
  const number = cloud.next("ipv6");
  const half = provider === "hcloud" ? 0 : 0x8000;
  return `2001:db8:${(half + Math.floor(number / 0x10000)).toString(16)}:${(number % 0x10000).toString(16)}::/64`;
}

/** The address that hosts of both clouds give themselves in their /64. */
export const firstOf = (network: string): string => network.replace(/\/64$/, "1");

export interface Ipv4Range {
  readonly first: number;
  readonly last: number;
}

/** Undefined when it is no IPv4 range in CIDR notation; host bits must be zero. */
export function ipv4Range(cidr: string): Ipv4Range | undefined {
  const match = /^(\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/.exec(cidr);
  const first = ipv4Number(match?.[1] ?? "");
  const bits = Number(match?.[2]);
  if (match === null || first === undefined || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  return first % size === 0 ? { first, last: first + size - 1 } : undefined;
}

export function ipv4Number(address: string): number | undefined {
  const bytes = address.split(".").map(Number);
  return bytes.length === 4 &&
    bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255) &&
    /^[\d.]+$/.test(address)
    ? bytes.reduce((sum, byte) => sum * 256 + byte, 0)
    : undefined;
}

export const ipv4Text = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");

export const within = (inside: Ipv4Range, outside: Ipv4Range): boolean =>
  inside.first >= outside.first && inside.last <= outside.last;

export const overlap = (a: Ipv4Range, b: Ipv4Range): boolean => a.first <= b.last && b.first <= a.last;

/** Whether it is an IPv4 or IPv6 address or range as firewalls take them. */
export const isCidr = (text: string): boolean =>
  ipv4Range(text) !== undefined || /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*\/(\d|[1-9]\d|1[01]\d|12[0-8])$/.test(text);
