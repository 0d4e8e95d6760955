import { describe, expect, test } from "vitest";
import { InitError } from "../../../rehearsal/provider.ts";
import { makeExamples } from "./examples.ts";
import { describeRefusedCreations, filled, number } from "./refused-creations.ts";
import { Rehearsed } from "./rehearsed.ts";

const server = { name: "other", serverType: "cx43", image: "debian-13", location: "fsn1" };
const rule = (port: number) => ({
  direction: "in",
  protocol: "tcp",
  port: String(port),
  sourceIps: ["198.51.100.0/24"],
});

describeRefusedCreations("hcloud", [
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
]);

describe("hcloud refuses", () => {
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

  test("to delete a subnet with a server in it; volumes, firewalls and networks are taken from their servers first", async () => {
    const hcloud = new Rehearsed("hcloud");
    const of = await makeExamples(hcloud);
    await expect(hcloud.remove(of("NetworkSubnet"))).rejects.toThrow(/has an address in it \(resource_in_use\)/);
    // internal/volume/resource.go and internal/firewall/resource.go of terraform-provider-hcloud 1.68.0, and Hetzner's
    // API description of 2026-02-20 for networks.
    for (const type of ["Volume", "Firewall", "Network", "PlacementGroup"]) await hcloud.remove(of(type));
    const server = (await hcloud.read(of("Server")))?.outputs;
    expect(server).toMatchObject({ firewallIds: [], placementGroupId: 0 });
    for (const type of ["VolumeAttachment", "FirewallAttachment", "ServerNetwork"])
      expect(await hcloud.read(of(type)), type).toBeUndefined();
  });

  test("to attach a volume in another location", async () => {
    const hcloud = new Rehearsed("hcloud");
    const volume = await hcloud.make("Volume", "v", { name: "v", size: 10, location: "hel1" });
    const there = await hcloud.make("Server", "s", server);
    await expect(
      hcloud.make("VolumeAttachment", "a", { volumeId: number(volume), serverId: number(there) }),
    ).rejects.toThrow(/is in hel1, server \d+ in fsn1/);
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

  // setPlacementGroup in internal/server/resource.go of terraform-provider-hcloud 1.68.0, and the actions
  // add_to_placement_group and remove_from_placement_group of Hetzner's API description of 2026-02-20.
  test("to move a running server into or out of a placement group", async () => {
    const hcloud = new Rehearsed("hcloud");
    const group = number(await hcloud.make("PlacementGroup", "g", { name: "g", type: "spread" }));
    const host = await hcloud.make("Server", "s", server);
    await expect(hcloud.change(host, { ...server, placementGroupId: group })).rejects.toThrow("(server_not_stopped)");
    await hcloud.edit((objects) => {
      Object.assign(objects["Server"]?.[host.id] ?? {}, { status: "off" });
    });
    expect((await hcloud.change(host, { ...server, placementGroupId: group })).outputs["placementGroupId"]).toBe(group);
  });

  test("to shrink a volume or a disk, when it is done", async () => {
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

  // Update in pkg/tfbridge/provider.go and pkg/pf/tfbridge/provider_update.go of pulumi-terraform-bridge, 2026-08.
  test("an update halfway, where the provider is on Terraform's SDK: what it knew is kept", async () => {
    const hcloud = new Rehearsed("hcloud");
    const data = await hcloud.make("Volume", "v", { name: "v", size: 50, location: "fsn1" });
    const shrunk = hcloud.change(data, { name: "v", size: 40, location: "fsn1" });
    await expect(shrunk).rejects.toMatchObject({ id: data.id, outputs: data.outputs });
    await expect(shrunk).rejects.toBeInstanceOf(InitError);
    const key = (name: string) => ({ name, publicKey: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${name.repeat(43)}` });
    await hcloud.make("SshKey", "a", key("a"));
    const second = await hcloud.make("SshKey", "b", key("b"));
    const renamed = hcloud.change(second, { ...key("b"), name: "a" });
    await expect(renamed).rejects.not.toBeInstanceOf(InitError);
  });

  test("a replacement that comes before the delete when the name is fixed", async () => {
    const hcloud = new Rehearsed("hcloud");
    const old = await hcloud.make("Server", "s", server);
    await expect(hcloud.make("Server", "s", { ...server, image: "debian-12" })).rejects.toThrow("uniqueness_error");
    await hcloud.remove(old);
    expect((await hcloud.make("Server", "s", { ...server, image: "debian-12" })).id).not.toBe(old.id);
  });
});
