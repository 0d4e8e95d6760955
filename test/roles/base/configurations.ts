import * as fc from "fast-check";
import { addressOf, type FirewallRule, type Source } from "../../../model/blueprint.ts";
import type { HostConfiguration } from "../../../model/host-configuration.ts";

const ANYONE = ["0.0.0.0/0", "::/0"];
const adminNetworks = ["198.51.100.0/24", "2001:db8:1::/48"];

/** A Hetzner server with a volume, git open to the world and a peer in the other cloud. */
export const server: HostConfiguration = {
  host: "git-01",
  fqdn: "git-01.infra.example.org",
  cloud: "hetzner",
  distribution: "debian",
  admins: [
    { name: "alice", keys: [`ssh-ed25519 ${"A".repeat(68)} alice@example.org`], sudo: true },
    { name: "bob", keys: [`ssh-ed25519 ${"B".repeat(68)}`, `ssh-ed25519 ${"C".repeat(68)}`], sudo: false },
  ],
  adminNetworks,
  volume: true,
  volumeName: "git-01-data",
  firewall: [
    { purpose: "SSH of admins; git over SSH", protocol: "tcp", port: 22, sources: ANYONE },
    { purpose: "https", protocol: "tcp", port: 443, sources: ANYONE },
    { purpose: "metrics", protocol: "tcp", port: 9100, sources: ["10.0.0.12/32"] },
    { purpose: "workers", protocol: "tcp", port: 9989, sources: [addressOf("donor-01", "ipv4"), "192.0.2.7/32"] },
    { purpose: "ping", protocol: "icmp", sources: ANYONE },
  ],
  maintenance: { weekday: "Tuesday", weeks: [1, 3], from: "08:00", hours: 4 },
  privateIp: "10.0.0.11",
  memory: 8,
};

/** A small droplet with a volume. */
export const droplet: HostConfiguration = {
  ...server,
  host: "forum-01",
  fqdn: "forum-01.infra.example.org",
  cloud: "digitalOcean",
  volumeName: "forum-01-data",
  firewall: [{ purpose: "SSH of admins", protocol: "tcp", port: 22, sources: adminNetworks }],
  privateIp: undefined,
  memory: 4,
};

const source: fc.Arbitrary<Source> = fc.oneof(
  fc.constantFrom("0.0.0.0/0", "::/0"),
  fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 32 })).map(([address, bits]) => `${address}/${bits}`),
  fc
    .tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 16, max: 128 }))
    .map(([group, bits]) => `2001:db8:${group.toString(16)}::/${bits}`),
  fc.ipV4(),
  fc.constantFrom(addressOf("donor-01", "ipv4"), addressOf("donor-01", "ipv6"), addressOf("forum-01", "egress4")),
);

export const arbitraryRule: fc.Arbitrary<FirewallRule> = fc
  .record({
    purpose: fc.string(),
    protocol: fc.constantFrom("tcp" as const, "udp" as const, "icmp" as const),
    port: fc.integer({ min: 1, max: 65_535 }),
    sources: fc.array(source, { minLength: 1, maxLength: 6 }),
  })
  .map(({ purpose, protocol, port, sources }) => ({
    purpose,
    protocol,
    ...(protocol === "icmp" ? {} : { port }),
    sources,
  }));

/** Any host of either cloud. */
export const arbitraryConfiguration: fc.Arbitrary<HostConfiguration> = fc
  .record({
    base: fc.constantFrom(server, droplet),
    distribution: fc.constantFrom("debian" as const, "centos" as const),
    admins: fc.integer({ min: 1, max: 8 }),
    volume: fc.boolean(),
    firewall: fc.array(arbitraryRule, { maxLength: 12 }),
    memory: fc.constantFrom(1, 2, 4, 8, 64),
  })
  .map(({ base, distribution, admins, volume, firewall, memory }) => ({
    ...base,
    distribution,
    admins: Array.from({ length: admins }, (_, index) => ({
      name: `admin${index}`,
      keys: [`ssh-ed25519 ${String.fromCharCode(65 + index).repeat(68)}`],
      sudo: index % 2 === 0,
    })),
    volume,
    volumeName: volume ? base.volumeName : undefined,
    firewall,
    memory,
  }));
