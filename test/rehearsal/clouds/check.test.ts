import { describe, expect, test } from "vitest";
import { Secret, Unknown, type Values } from "../../../rehearsal/provider.ts";
import { Rehearsed, type SimulatedCloud } from "./rehearsed.ts";

const server = { name: "git", serverType: "cx43", image: "debian-13", location: "fsn1" };
const rule = { direction: "in", protocol: "tcp", port: "22", sourceIps: ["198.51.100.0/24"] };
const record = { zoneId: "z", name: "a.example.org", type: "A", content: "203.0.113.1", ttl: 300 };

/** What a provider refuses before it asks the cloud: [cloud, type, inputs, property, part of the reason]. */
const REFUSED: [SimulatedCloud, string, Values, string, string][] = [
  ["hcloud", "Server", { ...server, servertype: "cx43" }, "servertype", "Did you mean 'serverType'?"],
  ["hcloud", "Server", { name: "git" }, "serverType", "Missing required property 'serverType'"],
  ["hcloud", "Server", { ...server, backups: "often" }, "backups", "Expected a boolean"],
  ["hcloud", "Server", { ...server, labels: ["git"] }, "labels", "Expected a map"],
  ["hcloud", "Server", { ...server, firewallIds: [true] }, "firewallIds[0]", "Expected a number"],
  [
    "hcloud",
    "Server",
    { ...server, publicNets: [{ ipv5: 1 }] },
    "publicNets[0].ipv5",
    "'publicNets[0]' of hcloud:index/server:Server has no property 'ipv5'",
  ],
  ["hcloud", "Server", { ...server, datacenter: "fsn1-dc14" }, "datacenter", "Set location instead"],
  [
    "hcloud",
    "Server",
    { ...server, userData: "x".repeat(32_769) },
    "userData",
    "limited to 32768 bytes (32 KiB), this has 32769",
  ],
  ["hcloud", "Server", { ...server, name: "git server" }, "name", "not a host name"],
  ["hcloud", "Server", { ...server, labels: { role: "a b" } }, "labels.role", 'Label value "a b"'],
  ["hcloud", "Firewall", { rules: [{ ...rule, port: "" }] }, "rules[0].port", "needs a port"],
  ["hcloud", "Firewall", { rules: [{ ...rule, port: "0-70000" }] }, "rules[0].port", "needs a port"],
  ["hcloud", "Firewall", { rules: [{ ...rule, protocol: "icmp" }] }, "rules[0].port", "has no port"],
  ["hcloud", "Firewall", { rules: [{ ...rule, sourceIps: [] }] }, "rules[0].sourceIps", "needs sourceIps"],
  ["hcloud", "Firewall", { rules: [{ ...rule, sourceIps: ["198.51.100.7/24"] }] }, "rules[0]", "without host bits"],
  ["hcloud", "Firewall", { rules: [{ ...rule, direction: "inward" }] }, "rules[0].direction", 'found "inward"'],
  ["hcloud", "PrimaryIp", { type: "ipv4" }, "location", "neither is"],
  [
    "hcloud",
    "PrimaryIp",
    { type: "ipv4", location: "fsn1", assigneeId: 1, assigneeType: "server" },
    "location",
    "Exactly one",
  ],
  ["hcloud", "ServerNetwork", { serverId: 1 }, "networkId", "found neither"],
  [
    "hcloud",
    "Rdns",
    { serverId: 1, primaryIpId: 2, ipAddress: "203.0.113.1", dnsPtr: "a.example.org" },
    "primaryIpId",
    "found serverId and primaryIpId",
  ],
  ["hcloud", "Volume", { size: 5, location: "fsn1" }, "size", "10 to 10240 GB, found 5"],
  ["hcloud", "Volume", { size: 10, location: "fsn1", format: "btrfs" }, "format", 'found "btrfs"'],
  ["hcloud", "FirewallAttachment", { firewallId: 1 }, "serverIds", "At least one"],
  ["hcloud", "PlacementGroup", { type: "cluster" }, "type", 'found "cluster"'],
  [
    "digitalocean",
    "Droplet",
    { name: "w", image: "debian-13-x64", size: "s-1vcpu-2gb", region: "fra1", userData: "x".repeat(65_537) },
    "userData",
    "64 KiB",
  ],
  ["digitalocean", "Firewall", { name: "f" }, "inboundRules", "At least one rule must be specified."],
  [
    "digitalocean",
    "Firewall",
    { inboundRules: [{ protocol: "tcp" }] },
    "inboundRules[0].portRange",
    "portRange is required for tcp",
  ],
  [
    "digitalocean",
    "MonitorAlert",
    { type: "cpu", compare: "GreaterThan", value: 1, window: "5m", description: "d", alerts: {} },
    "type",
    "v1/insights/droplet/cpu",
  ],
  ["digitalocean", "UptimeCheck", { target: "https://example.org", type: "tcp" }, "type", "ping, http, https"],
  ["digitalocean", "Tag", { name: "a b" }, "name", "up to 255 letters"],
  ["cloudflare", "DnsRecord", { ...record, type: "ANAME" }, "type", 'found "ANAME"'],
  ["cloudflare", "DnsRecord", { ...record, data: { value: "x" } }, "content", "exclude each other"],
  [
    "cloudflare",
    "Ruleset",
    { name: "r", kind: "zone", phase: "http_request_cache_settings" },
    "zoneId",
    "found neither",
  ],
  [
    "cloudflare",
    "Ruleset",
    {
      zoneId: "z",
      name: "r",
      kind: "zone",
      phase: "p",
      rules: [{ action: "redirect", expression: "true", actionParameters: { fromValue: { target: 1 } } }],
    },
    "rules[0].actionParameters.fromValue.target",
    "has no property 'target'",
  ],
  ["cloudflare", "ZoneDnssec", { zoneId: "z", status: "on" }, "status", 'found "on"'],
  ["cloudflare", "UrlNormalizationSettings", { zoneId: "z", type: "cloudflare", scope: "all" }, "scope", 'found "all"'],
  ["cloudflare", "ArgoTieredCaching", { zoneId: "z", value: "smart" }, "value", '"on" or "off"'],
  ["cloudflare", "TieredCache", { zoneId: "z", value: "smart" }, "value", '"on" or "off"'],
  ["cloudflare", "ListItem", { accountId: "a", listId: "l" }, "ip", "found none"],
];

describe("check", () => {
  test.each(REFUSED)("of %s refuses a %s with %j", async (cloud, type, inputs, property, reason) => {
    const { failures } = await new Rehearsed(cloud).check(type, "x", inputs);
    expect(failures).toEqual(expect.arrayContaining([{ property, reason: expect.stringContaining(reason) }]));
  });

  test("takes unknowns, secrets and numbers given as text", async () => {
    const hcloud = new Rehearsed("hcloud");
    const inputs = {
      ...server,
      name: Unknown.value,
      placementGroupId: "7",
      userData: new Secret("x"),
      firewallIds: [Unknown.value],
    };
    expect((await hcloud.check("Server", "git", inputs)).failures).toEqual([]);
  });

  test("of the provider's settings refuses a token that cannot be one and a setting that there is not", async () => {
    const check = async (cloud: SimulatedCloud, news: Values) =>
      (await new Rehearsed(cloud).provider.checkConfig({ urn: "urn", olds: {}, news })).failures.map(
        ({ property }) => property,
      );
    expect(await check("hcloud", { token: "short" })).toEqual(["token"]);
    expect(await check("hcloud", { token: new Secret("x".repeat(64)), version: "1.41.0" })).toEqual([]);
    expect(await check("cloudflare", { apiToken: "short", zone: "z" })).toEqual(["zone", "apiToken"]);
  });
});
