import type { CloudContent } from "./fake-clouds.ts";

/** A small project on the three clouds, with a few things that no program knows. */
export const exampleClouds: CloudContent = {
  hetzner: {
    servers: [
      serverOf(114, "git", "203.0.113.104", [
        { network: 90, ip: "10.0.0.2", alias_ips: [], mac_address: "86:00:00:00:00:02" },
      ]),
      serverOf(119, "downloads", "203.0.113.110"),
      serverOf(900, "forgotten", "203.0.113.200"),
    ],
    volumes: [
      { id: 105, name: "downloads-data", server: 119, size: 10, location: { name: "fsn1" }, labels: {} },
      { id: 106, name: "git-data", server: null, size: 10, location: { name: "fsn1" }, labels: {} },
    ],
    primary_ips: [
      primaryIpOf(104, "git-ipv4", "203.0.113.104", 114),
      primaryIpOf(110, "downloads-ipv4", "203.0.113.110", 119),
      { ...primaryIpOf(901, "primary_ip-901", "203.0.113.200", 900), auto_delete: true },
    ],
    firewalls: [{ id: 107, name: "git", rules: [], applied_to: [], labels: {} }],
    networks: [
      {
        id: 90,
        name: "internal",
        ip_range: "10.0.0.0/16",
        subnets: [{ type: "cloud", ip_range: "10.0.0.0/24", network_zone: "eu-central", gateway: "10.0.0.1" }],
        routes: [],
        servers: [114],
      },
    ],
    placement_groups: [{ id: 91, name: "spread", type: "spread", servers: [114], labels: {} }],
    ssh_keys: [
      { id: 92, name: "alice-1", public_key: "ssh-ed25519 AAAAexample alice", fingerprint: "00:11", labels: {} },
    ],
    storage_boxes: [{ id: 93, name: "backup", username: "u100", status: "active", location: { name: "hel1" } }],
  },
  digitalOcean: {
    droplets: [
      {
        id: 3164444,
        name: "wiki.example.org",
        status: "active",
        region: { slug: "fra1", name: "Frankfurt 1" },
        networks: {
          v4: [
            { ip_address: "10.100.0.2", netmask: "255.255.255.0", type: "private" },
            { ip_address: "198.51.100.7", netmask: "255.255.255.0", type: "public" },
          ],
          v6: [],
        },
      },
    ],
    volumes: [
      {
        id: "506f78a4-e098-11e5-ad9f-000f53306ae1",
        name: "wiki-data",
        region: { slug: "fra1" },
        droplet_ids: [3164444],
      },
    ],
    firewalls: [
      { id: "bb4b2611-3d72-467b-8602-280330ecd65c", name: "wiki", status: "succeeded", droplet_ids: [3164444] },
    ],
    reserved_ips: [
      {
        ip: "198.51.100.40",
        region: { slug: "fra1" },
        droplet: { id: 3164444, name: "wiki.example.org" },
        locked: false,
      },
      { ip: "198.51.100.41", region: { slug: "fra1" }, droplet: null, locked: false },
    ],
    vpcs: [
      {
        id: "5a4981aa-9653-4bd1-bef5-d6bff52042e4",
        name: "default-fra1",
        region: "fra1",
        ip_range: "10.114.0.0/20",
        default: true,
      },
      {
        id: "e0fe0f4d-596a-465e-a902-571ce57b79fa",
        name: "internal",
        region: "fra1",
        ip_range: "10.100.0.0/24",
        default: false,
      },
    ],
    projects: [{ id: "4e1bfbc3-dc3e-41f2-a18f-1b4d7ba71679", name: "Example", is_default: true }],
    "account/keys": [
      { id: 512189, name: "alice-1", public_key: "ssh-ed25519 AAAAexample alice", fingerprint: "00:11" },
    ],
    "uptime/checks": [
      { id: "5a4981aa-0000-4bd1-bef5-d6bff52042e4", name: "git", type: "https", target: "https://git.example.org/" },
    ],
    "uptime/checks/5a4981aa-0000-4bd1-bef5-d6bff52042e4/alerts": [
      { id: "17f0f0ae-b7e5-4ef6-86e3-aa569db58284", name: "git (down)", type: "down_global" },
    ],
    domains: [{ name: "old.example.net", ttl: 1800, zone_file: "" }],
    "monitoring/alerts": [
      {
        uuid: "78b3da62-27e5-49ba-ac70-5db0b5935c64",
        type: "v1/insights/droplet/cpu",
        description: "cpu of the wiki",
        entities: ["3164444"],
      },
    ],
  },
  cloudflare: {
    zones: [{ id: "d77654a5e9df49bebd7e27df69feee59", name: "example.org", status: "active" }],
    "zones/d77654a5e9df49bebd7e27df69feee59/dns_records": [
      recordOf("2915aad3ca1b41a9b8e449eb733fb958", "downloads.example.org", "A", "203.0.113.110"),
      recordOf("ab1df97950b64f55a9453062bf8482b5", "git.example.org", "A", "203.0.113.104"),
      { ...recordOf("372e67954025e0ba6aaa6d586b9e0b59", "example.org", "MX", "mail.example.net"), priority: 10 },
    ],
    "zones/d77654a5e9df49bebd7e27df69feee59/rulesets": [
      { id: "2f2feab2026849078ba485f918791bdc", name: "cache", kind: "zone", phase: "http_request_cache_settings" },
      {
        id: "efb7b8c949ac4650a09736fc376e9aee",
        name: "Managed",
        kind: "managed",
        phase: "http_request_firewall_managed",
      },
    ],
    "zones/d77654a5e9df49bebd7e27df69feee59/dnssec": {
      status: "active",
      key_tag: 42,
      algorithm: "13",
      digest_type: "2",
      digest: "AA".repeat(32),
    },
  },
};

function serverOf(id: number, name: string, ipv4: string, private_net: object[] = []) {
  const public_net = { ipv4: { id: id - 10, ip: ipv4 }, ipv6: { id: id - 9, ip: "2001:db8:73::/64" }, firewalls: [] };
  return { id, name, status: "running", public_net, private_net, server_type: { name: "cx43" }, labels: {} };
}

function primaryIpOf(id: number, name: string, ip: string, assignee_id: number) {
  const dns_ptr = [{ ip, dns_ptr: `${name.split("-")[0]}.example.org` }];
  return { id, name, type: "ipv4", ip, assignee_id, assignee_type: "server", auto_delete: false, dns_ptr, labels: {} };
}

function recordOf(id: string, name: string, type: string, content: string) {
  return { id, name, type, content, proxied: false, ttl: 300, comment: null, tags: [], settings: {} };
}
