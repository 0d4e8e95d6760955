import type { NetworkArgs, NetworkState } from "@pulumi/hcloud/network.js";
import type { NetworkSubnetArgs, NetworkSubnetState } from "@pulumi/hcloud/networkSubnet.js";
import type { ServerNetworkArgs, ServerNetworkState } from "@pulumi/hcloud/serverNetwork.js";
import { HETZNER_LOCATIONS } from "../../../model/catalogue/hetzner.ts";
import { HETZNER_OBJECT_LIMITS } from "../../../model/catalogue/hetzner-limits.ts";
import { ipv4Range, ipv4Text, overlap, within } from "../addresses.ts";
import { objects, text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";
import { checkLabels } from "./labels.ts";
import { macAddress, privateAddress } from "./private-network.ts";

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const ZONES = [...new Set(Object.values(HETZNER_LOCATIONS).map(({ networkZone }) => networkZone as string))];

const network = resourceTable<NetworkArgs, NetworkState>({
  kind: "sdk",
  autoName: { maximum: 255 },
  readsAs: { deleteProtection: false, exposeRoutesToVswitch: false },
  replacedBy: ["ipRange"],
  unique: [["name"]],
  check(inputs, fail) {
    checkLabels(inputs, fail);
    const range = inputs["ipRange"];
    if (typeof range === "string" && ipv4Range(range) === undefined)
      fail("ipRange", `"${range}" is not an IPv4 range such as 10.0.0.0/16.`);
  },
  rules({ object, refuse }) {
    const range = ipv4Range(text(object, "ipRange"));
    if (range && !PRIVATE.some((outer) => within(range, ipv4Range(outer) ?? range)))
      refuse(
        "invalid_input",
        `ipRange ${text(object, "ipRange")} is not private`,
        `Take a part of ${PRIVATE.join(", ")}.`,
      );
  },
  // "Attached resources will be detached automatically" (Hetzner's API description, 2026-02-20).
  deleted({ id, cloud }) {
    for (const [server, object] of cloud.where("Server", "networks.networkId", id)) {
      const networks = objects(object, "networks").filter((network) => text(network, "networkId") !== id);
      cloud.put("Server", server, { ...object, networks });
    }
  },
});

const networkSubnet = resourceTable<NetworkSubnetArgs, NetworkSubnetState>({
  kind: "sdk",
  replacedBy: ["networkId", "type", "networkZone", "ipRange", "vswitchId"],
  references: { networkId: { type: "Network", onDelete: "delete" } },
  check(inputs, fail) {
    const type = inputs["type"];
    if (typeof type === "string" && !["cloud", "server", "vswitch"].includes(type))
      fail("type", `type is cloud, server or vswitch, found "${type}".`);
  },
  rules({ id, cloud, object, refuse }) {
    const [net, cidr] = [text(object, "networkId"), text(object, "ipRange")];
    const [range, outer] = [ipv4Range(cidr), ipv4Range(text(cloud.get("Network", net) ?? {}, "ipRange"))];
    if (range === undefined || outer === undefined || !within(range, outer))
      return refuse(
        "invalid_input",
        `ipRange ${cidr} is not inside network ${net}`,
        "Choose a part of the network's ipRange.",
      );
    const siblings = cloud.where("NetworkSubnet", "networkId", net).filter(([other]) => other !== id);
    const clash = siblings.find(([, subnet]) =>
      overlap(range, ipv4Range(text(subnet, "ipRange")) ?? { first: -1, last: -1 }),
    );
    if (clash)
      refuse("invalid_input", `ipRange ${cidr} overlaps subnet ${clash[0]}`, "Choose a free part of the network.");
    if (siblings.length >= HETZNER_OBJECT_LIMITS.subnetsPerNetwork)
      refuse(
        "resource_limit_exceeded",
        `network ${net} has ${siblings.length} subnets, its maximum`,
        "Use another network.",
      );
    if (!ZONES.includes(text(object, "networkZone")))
      refuse(
        "invalid_input",
        `there is no network zone "${text(object, "networkZone")}"`,
        `Choose one of ${ZONES.join(", ")}.`,
      );
  },
  id: ({ object }) => `${text(object, "networkId")}-${text(object, "ipRange")}`,
  created: ({ object }) => ({ gateway: ipv4Text((ipv4Range(text(object, "ipRange"))?.first ?? 0) + 1) }),
  deleted({ id, cloud, refuse }) {
    const user = cloud.where("ServerNetwork", "subnetId", id)[0];
    if (user)
      refuse(
        "resource_in_use",
        `server ${text(user[1], "serverId")} has an address in it`,
        "Delete the ServerNetwork first.",
      );
  },
});

const serverNetwork = resourceTable<ServerNetworkArgs, ServerNetworkState>({
  kind: "framework",
  readsAs: { aliasIps: [] },
  optionalComputed: ["networkId", "ip"],
  keeps: ["networkId", "ip", "macAddress"],
  replacedBy: ["serverId", "networkId", "subnetId", "ip"],
  sets: ["aliasIps"],
  references: { serverId: { type: "Server", onDelete: "delete" }, networkId: { type: "Network", onDelete: "delete" } },
  check(inputs, fail) {
    const given = ["networkId", "subnetId"].filter((key) => inputs[key] !== undefined);
    if (given.length !== 1)
      fail(
        "networkId",
        `Exactly one of networkId and subnetId must be set, found ${given.length === 0 ? "neither" : "both"}.`,
      );
  },
  rules({ id, cloud, object, refuse }) {
    const [server, net] = [text(object, "serverId"), networkOf(object)];
    const attachments = cloud.where("ServerNetwork", "serverId", server).filter(([other]) => other !== id);
    if (attachments.some(([, attachment]) => text(attachment, "networkId") === net))
      refuse(
        "server_already_attached",
        `server ${server} is already attached to network ${net}`,
        "One ServerNetwork per server and network; a replacement must delete the old one first (deleteBeforeReplace).",
      );
    if (attachments.length >= HETZNER_OBJECT_LIMITS.networksPerServer)
      refuse(
        "resource_limit_exceeded",
        `server ${server} is attached to ${attachments.length} networks, its maximum`,
        "Detach it from one.",
      );
  },
  id: ({ object }) => `${text(object, "serverId")}-${networkOf(object)}`,
  created(operation) {
    const { object } = operation;
    const { networkId, ip } = privateAddress(operation, {
      networkId: text(object, "networkId"),
      subnetId: text(object, "subnetId"),
      wanted: text(object, "ip"),
    });
    return { networkId: Number(networkId), ip, macAddress: macAddress(ip) };
  },
});

const networkOf = (object: Parameters<typeof text>[0]): string =>
  text(object, "networkId") || text(object, "subnetId").split("-", 1)[0] || "";

export const networkTables = { Network: network, NetworkSubnet: networkSubnet, ServerNetwork: serverNetwork };
