import {
  addressOf,
  type DigitalOceanPlan,
  type DropletPlan,
  type HetznerPlan,
  type HetznerServerPlan,
  type RecordPlan,
  type SshKeyPlan,
  type StorageBoxPlan,
  type ZonePlan,
} from "../../model/blueprint.ts";

/** Small plans that are whole: two servers, a droplet, a zone. */

export const sshKeys: readonly SshKeyPlan[] = [
  { key: "alice-1", name: "alice-1", publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample1" },
  { key: "bob-1", name: "bob-1", publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample2" },
];

export const serverPlan: HetznerServerPlan = {
  key: "git-01",
  name: "git-01",
  fqdn: "git-01.infra.example.org",
  type: "cx53",
  image: "debian-13",
  location: "fsn1",
  privateIp: "10.0.0.11",
  volume: { name: "git-01-data", size: 100 },
  firewall: [
    { purpose: "SSH of admins", protocol: "tcp", port: 22, sources: ["198.51.100.0/24", "2001:db8:1::7"] },
    {
      purpose: "probes",
      protocol: "tcp",
      port: 9100,
      sources: [addressOf("wiki-01", "egress4"), addressOf("build-01", "ipv4"), addressOf("build-01", "ipv6")],
    },
    { purpose: "ping", protocol: "icmp", sources: ["0.0.0.0/0", "::/0"] },
  ],
  labels: { estate: "example", host: "git-01" },
  userData: "#cloud-config\nhostname: git-01\n",
  protect: true,
};

export const workerPlan: HetznerServerPlan = {
  key: "build-01",
  name: "build-01",
  fqdn: "build-01.infra.example.org",
  type: "cx53",
  image: "debian-13",
  location: "fsn1",
  privateIp: "10.0.0.12",
  firewall: [
    { purpose: "git", protocol: "tcp", port: 443, sources: [addressOf("git-01", "ipv4"), addressOf("git-01", "ipv6")] },
  ],
  labels: { estate: "example", host: "build-01" },
  userData: "#cloud-config\nhostname: build-01\n",
  protect: true,
};

export const storageBoxPlan: StorageBoxPlan = {
  key: "backup",
  name: "example-backup",
  type: "bx11",
  location: "hel1",
  labels: { estate: "example" },
  reachableExternally: true,
  protect: true,
};

export const hetznerPlan: HetznerPlan = {
  network: { name: "example", ipRange: "10.0.0.0/16", networkZone: "eu-central", labels: { estate: "example" } },
  placementGroup: "example",
  servers: [serverPlan, workerPlan],
  storageBox: storageBoxPlan,
};

export const dropletPlan: DropletPlan = {
  key: "wiki-01",
  name: "wiki-01.infra.example.org",
  fqdn: "wiki-01.infra.example.org",
  size: "s-2vcpu-4gb",
  image: "debian-13-x64",
  region: "fra1",
  volume: { name: "wiki-01-data", size: 50 },
  firewall: [
    { purpose: "web", protocol: "tcp", port: 443, sources: ["0.0.0.0/0", "::/0"] },
    {
      purpose: "backups",
      protocol: "tcp",
      port: 22,
      sources: [addressOf("git-01", "ipv4"), addressOf("git-01", "ipv6")],
    },
    { purpose: "ping", protocol: "icmp", sources: ["0.0.0.0/0"] },
  ],
  tags: ["estate:example", "service:wiki"],
  userData: "#cloud-config\nhostname: wiki-01\n",
  protect: true,
};

export const digitalOceanPlan: DigitalOceanPlan = {
  project: { name: "Example", description: "Infrastructure of Example" },
  vpcs: [{ key: "fra1", name: "example-fra1", region: "fra1", ipRange: "10.1.1.0/24" }],
  droplets: [dropletPlan],
  uptimeChecks: [
    { key: "git", name: "example git: front page", type: "https", target: "https://git.example.org/" },
    { key: "downloads", name: "example downloads: list", type: "http", target: "http://downloads.example.org/" },
  ],
  alertEmails: ["oncall@example.net"],
};

const record = (plan: Omit<RecordPlan, "proxied" | "ttl" | "purpose"> & Partial<RecordPlan>): RecordPlan => ({
  proxied: false,
  ttl: 300,
  purpose: "test",
  ...plan,
});

export const zonePlan: ZonePlan = {
  name: "example.org",
  records: [
    record({
      key: "git.example.org/A/host",
      name: "git.example.org",
      type: "A",
      content: addressOf("git-01", "ipv4"),
      proxied: true,
      ttl: 1,
    }),
    record({
      key: "git.example.org/AAAA/host",
      name: "git.example.org",
      type: "AAAA",
      content: addressOf("git-01", "ipv6"),
    }),
    record({
      key: "wiki.example.org/A/host",
      name: "wiki.example.org",
      type: "A",
      content: addressOf("wiki-01", "ipv4"),
    }),
    record({
      key: "example.org/MX/mail",
      name: "example.org",
      type: "MX",
      content: "mail.example.org",
      priority: 10,
    }),
    record({ key: "example.org/TXT/spf", name: "example.org", type: "TXT", content: '"v=spf1 -all"' }),
    record({
      key: "example.org/CAA/issue-letsencrypt.org",
      name: "example.org",
      type: "CAA",
      content: '0 issue "letsencrypt.org"',
      caa: { flags: 0, tag: "issue", value: "letsencrypt.org" },
      purpose: "x".repeat(150),
    }),
  ],
  settings: { ssl: "strict", browser_cache_ttl: 0 },
  cacheRules: [
    {
      ref: "images",
      description: "release images",
      expression: 'http.host eq "downloads.example.org"',
      cache: true,
      edgeTtl: 31_536_000,
    },
    {
      ref: "indexes",
      description: "indexes",
      expression: 'ends_with(http.request.uri.path, "/Packages")',
      cache: false,
    },
  ],
  redirectRules: [
    {
      ref: "www",
      description: "www to the wiki",
      expression: 'http.host eq "www.example.org"',
      target: 'concat("https://wiki.example.org", http.request.uri.path)',
      status: 301,
      preserveQuery: true,
    },
  ],
  tieredCache: true,
  normalizesUrls: true,
  dnssec: "signed",
  protect: true,
};
