import type { HostConfiguration } from "../../../model/host-configuration.ts";

const ANYONE = ["0.0.0.0/0", "::/0"];

/** A server whose port 22 is open to the world, as git's is. The test adds its admins. */
export const server: HostConfiguration = {
  host: "git-01",
  fqdn: "git-01.infra.example.org",
  cloud: "hetzner",
  distribution: "debian",
  admins: [{ name: "alice", keys: ["ssh-ed25519 AAAA"], sudo: true }],
  adminNetworks: ["198.51.100.0/24"],
  volume: true,
  volumeName: "git-01-data",
  firewall: [
    { purpose: "git over SSH", protocol: "tcp", port: 22, sources: ANYONE },
    { purpose: "metrics", protocol: "tcp", port: 9100, sources: ["10.0.0.12/32"] },
    { purpose: "workers", protocol: "tcp", port: 9989, sources: [{ host: "donor-01", address: "ipv4" }] },
    { purpose: "ping", protocol: "icmp", sources: ANYONE },
  ],
  maintenance: { weekday: "Tuesday", weeks: [1], from: "08:00", hours: 4 },
  privateIp: "10.0.0.11",
  memory: 8,
};

/** A small droplet with SSH for admins only. */
export const droplet: HostConfiguration = {
  ...server,
  host: "forum-01",
  fqdn: "forum-01.infra.example.org",
  cloud: "digitalOcean",
  volumeName: "forum-01-data",
  firewall: [
    { purpose: "SSH of admins", protocol: "tcp", port: 22, sources: ["198.51.100.0/24", "2001:db8:1::/48"] },
    { purpose: "ping", protocol: "icmp", sources: ANYONE },
  ],
  privateIp: undefined,
  memory: 4,
};
