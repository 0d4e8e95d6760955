import type { PrimaryIpArgs, PrimaryIpState } from "@pulumi/hcloud/primaryIp.js";
import type { RdnsArgs, RdnsState } from "@pulumi/hcloud/rdns.js";
import { firstOf, publicIpv4, publicIpv6Network } from "../addresses.ts";
import type { CloudFile } from "../cloud-file.ts";
import { text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";
import { checkLabels } from "./labels.ts";
import { refuseLocation } from "./offers.ts";

export const primaryIp = resourceTable<PrimaryIpArgs, PrimaryIpState>({
  kind: "framework",
  autoName: { maximum: 255 },
  readsAs: { autoDelete: false, deleteProtection: false, labels: {} },
  optionalComputed: ["location", "datacenter", "assigneeId", "assigneeType"],
  keeps: ["ipAddress", "ipNetwork", "location"],
  replacedBy: ["type", "location"],
  unique: [["name"]],
  check(inputs, fail) {
    checkLabels(inputs, fail);
    if (inputs["datacenter"] !== undefined)
      fail("datacenter", "datacenter was removed by Hetzner in 2026. Set location instead.");
    if (inputs["location"] !== undefined && inputs["assigneeId"] !== undefined)
      fail(
        "location",
        "Exactly one of location and assigneeId may be set: an assigned address takes the place of its server.",
      );
    if (inputs["location"] === undefined && inputs["assigneeId"] === undefined && inputs["datacenter"] === undefined)
      fail("location", "Exactly one of location and assigneeId must be set; neither is.");
    if (inputs["assigneeId"] !== undefined && inputs["assigneeType"] === undefined)
      fail("assigneeId", 'assigneeId and assigneeType must be set together; assigneeType is "server".');
    if (typeof inputs["type"] === "string" && !["ipv4", "ipv6"].includes(inputs["type"]))
      fail("type", `type is "ipv4" or "ipv6", found "${inputs["type"]}".`);
  },
  rules(operation) {
    const { id, object, cloud, refuse } = operation;
    if (id === "" && text(object, "location") !== "") refuseLocation(operation);
    const assignee = text(object, "assigneeId");
    if (assignee !== "" && assignee !== "0" && cloud.get("Server", assignee) === undefined)
      refuse(
        "not_found",
        `assigneeId refers to server ${assignee}, which does not exist`,
        "Refer to the id of a Server, or set location and let the server's publicNets name this address.",
      );
  },
  created: ({ cloud, object }) => ({
    location: object["location"] ?? cloud.get("Server", text(object, "assigneeId"))?.["location"] ?? null,
    assigneeType: "server",
    ...(text(object, "type") === "ipv6"
      ? ipv6(publicIpv6Network(cloud, "hcloud"))
      : { ipAddress: publicIpv4(cloud, "hcloud") }),
  }),
  derived: (object, id, cloud) => ({ assigneeId: holderOf(cloud, id) ?? object["assigneeId"] ?? 0 }),
});

const ipv6 = (ipNetwork: string) => ({ ipAddress: firstOf(ipNetwork).replace(/1$/, ""), ipNetwork });

/** The server whose publicNets name the primary IP. */
export function holderOf(cloud: CloudFile, id: string): number | undefined {
  const [holder] = [...cloud.where("Server", "publicNets.ipv4", id), ...cloud.where("Server", "publicNets.ipv6", id)];
  return holder && Number(holder[0]);
}

const PARENTS = { serverId: "s", primaryIpId: "p", floatingIpId: "f", loadBalancerId: "l" } as const;

export const rdns = resourceTable<RdnsArgs, RdnsState>({
  kind: "framework",
  replacedBy: ["serverId", "primaryIpId", "floatingIpId", "loadBalancerId", "ipAddress"],
  references: {
    serverId: { type: "Server", onDelete: "delete" },
    primaryIpId: { type: "PrimaryIp", onDelete: "delete" },
  },
  check(inputs, fail) {
    const given = Object.keys(PARENTS).filter((key) => inputs[key] !== undefined);
    if (given.length !== 1)
      fail(
        "primaryIpId",
        `Exactly one of ${Object.keys(PARENTS).join(", ")} must be set, found ${given.join(" and ") || "none"}.`,
      );
  },
  rules({ cloud, object, refuse }) {
    for (const key of ["floatingIpId", "loadBalancerId"])
      if (text(object, key) !== "")
        refuse(
          "not_found",
          `${key} is set, but the rehearsal has no such resources`,
          "Rehearse it with the real provider, or name a server or primary IP.",
        );
    const address = text(object, "ipAddress");
    const owner =
      cloud.get("PrimaryIp", text(object, "primaryIpId")) ?? cloud.get("Server", text(object, "serverId")) ?? {};
    const own = [text(owner, "ipAddress"), text(owner, "ipv4Address"), text(owner, "ipv6Address")];
    const networks = [text(owner, "ipNetwork"), text(owner, "ipv6Network")].filter((network) => network !== "");
    const inNetwork = networks.some((network) => address.startsWith(network.replace(/:\/64$/, "")));
    if (!own.includes(address) && !inNetwork)
      refuse(
        "invalid_input",
        `ipAddress ${address} is not an address of its parent (${[...own, ...networks].filter((a) => a !== "").join(", ")})`,
        "Take the address from the resource that the pointer belongs to.",
      );
    if (
      !/^(?=.{1,253}$)([a-zA-Z0-9_]([a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z][a-zA-Z0-9-]*\.?$/.test(
        text(object, "dnsPtr"),
      )
    )
      refuse(
        "invalid_input",
        `dnsPtr "${text(object, "dnsPtr")}" is not a host name`,
        "Give a fully qualified name such as host.example.org.",
      );
  },
  id({ object }) {
    const [key, letter] = Object.entries(PARENTS).find(([name]) => text(object, name) !== "") ?? ["serverId", "s"];
    return `${letter}-${text(object, key)}-${text(object, "ipAddress")}`;
  },
});
