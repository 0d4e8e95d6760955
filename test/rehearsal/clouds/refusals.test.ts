import { describe, expect, test } from "vitest";
import type { Values } from "../../../rehearsal/provider.ts";
import { makeExamples } from "./examples.ts";
import { type Made, Rehearsed, type SimulatedCloud } from "./rehearsed.ts";

type Before = (type: string) => Made;
type Refusal = readonly [rule: string, type: string, inputs: (of: Before) => Values, message: RegExp];
const number = (made: Made) => Number(made.id);
const filled = (count: number, from: number) => Array.from({ length: count }, (_, index) => from + index);

const server = { name: "other", serverType: "cx43", image: "debian-13", location: "fsn1" };
const rule = (port: number) => ({
  direction: "in",
  protocol: "tcp",
  port: String(port),
  sourceIps: ["198.51.100.0/24"],
});
const droplet = { name: "other", size: "s-1vcpu-2gb", image: "debian-13-x64", region: "fra1" };
const record = (of: Before, rest: Values): Values => ({ zoneId: of("Zone").id, ttl: 300, ...rest });
const cache = (of: Before, rules: Values[], phase = "http_request_origin", action = "route"): Values => ({
  ...{ zoneId: of("Zone").id, name: "other", kind: "zone", phase },
  rules: rules.map((given) => ({ action, expression: "true", ...given })),
});

/** What a cloud refuses when it has one object of each type (examples.ts). */
const CREATE: Record<SimulatedCloud, readonly Refusal[]> = {
  hcloud: [
    [
      "a server type that there is not",
      "Server",
      () => ({ ...server, serverType: "cx99" }),
      /"other": there is no server type "cx99" \(invalid_input\)\.\nChoose one of cx23/,
    ],
    [
      "a server type of other locations",
      "Server",
      () => ({ ...server, serverType: "cpx21" }),
      /offered only in ash, hil, not in fsn1 \(unsupported_location\)/,
    ],
    ["a location that there is not", "Server", () => ({ ...server, location: "muc1" }), /there is no location "muc1"/],
    ["an image that there is not", "Server", () => ({ ...server, image: "debian-7" }), /there is no image "debian-7"/],
    [
      "the name of another server",
      "Server",
      () => ({ ...server, name: "git" }),
      /name "git" is already used by Server \d+ \(uniqueness_error\)/,
    ],
    [
      "the name of another volume",
      "Volume",
      () => ({ name: "git-data", size: 10, location: "fsn1" }),
      /uniqueness_error/,
    ],
    ["the name of another network", "Network", () => ({ name: "private", ipRange: "10.1.0.0/16" }), /uniqueness_error/],
    ["the name of another firewall", "Firewall", () => ({ name: "git" }), /uniqueness_error/],
    [
      "the name of another placement group",
      "PlacementGroup",
      () => ({ name: "spread", type: "spread" }),
      /uniqueness_error/,
    ],
    [
      "the name of another primary IP",
      "PrimaryIp",
      () => ({ name: "git-ipv4", type: "ipv4", location: "fsn1" }),
      /uniqueness_error/,
    ],
    [
      "an SSH key twice",
      "SshKey",
      (of) => ({ name: "second", publicKey: of("SshKey").inputs["publicKey"]! }),
      /publicKey .* is already used/,
    ],
    [
      "a firewall that there is not",
      "Server",
      () => ({ ...server, firewallIds: [9] }),
      /firewallIds refers to Firewall 9, which does not exist \(not_found\)/,
    ],
    ["an SSH key that there is not", "Server", () => ({ ...server, sshKeys: ["nobody"] }), /sshKeys names "nobody"/],
    [
      "protection of deletes without rebuilds",
      "Server",
      () => ({ ...server, deleteProtection: true }),
      /deleteProtection and rebuildProtection must be equal/,
    ],
    [
      "a primary IP that is assigned",
      "Server",
      (of) => ({ ...server, publicNets: [{ ipv4: number(of("PrimaryIp")) }] }),
      /already assigned to server \d+ \(primary_ip_assigned\)/,
    ],
    [
      "a primary IP of another location",
      "Server",
      (of) => ({ ...server, location: "hel1", publicNets: [{ ipv4: number(of("PrimaryIp")) }] }),
      /is in fsn1, the server in hel1/,
    ],
    [
      "a private address outside the subnet",
      "Server",
      (of) => ({ ...server, networks: [{ networkId: number(of("Network")), ip: "10.0.9.9" }] }),
      /10\.0\.9\.9 is not in 10\.0\.0\.0\/24 \(ip_not_available\)/,
    ],
    [
      "a private address that is used",
      "Server",
      (of) => ({ ...server, networks: [{ networkId: number(of("Network")), ip: "10.0.0.11" }] }),
      /10\.0\.0\.11 is already used/,
    ],
    [
      "the gateway as a private address",
      "Server",
      (of) => ({ ...server, networks: [{ networkId: number(of("Network")), ip: "10.0.0.1" }] }),
      /gateway/,
    ],
    [
      "a second attachment to a network",
      "ServerNetwork",
      (of) => ({ serverId: number(of("Server")), networkId: number(of("Network")) }),
      /server_already_attached/,
    ],
    [
      "a subnet outside its network",
      "NetworkSubnet",
      (of) => ({ networkId: number(of("Network")), type: "cloud", networkZone: "eu-central", ipRange: "10.9.0.0/24" }),
      /not inside network/,
    ],
    [
      "a subnet that overlaps another",
      "NetworkSubnet",
      (of) => ({
        networkId: number(of("Network")),
        type: "cloud",
        networkZone: "eu-central",
        ipRange: "10.0.0.128/25",
      }),
      /overlaps subnet/,
    ],
    ["a network of public addresses", "Network", () => ({ name: "n", ipRange: "203.0.113.0/24" }), /is not private/],
    [
      "51 rules in a firewall",
      "Firewall",
      () => ({ name: "f", rules: filled(51, 1).map(rule) }),
      /at most 50 rules, this has 51 \(resource_limit_exceeded\)/,
    ],
    [
      "101 ranges in a rule",
      "Firewall",
      () => ({ name: "f", rules: [{ ...rule(22), sourceIps: filled(101, 1).map((n) => `198.51.100.${n}/32`) }] }),
      /at most 100 ranges/,
    ],
    [
      "a range with host bits",
      "Firewall",
      () => ({ name: "f", rules: [{ ...rule(22), sourceIps: ["198.51.100.7/24"] }] }),
      /198\.51\.100\.7\/24" is not a range/,
    ],
    [
      "a second attachment of a firewall",
      "FirewallAttachment",
      (of) => ({ firewallId: number(of("Firewall")), serverIds: [number(of("Server"))] }),
      /already has a FirewallAttachment/,
    ],
    [
      "a volume that is attached",
      "VolumeAttachment",
      (of) => ({ volumeId: number(of("Volume")), serverId: number(of("Server")) }),
      /already attached to server \d+ \(volume_already_attached\)/,
    ],
    [
      "a pointer for a foreign address",
      "Rdns",
      (of) => ({ primaryIpId: number(of("PrimaryIp")), ipAddress: "203.0.113.99", dnsPtr: "a.example.org" }),
      /is not an address of its parent/,
    ],
    [
      "a pointer to no host name",
      "Rdns",
      (of) => ({
        primaryIpId: number(of("PrimaryIp")),
        ipAddress: of("PrimaryIp").outputs["ipAddress"]!,
        dnsPtr: "a_b",
      }),
      /is not a host name/,
    ],
    [
      "a weak password of a storage box",
      "StorageBox",
      () => ({ name: "b", storageBoxType: "bx11", location: "fsn1", password: "secret" }),
      /password does not satisfy the policy/,
    ],
    [
      "a storage box type that there is not",
      "StorageBox",
      () => ({ name: "b", storageBoxType: "bx99", location: "fsn1", password: "Correct-Horse-7" }),
      /no storage box type "bx99"/,
    ],
    ["a snapshot of no server", "Snapshot", () => ({ serverId: 9 }), /server 9, which does not exist/],
  ],
  digitalocean: [
    [
      "a size that there is not",
      "Droplet",
      () => ({ ...droplet, size: "s-99vcpu" }),
      /there is no size "s-99vcpu" \(unprocessable_entity\)/,
    ],
    ["a region that there is not", "Droplet", () => ({ ...droplet, region: "muc1" }), /there is no region "muc1"/],
    ["an image that there is not", "Droplet", () => ({ ...droplet, image: "debian-7-x64" }), /there is no image/],
    [
      "a VPC of another region",
      "Droplet",
      (of) => ({ ...droplet, region: "ams3", vpcUuid: of("Vpc").id }),
      /VPC .* is in fra1, the droplet in ams3/,
    ],
    ["an underscore in a droplet's name", "Droplet", () => ({ ...droplet, name: "web_1" }), /not a host name/],
    [
      "the name of another volume in the region",
      "Volume",
      () => ({ name: "wiki-data", region: "fra1", size: 1 }),
      /already used by Volume/,
    ],
    [
      "a volume name in upper case",
      "Volume",
      () => ({ name: "Data", region: "fra1", size: 1 }),
      /not a name for a volume/,
    ],
    [
      "a volume that is attached",
      "VolumeAttachment",
      (of) => ({ volumeId: of("Volume").id, dropletId: number(of("Droplet")) }),
      /already attached to droplet/,
    ],
    [
      "a VPC that overlaps another",
      "Vpc",
      () => ({ name: "v", region: "fra1", ipRange: "10.20.8.0/24" }),
      /overlaps VPC "private"/,
    ],
    [
      "the name of another firewall",
      "Firewall",
      () => ({ name: "wiki", inboundRules: [{ protocol: "icmp" }] }),
      /already used by Firewall/,
    ],
    [
      "11 droplets of a firewall",
      "Firewall",
      () => ({ name: "f", dropletIds: filled(11, 1), inboundRules: [{ protocol: "icmp" }] }),
      /at most 10 droplets by id/,
    ],
    [
      "a project with a resource that there is not",
      "ProjectResources",
      (of) => ({ project: of("Project").id, resources: ["do:droplet:9"] }),
      /do:droplet:9, which does not exist/,
    ],
    [
      "an alert without recipient",
      "MonitorAlert",
      () => ({
        type: "v1/insights/droplet/cpu",
        compare: "GreaterThan",
        value: 90,
        window: "5m",
        description: "d",
        alerts: { emails: [] },
      }),
      /neither an e-mail address nor a Slack channel/,
    ],
    [
      "an uptime check of a host name by https",
      "UptimeCheck",
      () => ({ name: "c", target: "wiki.example.org" }),
      /does not fit a check of type https/,
    ],
    [
      "a latency alert without threshold",
      "UptimeAlert",
      (of) => ({ checkId: of("UptimeCheck").id, type: "latency", notifications: [{ emails: ["a@example.org"] }] }),
      /needs a threshold/,
    ],
    [
      "an alert of no check",
      "UptimeAlert",
      () => ({ checkId: "none", type: "down", notifications: [{ emails: ["a@example.org"] }] }),
      /UptimeCheck none, which does not exist/,
    ],
    [
      "the name of another bucket",
      "SpacesBucket",
      () => ({ name: "example-backups", region: "ams3" }),
      /already used by SpacesBucket/,
    ],
  ],
  cloudflare: [
    [
      "a zone twice",
      "Zone",
      () => ({ account: { id: "a" }, name: "example.org" }),
      /name "example\.org" is already used by Zone/,
    ],
    ["a name that is no domain", "Zone", () => ({ account: { id: "a" }, name: "localhost" }), /is not a domain name/],
    [
      "a partial zone",
      "Zone",
      () => ({ account: { id: "a" }, name: "example.net", type: "partial" }),
      /not on the free plan/,
    ],
    [
      "a CNAME beside another record",
      "DnsRecord",
      (of) => record(of, { name: "git.example.org", type: "CNAME", content: "example.org" }),
      /git\.example\.org has a A record already.*\(81053\)/,
    ],
    [
      "an identical record",
      "DnsRecord",
      (of) => record(of, { name: "git.example.org", type: "A", content: "203.0.113.4" }),
      /identical A record.*\(81058\)/,
    ],
    [
      "a name outside the zone",
      "DnsRecord",
      (of) => record(of, { name: "git.example.net", type: "A", content: "203.0.113.4" }),
      /"git\.example\.net" is outside the zone "example\.org"/,
    ],
    [
      "a proxied TXT record",
      "DnsRecord",
      (of) => record(of, { name: "example.org", type: "TXT", content: '"x"', proxied: true, ttl: 1 }),
      /TXT record cannot be proxied/,
    ],
    [
      "a proxied record with a lifetime",
      "DnsRecord",
      (of) => record(of, { name: "a.example.org", type: "A", content: "203.0.113.4", proxied: true }),
      /proxied record has ttl 1/,
    ],
    [
      "a host name in an A record",
      "DnsRecord",
      (of) => record(of, { name: "a.example.org", type: "A", content: "example.org" }),
      /not an IPv4 address/,
    ],
    [
      "an MX record without priority",
      "DnsRecord",
      (of) => record(of, { name: "example.org", type: "MX", content: "mail.example.org" }),
      /needs a priority/,
    ],
    [
      "tags on records",
      "DnsRecord",
      (of) => record(of, { name: "a.example.org", type: "A", content: "203.0.113.4", tags: ["x:y"] }),
      /not on the free plan/,
    ],
    [
      "a second ruleset of a phase",
      "Ruleset",
      (of) => cache(of, [], "http_request_cache_settings"),
      /has a ruleset "cache" for phase http_request_cache_settings already/,
    ],
    [
      "11 rules",
      "Ruleset",
      (of) =>
        cache(
          of,
          filled(11, 1).map((n) => ({ ref: `r${n}` })),
        ),
      /takes 10 rules on the free plan, this ruleset has 11/,
    ],
    [
      "11 redirects",
      "Ruleset",
      (of) =>
        cache(
          of,
          filled(11, 1).map((n) => ({ ref: `r${n}` })),
          "http_request_dynamic_redirect",
          "redirect",
        ),
      /takes 10 rules/,
    ],
    [
      "a regular expression",
      "Ruleset",
      (of) => cache(of, [{ expression: 'http.request.uri.path matches "^/a"' }]),
      /rule 1 uses a regular expression; the free plan has none/,
    ],
    [
      "an expression of 4,097 characters",
      "Ruleset",
      (of) => cache(of, [{ expression: `http.host eq "${"x".repeat(4_082)}"` }]),
      /has 4097 characters, 4096 are allowed/,
    ],
    [
      "an expression without its parenthesis",
      "Ruleset",
      (of) => cache(of, [{ expression: '(http.host eq "a"' }]),
      /cannot be parsed/,
    ],
    ["a ref twice", "Ruleset", (of) => cache(of, [{ ref: "r" }, { ref: "r" }]), /two rules have the ref "r"/],
    [
      "another action than the phase's",
      "Ruleset",
      (of) => cache(of, [{ action: "block" }]),
      /has the action "block"; phase http_request_origin takes "route"/,
    ],
    [
      "a setting that there is not",
      "ZoneSetting",
      (of) => ({ zoneId: of("Zone").id, settingId: "polish", value: "lossy" }),
      /no setting "polish" on the free plan/,
    ],
    [
      "a value that a setting has not",
      "ZoneSetting",
      (of) => ({ zoneId: of("Zone").id, settingId: "ssl", value: "on" }),
      /setting "ssl" is off, flexible, full, strict/,
    ],
    ["regional tiered cache", "RegionalTieredCache", (of) => ({ zoneId: of("Zone").id, value: "on" }), /Enterprise/],
    [
      "a pre-signed zone",
      "ZoneDnssec",
      (of) => ({ zoneId: of("Zone").id, dnssecPresigned: true }),
      /only secondary zones/,
    ],
    [
      "an item of another kind",
      "ListItem",
      (of) => ({ accountId: "a", listId: of("List").id, ip: "203.0.113.1" }),
      /the list is of kind redirect/,
    ],
    ["a second list", "List", () => ({ accountId: "a", kind: "ip", name: "second" }), /maximum on the free plan/],
    [
      "a policy for a webhook that there is not",
      "NotificationPolicy",
      () => ({ accountId: "a", name: "n", alertType: "incident_alert", mechanisms: { webhooks: [{ id: "none" }] } }),
      /webhook none does not exist/,
    ],
    [
      "a record of no zone",
      "DnsRecord",
      () => ({ zoneId: "none", name: "a", type: "A", content: "203.0.113.1", ttl: 1 }),
      /zoneId refers to Zone none, which does not exist/,
    ],
  ],
};

describe.each(Object.keys(CREATE) as SimulatedCloud[])("%s refuses to create", (cloud) => {
  test.each(CREATE[cloud])("%s", async (_rule, type, inputs, message) => {
    const rehearsed = new Rehearsed(cloud);
    const of = await makeExamples(rehearsed);
    await expect(rehearsed.make(type, "other", inputs(of))).rejects.toThrow(message);
    // A preview cannot know: it does not ask the cloud.
    await rehearsed.planned(type, "other", inputs(of));
  });
});

describe("a cloud refuses", () => {
  test("to delete what is in use, naming the user", async () => {
    const hcloud = new Rehearsed("hcloud");
    const of = await makeExamples(hcloud);
    await expect(hcloud.remove(of("Network"))).rejects.toThrow(/still used by ServerNetwork .* \(resource_in_use\)/);
    await expect(hcloud.remove(of("Firewall"))).rejects.toThrow(
      /still applied by a FirewallAttachment \(resource_in_use\)/,
    );
    // Its provider detaches a volume before it deletes it.
    await hcloud.remove(of("Volume"));
    await hcloud.remove(of("Server"));
    await hcloud.remove(of("Network"));
    const digitalocean = new Rehearsed("digitalocean");
    const made = await makeExamples(digitalocean);
    await expect(digitalocean.remove(made("Vpc"))).rejects.toThrow(
      /still used by Droplet wiki\.example\.org \(vpcUuid\)/,
    );
    await expect(digitalocean.remove(made("Volume"))).rejects.toThrow(/still used by VolumeAttachment/);
    await expect(digitalocean.remove(made("Project"))).rejects.toThrow(/still used by ProjectResources/);
  });

  test("to delete what is protected, until the protection is lifted; a storage box's provider lifts it itself", async () => {
    const hcloud = new Rehearsed("hcloud");
    const guarded = { ...server, deleteProtection: true, rebuildProtection: true };
    const made = await hcloud.make("Server", "other", guarded);
    await expect(hcloud.remove(made)).rejects.toThrow(
      /is delete protected \(protected\)\.\nSet deleteProtection to false/,
    );
    const lifted = await hcloud.change(made, { ...guarded, deleteProtection: false, rebuildProtection: false });
    await hcloud.remove(lifted);
    expect(await hcloud.read(lifted)).toBeUndefined();
    for (const [type, inputs] of [
      ["Volume", { name: "v", size: 10, location: "fsn1" }],
      ["PrimaryIp", { name: "p", type: "ipv4", location: "fsn1" }],
      ["Network", { name: "n", ipRange: "10.0.0.0/16" }],
    ] as const)
      await expect(
        hcloud.remove(await hcloud.make(type, "p", { ...inputs, deleteProtection: true })),
        type,
      ).rejects.toThrow("(protected)");
    const box = await hcloud.make("StorageBox", "b", {
      storageBoxType: "bx11",
      location: "fsn1",
      password: "Correct-Horse-7",
      deleteProtection: true,
    });
    await hcloud.remove(box);
  });

  test("to attach a volume in another location or region", async () => {
    const hcloud = new Rehearsed("hcloud");
    const volume = await hcloud.make("Volume", "v", { name: "v", size: 10, location: "hel1" });
    const there = await hcloud.make("Server", "s", server);
    await expect(
      hcloud.make("VolumeAttachment", "a", { volumeId: number(volume), serverId: number(there) }),
    ).rejects.toThrow(/is in hel1, server \d+ in fsn1/);
    const digitalocean = new Rehearsed("digitalocean");
    const other = await digitalocean.make("Volume", "v", { name: "v", size: 10, region: "ams3" });
    const wiki = await digitalocean.make("Droplet", "d", droplet);
    await expect(
      digitalocean.make("VolumeAttachment", "a", { volumeId: other.id, dropletId: number(wiki) }),
    ).rejects.toThrow(/is in ams3, droplet \d+ in fra1/);
    const ip = await digitalocean.make("ReservedIp", "i", { region: "ams3" });
    await expect(
      digitalocean.make("ReservedIpAssignment", "a", { ipAddress: ip.id, dropletId: number(wiki) }),
    ).rejects.toThrow(/the reserved IP is in ams3, droplet \d+ in fra1/);
  });

  test("an eleventh server in a placement group", async () => {
    const hcloud = new Rehearsed("hcloud");
    const group = await hcloud.make("PlacementGroup", "g", { name: "g", type: "spread" });
    for (const n of filled(10, 1))
      await hcloud.make("Server", `s${n}`, { ...server, name: `s${n}`, placementGroupId: number(group) });
    await expect(
      hcloud.make("Server", "s11", { ...server, name: "s11", placementGroupId: number(group) }),
    ).rejects.toThrow(/has 10 servers, its maximum \(placement_error\)/);
  });

  test("to shrink a volume or a disk: DigitalOcean's provider in the plan, the others when it is done", async () => {
    const digitalocean = new Rehearsed("digitalocean");
    const volume = { name: "v", size: 50, region: "fra1" };
    const made = await digitalocean.make("Volume", "v", volume);
    await expect(digitalocean.diff(made, { ...volume, size: 40 })).rejects.toThrow(
      /volumes can only be expanded, not shrunk \(from 50 to 40 GiB\)/,
    );
    const big = await digitalocean.make("Droplet", "d", { ...droplet, size: "s-2vcpu-4gb" });
    await expect(digitalocean.change(big, droplet)).rejects.toThrow(/has a disk of 50 GB, the droplet's is 80 GB/);
    const hcloud = new Rehearsed("hcloud");
    const data = await hcloud.make("Volume", "v", { name: "v", size: 50, location: "fsn1" });
    await expect(hcloud.change(data, { name: "v", size: 40, location: "fsn1" })).rejects.toThrow(
      /cannot shrink from 50 to 40 GB/,
    );
    const host = await hcloud.make("Server", "s", server);
    await expect(hcloud.change(host, { ...server, serverType: "cx23" })).rejects.toThrow(
      /has a disk of 40 GB, the server's is 160 GB \(invalid_server_type\)/,
    );
    const grown = await hcloud.change(host, { ...server, serverType: "cx53", keepDisk: true });
    expect(grown.outputs["primaryDiskSize"]).toBe(160);
    expect((await hcloud.change(grown, server)).outputs["serverType"]).toBe("cx43");
  });

  test("a replacement that comes before the delete when the name is fixed", async () => {
    const hcloud = new Rehearsed("hcloud");
    const old = await hcloud.make("Server", "s", server);
    await expect(hcloud.make("Server", "s", { ...server, image: "debian-12" })).rejects.toThrow("uniqueness_error");
    await hcloud.remove(old);
    expect((await hcloud.make("Server", "s", { ...server, image: "debian-12" })).id).not.toBe(old.id);
  });

  test("an address of another record type beside a CNAME, but lets the zone's own name be flattened", async () => {
    const cloudflare = new Rehearsed("cloudflare");
    const of = await makeExamples(cloudflare, "Zone");
    await cloudflare.make(
      "DnsRecord",
      "www",
      record(of, { name: "www.example.org", type: "CNAME", content: "example.org" }),
    );
    await expect(
      cloudflare.make("DnsRecord", "t", record(of, { name: "www.example.org", type: "TXT", content: '"x"' })),
    ).rejects.toThrow(/has a CNAME record already.*\(81054\)/);
    await cloudflare.make(
      "DnsRecord",
      "apex",
      record(of, { name: "example.org", type: "CNAME", content: "host.example.net" }),
    );
    await cloudflare.make(
      "DnsRecord",
      "mx",
      record(of, { name: "example.org", type: "MX", content: "mail.example.org", priority: 10 }),
    );
    await expect(
      cloudflare.make("DnsRecord", "a", record(of, { name: "example.org", type: "A", content: "203.0.113.1" })),
    ).rejects.toThrow("(81054)");
  });

  test("nothing in a set of texts, in text that says matches, or in droplets of one name", async () => {
    const cloudflare = new Rehearsed("cloudflare");
    const of = await makeExamples(cloudflare, "Zone");
    await cloudflare.make(
      "Ruleset",
      "r",
      cache(of, [
        { expression: '(http.host in {"a.example.org" "b.example.org"}) and http.request.uri.path ne "/matches~(/"' },
      ]),
    );
    const digitalocean = new Rehearsed("digitalocean");
    for (const name of ["a", "b"]) await digitalocean.make("Droplet", name, droplet);
  });
});
