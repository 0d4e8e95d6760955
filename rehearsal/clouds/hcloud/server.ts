import { createHash } from "node:crypto";
import type { ServerArgs, ServerState } from "@pulumi/hcloud/server.js";
import { HETZNER_LIMITS } from "../../../model/catalogue/hetzner.ts";
import { HETZNER_OBJECT_LIMITS } from "../../../model/catalogue/hetzner-limits.ts";
import type { Value, Values } from "../../provider.ts";
import { firstOf, publicIpv4, publicIpv6Network } from "../addresses.ts";
import type { CloudFile } from "../cloud-file.ts";
import { amount, holdsUnknown, items, mapValues, objects, text } from "../property-values.ts";
import { type Operation, resourceTable } from "../resource-table.ts";
import { checkLabels } from "./labels.ts";
import { orderableType, refuseImage, refuseLocation } from "./offers.ts";
import { holderOf } from "./primary-ip.ts";
import { macAddress, privateAddress } from "./private-network.ts";

export const server = resourceTable<ServerArgs, ServerState>({
  kind: "sdk",
  missesWhenGone: true,
  autoName: { maximum: 255 },
  readsAs: {
    backups: false,
    deleteProtection: false,
    ignoreRemoteFirewallIds: false,
    keepDisk: false,
    placementGroupId: 0,
    rebuildProtection: false,
    shutdownBeforeDeletion: false,
  },
  nestedReadsAs: { ipv4Enabled: true, ipv6Enabled: true },
  optionalComputed: ["datacenter", "firewallIds", "image", "location", "networks"],
  nestedComputed: ["ipv4", "ipv6", "ip", "aliasIps", "macAddress", "networkId", "subnetId"],
  replacedBy: ["image", "location", "sshKeys", "userData"],
  sets: ["aliasIps", "firewallIds", "networks", "publicNets"],
  blind: [
    "sshKeys",
    "userData",
    "publicNets",
    "keepDisk",
    "iso",
    "rescue",
    "ignoreRemoteFirewallIds",
    "shutdownBeforeDeletion",
  ],
  stateOf: { userData: (value) => createHash("sha1").update(value).digest("base64") },
  references: {
    // The API refuses to delete a firewall in use, so the provider takes it from its servers first
    // (internal/firewall/resource.go, 1.68.0, 2026-08-17).
    firewallIds: { type: "Firewall", onDelete: "detach" },
    placementGroupId: { type: "PlacementGroup", onDelete: "detach" },
  },
  unique: [["name"]],
  check(inputs, fail) {
    checkLabels(inputs, fail);
    if (inputs["datacenter"] !== undefined)
      fail("datacenter", "datacenter was removed by Hetzner in 2026. Set location instead.");
    const data = inputs["userData"];
    if (typeof data === "string" && Buffer.byteLength(data) > HETZNER_LIMITS.userData)
      fail(
        "userData",
        `User data is limited to ${HETZNER_LIMITS.userData} bytes (32 KiB), this has ${Buffer.byteLength(data)}. Deliver the rest another way.`,
      );
    if (
      !holdsUnknown(inputs["name"]) &&
      text(inputs, "name") !== "" &&
      !/^(?=.{1,253}$)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/.test(
        text(inputs, "name"),
      )
    )
      fail("name", `"${text(inputs, "name")}" is not a host name; a server's name must be one.`);
  },
  rules(operation) {
    const { id, object, refuse } = operation;
    if (id === "") {
      refuseLocation(operation);
      orderableType(operation);
      refuseImage(operation);
      refuseSshKeys(operation);
    }
    if (object["deleteProtection"] !== object["rebuildProtection"])
      refuse("invalid_input", "deleteProtection and rebuildProtection must be equal", "Set both to the same value.");
    refusePlacement(operation);
    refusePrimaryIps(operation);
    if (items(object, "firewallIds").length > HETZNER_OBJECT_LIMITS.firewallsPerServer)
      refuse(
        "resource_limit_exceeded",
        `a server takes at most ${HETZNER_OBJECT_LIMITS.firewallsPerServer} firewalls`,
        "Put the rules into fewer firewalls.",
      );
    if (objects(object, "networks").length > HETZNER_OBJECT_LIMITS.networksPerServer)
      refuse(
        "resource_limit_exceeded",
        `a server takes at most ${HETZNER_OBJECT_LIMITS.networksPerServer} networks`,
        "Attach it to fewer.",
      );
  },
  created: (operation) => ({
    backupWindow: operation.object["backups"] === true ? "22-02" : "",
    primaryDiskSize: orderableType(operation).disk,
    status: "running",
    ...ownAddresses(operation),
    firewallIds: items(operation.object, "firewallIds"),
    networks: attached(operation),
  }),
  updated(operation) {
    const { before, object, refuse } = operation;
    const changes: Values = {
      backupWindow: object["backups"] === true ? "22-02" : "",
      networks: attached(operation),
      ...ownAddresses(operation),
    };
    refuseMoveWhileRunning(operation);
    if (text(before, "serverType") === text(object, "serverType")) return changes;
    const type = orderableType(operation);
    if (type.disk < amount(before, "primaryDiskSize"))
      refuse(
        "invalid_server_type",
        `server type "${text(object, "serverType")}" has a disk of ${type.disk} GB, the server's is ${amount(before, "primaryDiskSize")} GB`,
        "A disk never shrinks: choose a larger type, or replace the server.",
      );
    return object["keepDisk"] === true ? changes : { ...changes, primaryDiskSize: type.disk };
  },
  derived: (object, id, cloud) => ({
    ...publicAddresses(object, cloud),
    ...remoteFirewalls(object, id, cloud),
    publicNets: publicNets(object),
  }),
});

function refuseSshKeys({ object, cloud, refuse }: Operation): void {
  for (const key of items(object, "sshKeys")) {
    const known = cloud.get("SshKey", String(key)) ?? cloud.where("SshKey", "name", key)[0];
    if (known === undefined)
      refuse(
        "not_found",
        `sshKeys names "${String(key)}", which is no SSH key of the project`,
        "Give the name or id of an SshKey.",
      );
  }
}

function refusePlacement({ id, object, cloud, refuse }: Operation): void {
  const group = text(object, "placementGroupId");
  if (group === "" || group === "0") return;
  const others = cloud.where("Server", "placementGroupId", group).filter(([other]) => other !== id);
  if (others.length >= HETZNER_LIMITS.placementGroup)
    refuse(
      "placement_error",
      `placement group ${group} has ${others.length} servers, its maximum`,
      "Make another placement group.",
    );
}

/**
 * Neither the API nor the provider stops the server for it: `setPlacementGroup` in internal/server/resource.go of
 * terraform-provider-hcloud 1.68.0; action add_to_placement_group of the API description of 2026-02-20.
 */
function refuseMoveWhileRunning({ before, object, refuse }: Operation & { readonly before: Values }): void {
  if (amount(before, "placementGroupId") === amount(object, "placementGroupId") || text(before, "status") === "off")
    return;
  refuse(
    "server_not_stopped",
    "a server enters or leaves a placement group only while it is off",
    "Shut it down, run up, and start it again.",
  );
}

function refusePrimaryIps({ id, object, cloud, refuse }: Operation): void {
  for (const net of objects(object, "publicNets"))
    for (const kind of ["ipv4", "ipv6"] as const) {
      const primary = text(net, kind);
      if (primary === "" || primary === "0") continue;
      const address = cloud.get("PrimaryIp", primary) ?? {};
      if (text(address, "type") === "")
        refuse(
          "not_found",
          `publicNets names primary IP ${primary}, which does not exist`,
          "Give the id of a PrimaryIp.",
        );
      if (text(address, "type") !== kind)
        refuse(
          "invalid_input",
          `primary IP ${primary} is an ${text(address, "type")} address, not ${kind}`,
          `Give it as ${text(address, "type")}.`,
        );
      if (text(address, "location") !== text(object, "location"))
        refuse(
          "primary_ip_datacenter_mismatch",
          `primary IP ${primary} is in ${text(address, "location")}, the server in ${text(object, "location")}`,
          "Both must be in one location.",
        );
      const holder = holderOf(cloud, primary) ?? amount(address, "assigneeId");
      if (holder !== 0 && String(holder) !== id)
        refuse(
          "primary_ip_assigned",
          `primary IP ${primary} is already assigned to server ${holder}`,
          "Unassign it first; a server that replaces another must be deleted before (deleteBeforeReplace).",
        );
    }
}

/** What the server gets where no primary IP is named. */
function ownAddresses({ object, cloud }: Operation): Values {
  const net = objects(object, "publicNets")[0] ?? {};
  const needs = (kind: "ipv4" | "ipv6") => net[`${kind}Enabled`] !== false && amount(net, kind) === 0;
  return {
    ...(needs("ipv4") && object["ownIpv4"] === undefined ? { ownIpv4: publicIpv4(cloud, "hcloud") } : {}),
    ...(needs("ipv6") && object["ownIpv6"] === undefined ? { ownIpv6: publicIpv6Network(cloud, "hcloud") } : {}),
  };
}

/** Addresses of the named primary IPs, else the server's own. */
function publicAddresses(object: Values, cloud: CloudFile): Values {
  const net = objects(object, "publicNets")[0] ?? {};
  const primary = (kind: string) => cloud.get("PrimaryIp", text(net, kind)) ?? {};
  const network = text(primary("ipv6"), "ipNetwork") || text(object, "ownIpv6");
  const hasIpv6 = net["ipv6Enabled"] !== false;
  return {
    ipv4Address: net["ipv4Enabled"] === false ? "" : text(primary("ipv4"), "ipAddress") || text(object, "ownIpv4"),
    ipv6Address: hasIpv6 ? firstOf(network) : "",
    ipv6Network: hasIpv6 ? network : "",
  };
}

/** Declared ones with what the cloud adds; null when the program left them out. */
const publicNets = (object: Values): Value =>
  items(object, "publicNets").length === 0
    ? null
    : objects(object, "publicNets").map((net) => ({
        ipv4: 0,
        ipv4Enabled: true,
        ipv6: 0,
        ipv6Enabled: true,
        ...mapValues(net, (value) => value),
      }));

/** Those applied by a FirewallAttachment show as well, and differ from declared ones: do not mix. */
function remoteFirewalls(object: Values, id: string, cloud: CloudFile): Values {
  const own = items(object, "firewallIds");
  if (object["ignoreRemoteFirewallIds"] === true) return { firewallIds: own };
  const applied = cloud
    .where("FirewallAttachment", "serverIds", id)
    .map(([, attachment]) => amount(attachment, "firewallId"));
  return { firewallIds: [...new Set([...own, ...applied])] };
}

function attached(operation: Operation): Value {
  return objects(operation.object, "networks").map((network) => {
    const { networkId, ip } = privateAddress(operation, {
      networkId: text(network, "networkId"),
      subnetId: text(network, "subnetId"),
      wanted: text(network, "ip"),
    });
    return { aliasIps: [], macAddress: macAddress(ip), ...network, networkId: Number(networkId), ip };
  });
}
