import type { Values } from "../../../rehearsal/provider.ts";
import type { Made, Rehearsed, SimulatedCloud } from "./rehearsed.ts";

type Before = (type: string) => Made;
type Example = readonly [type: string, inputs: (before: Before) => Values];

const number = (made: Made) => Number(made.id);
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBYsLk2t0cVbHVF3nRd2cK2m1g5Qz7mV0Yx8aQw3eXyz admin@example.org";
const ACCOUNT = "0123456789abcdef0123456789abcdef";

/** One valid object of every resource type, each after those that it needs. */
export const EXAMPLES: Record<SimulatedCloud, readonly Example[]> = {
  hcloud: [
    ["SshKey", () => ({ name: "admin", publicKey: KEY, labels: { role: "admin" } })],
    ["Network", () => ({ name: "private", ipRange: "10.0.0.0/16" })],
    [
      "NetworkSubnet",
      (of) => ({ networkId: number(of("Network")), type: "cloud", networkZone: "eu-central", ipRange: "10.0.0.0/24" }),
    ],
    ["PlacementGroup", () => ({ name: "spread", type: "spread" })],
    ["PrimaryIp", () => ({ name: "git-ipv4", type: "ipv4", location: "fsn1", autoDelete: false })],
    [
      "Rdns",
      (of) => ({
        primaryIpId: number(of("PrimaryIp")),
        ipAddress: of("PrimaryIp").outputs["ipAddress"]!,
        dnsPtr: "git.example.org",
      }),
    ],
    [
      "Firewall",
      () => ({
        name: "git",
        rules: [{ direction: "in", protocol: "tcp", port: "22", sourceIps: ["198.51.100.0/24", "2001:db8::/32"] }],
      }),
    ],
    [
      "Server",
      (of) => ({
        name: "git",
        serverType: "cx43",
        image: "debian-13",
        location: "fsn1",
        publicNets: [{ ipv4: number(of("PrimaryIp")), ipv4Enabled: true, ipv6Enabled: true }],
        placementGroupId: number(of("PlacementGroup")),
        sshKeys: [of("SshKey").id],
        labels: { role: "git" },
        userData: "#cloud-config\nhostname: git\n",
      }),
    ],
    ["ServerNetwork", (of) => ({ serverId: number(of("Server")), subnetId: of("NetworkSubnet").id, ip: "10.0.0.11" })],
    ["FirewallAttachment", (of) => ({ firewallId: number(of("Firewall")), serverIds: [number(of("Server"))] })],
    ["Volume", () => ({ name: "git-data", size: 10, location: "fsn1", format: "ext4" })],
    ["VolumeAttachment", (of) => ({ volumeId: number(of("Volume")), serverId: number(of("Server")) })],
    ["Snapshot", (of) => ({ serverId: number(of("Server")), description: "before the upgrade" })],
    [
      "StorageBox",
      () => ({
        name: "backups",
        storageBoxType: "bx11",
        location: "fsn1",
        password: "Correct-Horse-7",
        accessSettings: { sshEnabled: true },
      }),
    ],
    [
      "StorageBoxSubaccount",
      (of) => ({ storageBoxId: number(of("StorageBox")), homeDirectory: "git", password: "Correct-Horse-8" }),
    ],
  ],
  digitalocean: [
    ["SshKey", () => ({ name: "admin", publicKey: KEY })],
    ["Tag", () => ({ name: "wiki" })],
    ["Vpc", () => ({ name: "private", region: "fra1", ipRange: "10.20.0.0/20" })],
    ["Volume", () => ({ name: "wiki-data", region: "fra1", size: 50, initialFilesystemType: "ext4" })],
    [
      "Droplet",
      (of) => ({
        name: "wiki.example.org",
        size: "s-1vcpu-2gb",
        image: "debian-13-x64",
        region: "fra1",
        ipv6: true,
        monitoring: true,
        vpcUuid: of("Vpc").id,
        sshKeys: [of("SshKey").id],
        tags: ["wiki"],
        userData: "#cloud-config\n",
      }),
    ],
    ["VolumeAttachment", (of) => ({ dropletId: number(of("Droplet")), volumeId: of("Volume").id })],
    [
      "Firewall",
      (of) => ({
        name: "wiki",
        dropletIds: [number(of("Droplet"))],
        inboundRules: [{ protocol: "tcp", portRange: "443", sourceAddresses: ["0.0.0.0/0", "::/0"] }],
        outboundRules: [{ protocol: "icmp", destinationAddresses: ["0.0.0.0/0"] }],
      }),
    ],
    ["ReservedIp", () => ({ region: "fra1" })],
    ["ReservedIpAssignment", (of) => ({ ipAddress: of("ReservedIp").id, dropletId: number(of("Droplet")) })],
    ["Project", () => ({ name: "wiki", environment: "Production" })],
    [
      "ProjectResources",
      (of) => ({
        project: of("Project").id,
        resources: [of("Droplet").outputs["dropletUrn"]!, of("Volume").outputs["volumeUrn"]!],
      }),
    ],
    [
      "MonitorAlert",
      (of) => ({
        type: "v1/insights/droplet/disk_utilization_percent",
        compare: "GreaterThan",
        value: 90,
        window: "10m",
        description: "disk of wiki",
        entities: [of("Droplet").id],
        alerts: { emails: ["admin@example.org"] },
      }),
    ],
    ["UptimeCheck", () => ({ name: "wiki", target: "https://wiki.example.org/", regions: ["eu_west", "us_east"] })],
    [
      "UptimeAlert",
      (of) => ({
        name: "wiki",
        checkId: of("UptimeCheck").id,
        type: "down",
        period: "5m",
        notifications: [{ emails: ["admin@example.org"] }],
      }),
    ],
    ["SpacesBucket", () => ({ name: "example-backups", region: "fra1", acl: "private" })],
  ],
  cloudflare: [
    ["Zone", () => ({ account: { id: ACCOUNT }, name: "example.org", type: "full" })],
    [
      "DnsRecord",
      (of) => ({
        zoneId: of("Zone").id,
        name: "git.example.org",
        type: "A",
        content: "203.0.113.4",
        ttl: 300,
        proxied: false,
        comment: "git",
      }),
    ],
    [
      "Ruleset",
      (of) => ({
        zoneId: of("Zone").id,
        name: "cache",
        kind: "zone",
        phase: "http_request_cache_settings",
        rules: [
          {
            ref: "images",
            expression: 'http.host eq "downloads.example.org"',
            action: "set_cache_settings",
            actionParameters: { cache: true, edgeTtl: { mode: "override_origin", default: 86_400 } },
          },
        ],
      }),
    ],
    ["ZoneSetting", (of) => ({ zoneId: of("Zone").id, settingId: "ssl", value: "strict" })],
    ["ArgoTieredCaching", (of) => ({ zoneId: of("Zone").id, value: "on" })],
    ["UrlNormalizationSettings", (of) => ({ zoneId: of("Zone").id, scope: "both", type: "cloudflare" })],
    ["TieredCache", (of) => ({ zoneId: of("Zone").id, value: "on" })],
    ["RegionalTieredCache", (of) => ({ zoneId: of("Zone").id, value: "off" })],
    ["ZoneDnssec", (of) => ({ zoneId: of("Zone").id, status: "active" })],
    ["EmailRoutingSettings", (of) => ({ zoneId: of("Zone").id })],
    ["List", () => ({ accountId: ACCOUNT, kind: "redirect", name: "old_names", description: "names of the past" })],
    [
      "ListItem",
      (of) => ({
        accountId: ACCOUNT,
        listId: of("List").id,
        comment: "old wiki",
        redirect: { sourceUrl: "old.example.org/", targetUrl: "https://example.org/", preservePathSuffix: true },
      }),
    ],
    [
      "NotificationPolicyWebhooks",
      () => ({ accountId: ACCOUNT, name: "chat", url: "https://chat.example.org/hook", secret: "not-a-secret" }),
    ],
    [
      "NotificationPolicy",
      (of) => ({
        accountId: ACCOUNT,
        name: "incidents",
        alertType: "incident_alert",
        mechanisms: { emails: [{ id: "admin@example.org" }], webhooks: [{ id: of("NotificationPolicyWebhooks").id }] },
      }),
    ],
    ["R2Bucket", () => ({ accountId: ACCOUNT, name: "releases", location: "weur" })],
  ],
};

/** Makes the examples of a cloud, all or until the named type is there. */
export async function makeExamples(rehearsed: Rehearsed, until?: string): Promise<Before> {
  const made = new Map<string, Made>();
  const before: Before = (type) => made.get(type)!;
  for (const [type, inputs] of EXAMPLES[rehearsed.cloud]) {
    made.set(type, await rehearsed.make(type, `${type.toLowerCase()}-1`, inputs(before)));
    if (type === until) break;
  }
  return before;
}
