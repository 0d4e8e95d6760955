import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { CloudSchema } from "../../../rehearsal/clouds/schema/cloud-schema.ts";
import { Unknown, type Values } from "../../../rehearsal/provider.ts";
import { makeExamples } from "./examples.ts";
import { Rehearsed, type SimulatedCloud } from "./rehearsed.ts";

/**
 * The inputs whose change replaces, one file of the upstream provider each: `ForceNew` (terraform-provider-hcloud 1.68.0,
 * terraform-provider-digitalocean 2.99.1) or `RequiresReplace` (cloudflare 5.22.0 and newer hcloud resources).
 */
const REPLACED_BY: Record<SimulatedCloud, Record<string, [source: string, ...inputs: string[]]>> = {
  hcloud: {
    Firewall: ["internal/firewall/resource.go"],
    FirewallAttachment: ["internal/firewall/attachment_resource.go", "firewallId"],
    Network: ["internal/network/resource.go", "ipRange"],
    NetworkSubnet: ["internal/network/resource_subnet.go", "ipRange", "networkId", "networkZone", "type", "vswitchId"],
    PlacementGroup: ["internal/placementgroup/resource.go"],
    PrimaryIp: ["internal/primaryip/resource.go", "location", "type"],
    Rdns: ["internal/rdns/resource.go", "floatingIpId", "ipAddress", "loadBalancerId", "primaryIpId", "serverId"],
    Server: ["internal/server/resource.go", "image", "location", "sshKeys", "userData"],
    ServerNetwork: ["internal/server/resource_network.go", "ip", "networkId", "serverId", "subnetId"],
    Snapshot: ["internal/snapshot/resource.go", "serverId"],
    SshKey: ["internal/sshkey/resource.go", "publicKey"],
    StorageBox: ["internal/storagebox/resource.go", "location", "sshKeys"],
    StorageBoxSubaccount: ["internal/storageboxsubaccount/resource.go", "storageBoxId"],
    Volume: ["internal/volume/resource.go", "location"],
    VolumeAttachment: ["internal/volume/resource_attachment.go", "serverId", "volumeId"],
  },
  digitalocean: {
    Droplet: [
      "digitalocean/droplet/resource_droplet.go",
      "dropletAgent",
      "gpuPartitionMode",
      "image",
      "ipv6", // when turned off; an unknown counts as off
      "monitoring",
      "publicNetworking",
      "region",
      "sshKeys",
      "userData",
      "vpcUuid",
    ],
    Firewall: ["digitalocean/firewall/firewalls.go"],
    MonitorAlert: ["digitalocean/monitoring/resource_monitor_alert.go"],
    Project: ["digitalocean/project/resource_project.go"],
    ProjectResources: ["digitalocean/project/resource_project_resources.go", "project"],
    ReservedIp: ["digitalocean/reservedip/resource_reserved_ip.go", "region"],
    ReservedIpAssignment: ["digitalocean/reservedip/resource_reserved_ip_assignment.go", "dropletId", "ipAddress"],
    SpacesBucket: ["digitalocean/spaces/resource_spaces_bucket.go", "region"],
    SshKey: ["digitalocean/sshkey/resource_ssh_key.go", "publicKey"],
    Tag: ["digitalocean/tag/resource_tag.go", "name"],
    UptimeAlert: ["digitalocean/uptime/resource_uptime_alert.go"],
    UptimeCheck: ["digitalocean/uptime/resource_uptime_check.go"],
    Volume: [
      "digitalocean/volume/resource_volume.go",
      "description",
      "initialFilesystemLabel",
      "initialFilesystemType",
      "name",
      "region",
      "snapshotId",
    ],
    VolumeAttachment: ["digitalocean/volume/resource_volume_attachment.go", "dropletId", "volumeId"],
    Vpc: ["digitalocean/vpc/resource_vpc.go", "ipRange", "region"],
  },
  cloudflare: {
    ArgoTieredCaching: ["internal/services/argo_tiered_caching/schema.go", "zoneId"],
    DnsRecord: ["internal/services/dns_record/schema.go", "type", "zoneId"],
    EmailRoutingSettings: ["internal/services/email_routing_settings/schema.go", "zoneId"],
    List: ["internal/services/list/schema.go", "accountId", "kind", "name"],
    ListItem: [
      "internal/services/list_item/schema.go",
      "accountId",
      "asn",
      "comment",
      "hostname",
      "ip",
      "listId",
      "redirect",
    ],
    NotificationPolicy: ["internal/services/notification_policy/schema.go", "accountId"],
    NotificationPolicyWebhooks: ["internal/services/notification_policy_webhooks/schema.go", "accountId"],
    R2Bucket: ["internal/services/r2_bucket/schema.go", "accountId", "jurisdiction", "name"],
    RegionalTieredCache: ["internal/services/regional_tiered_cache/schema.go", "zoneId"],
    Ruleset: ["internal/services/ruleset/schema.go", "accountId", "kind", "name", "phase", "zoneId"],
    TieredCache: ["internal/services/tiered_cache/schema.go", "zoneId"],
    UrlNormalizationSettings: ["internal/services/url_normalization_settings/schema.go", "zoneId"],
    Zone: ["internal/services/zone/schema.go", "account", "name"],
    ZoneDnssec: ["internal/services/zone_dnssec/schema.go", "zoneId"],
    ZoneSetting: ["internal/services/zone_setting/schema.go", "settingId", "zoneId"],
  },
};

describe.each(Object.keys(REPLACED_BY) as SimulatedCloud[])("%s", (cloud) => {
  test.each(Object.entries(REPLACED_BY[cloud]))(
    "replaces %s for exactly the inputs that its upstream source names: %s",
    async (type, [, ...expected]) => {
      const rehearsed = new Rehearsed(cloud);
      const made = (await makeExamples(rehearsed, type))(type);
      const replacing: string[] = [];
      for (const name of schemaInputs(cloud, type)) {
        const { urn, id, inputs, outputs } = made;
        const news: Values = { ...inputs, [name]: Unknown.value };
        const diff = await rehearsed.provider.diff({
          urn,
          id,
          olds: outputs,
          oldInputs: inputs,
          news,
          ignoreChanges: [],
        });
        if (diff.replaces.includes(name)) replacing.push(name);
      }
      expect(replacing).toEqual(expected);
    },
  );
});

function schemaInputs(cloud: SimulatedCloud, type: string): string[] {
  const file = new URL(`../../../rehearsal/clouds/schema/${cloud}.json`, import.meta.url);
  const { resources } = JSON.parse(readFileSync(file, "utf8")) as CloudSchema;
  return Object.keys(resources[type]!.inputs)
    .map((name) => name.replace("?", ""))
    .sort();
}

describe("a replacement", () => {
  test("of a server with an explicit name is asked to delete first; with a made name it is not", async () => {
    const rehearsed = new Rehearsed("hcloud");
    const base = { serverType: "cx43", image: "debian-12", location: "fsn1" };
    const named = await rehearsed.make("Server", "git", { ...base, name: "git" });
    const unnamed = await rehearsed.make("Server", "worker", base);
    expect(unnamed.inputs["name"]).toMatch(/^worker-[0-9a-f]{7}$/);
    expect(await rehearsed.diff(named, { ...base, name: "git", image: "debian-13" })).toMatchObject({
      replaces: ["image"],
      deleteBeforeReplace: true,
    });
    expect(await rehearsed.diff(unnamed, { ...base, image: "debian-13" })).toMatchObject({
      replaces: ["image"],
      deleteBeforeReplace: false,
    });
  });

  test("of a plugin-framework resource never asks to delete first (pulumi-terraform-bridge#823)", async () => {
    const rehearsed = new Rehearsed("hcloud");
    const made = await rehearsed.make("PrimaryIp", "ip", { name: "ip", type: "ipv4", location: "fsn1" });
    expect(await rehearsed.diff(made, { name: "ip", type: "ipv4", location: "hel1" })).toMatchObject({
      replaces: ["location"],
      deleteBeforeReplace: false,
    });
  });

  test("gets a new made name in its second check, and an update keeps the old one", async () => {
    const rehearsed = new Rehearsed("hcloud");
    const made = await rehearsed.make("Volume", "data", { size: 10, location: "fsn1" });
    expect((await rehearsed.checked("Volume", "data", { size: 20, location: "fsn1" }, made.inputs))["name"]).toBe(
      made.inputs["name"],
    );
    expect((await rehearsed.checked("Volume", "data", { size: 20, location: "fsn1" }))["name"]).not.toBe(
      made.inputs["name"],
    );
  });

  test("of a droplet follows from turning IPv6 off, not from turning it on", async () => {
    const rehearsed = new Rehearsed("digitalocean");
    const droplet = { name: "wiki", size: "s-1vcpu-2gb", image: "debian-13-x64", region: "fra1" };
    const without = await rehearsed.make("Droplet", "a", droplet);
    const withIpv6 = await rehearsed.make("Droplet", "b", { ...droplet, ipv6: true });
    expect(await rehearsed.diff(without, { ...droplet, ipv6: true })).toMatchObject({ diffs: ["ipv6"], replaces: [] });
    expect(await rehearsed.diff(withIpv6, droplet)).toMatchObject({ diffs: ["ipv6"], replaces: ["ipv6"] });
  });

  test("of a storage box follows from other SSH keys (and loses its data), none from another type", async () => {
    const rehearsed = new Rehearsed("hcloud");
    const box = { name: "b", storageBoxType: "bx11", location: "fsn1", password: "Correct-Horse-7" };
    const made = await rehearsed.make("StorageBox", "b", box);
    expect(await rehearsed.diff(made, { ...box, sshKeys: ["ssh-ed25519 AAAA"] })).toMatchObject({
      replaces: ["sshKeys"],
    });
    expect(await rehearsed.diff(made, { ...box, storageBoxType: "bx21" })).toMatchObject({
      diffs: ["storageBoxType"],
      replaces: [],
    });
  });

  test("of a bucket does not follow from another location, which is ignored after creation", async () => {
    const rehearsed = new Rehearsed("cloudflare");
    const bucket = { accountId: "a", name: "releases", location: "weur" };
    const made = await rehearsed.make("R2Bucket", "b", bucket);
    expect(await rehearsed.diff(made, { ...bucket, location: "enam" })).toMatchObject({ changes: "none" });
  });
});
