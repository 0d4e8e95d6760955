import type { FirewallArgs, FirewallState } from "@pulumi/digitalocean/firewall.js";
import type { ReservedIpArgs, ReservedIpState } from "@pulumi/digitalocean/reservedIp.js";
import type { ReservedIpAssignmentArgs, ReservedIpAssignmentState } from "@pulumi/digitalocean/reservedIpAssignment.js";
import type { VpcArgs, VpcState } from "@pulumi/digitalocean/vpc.js";
import { DIGITALOCEAN_OBJECT_LIMITS } from "../../../model/catalogue/digitalocean-limits.ts";
import type { Values } from "../../provider.ts";
import { ipv4Number, ipv4Range, isCidr, overlap, publicIpv4 } from "../addresses.ts";
import { MADE_ON } from "../identifiers.ts";
import { holdsUnknown, isZero, items, objects, text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";
import { refuseRegion } from "./offers.ts";

const vpc = resourceTable<VpcArgs, VpcState>({
  kind: "sdk",
  missesWhenGone: true,
  autoName: { maximum: 255 },
  optionalComputed: ["ipRange"],
  replacedBy: ["region", "ipRange"],
  unique: [["name"]],
  rules(operation) {
    const { id, cloud, object, refuse } = operation;
    if (id === "") refuseRegion(operation);
    const range = ipv4Range(text(object, "ipRange"));
    if (text(object, "ipRange") === "") return;
    if (range === undefined)
      return refuse(
        "unprocessable_entity",
        `ipRange "${text(object, "ipRange")}" is not an IPv4 range`,
        "Write 10.20.0.0/20.",
      );
    const clash = cloud
      .all("Vpc")
      .find(
        ([other, existing]) =>
          other !== id && overlap(range, ipv4Range(text(existing, "ipRange")) ?? { first: -1, last: -1 }),
      );
    if (clash)
      refuse(
        "unprocessable_entity",
        `ipRange ${text(object, "ipRange")} overlaps VPC "${text(clash[1], "name")}"`,
        "Choose another range of the account's private addresses.",
      );
  },
  created: ({ cloud, object }) => ({
    ipRange: object["ipRange"] ?? `10.${100 + cloud.next("vpc")}.0.0/20`,
    default: false,
    createdAt: MADE_ON,
  }),
  derived: (_object, id) => ({ vpcUrn: `do:vpc:${id}` }),
});

const firewall = resourceTable<FirewallArgs, FirewallState>({
  kind: "sdk",
  missesWhenGone: true,
  autoName: { maximum: 255 },
  readsAs: { dropletIds: [], inboundRules: [], outboundRules: [], tags: [] },
  sets: [
    "dropletIds",
    "inboundRules",
    "outboundRules",
    "tags",
    ...["Addresses", "DropletIds", "KubernetesIds", "LoadBalancerUids", "Tags"].flatMap((list) => [
      `source${list}`,
      `destination${list}`,
    ]),
  ],
  unique: [["name"]],
  check(inputs, fail) {
    if (isZero(inputs["inboundRules"]) && isZero(inputs["outboundRules"]))
      fail("inboundRules", "At least one rule must be specified.");
    for (const direction of ["inboundRules", "outboundRules"])
      for (const [index, rule] of objects(inputs, direction).entries()) {
        const protocol = text(rule, "protocol");
        if (holdsUnknown(rule["protocol"]) || holdsUnknown(rule["portRange"])) continue;
        if (!["tcp", "udp", "icmp"].includes(protocol))
          fail(`${direction}[${index}].protocol`, `protocol is tcp, udp or icmp, found "${protocol}".`);
        else if (protocol !== "icmp" && text(rule, "portRange") === "")
          fail(
            `${direction}[${index}].portRange`,
            `portRange is required for ${protocol}: "443", "1000-2000" or "all".`,
          );
      }
  },
  rules({ object, cloud, refuse }) {
    const rules = [...objects(object, "inboundRules"), ...objects(object, "outboundRules")];
    if (rules.length > DIGITALOCEAN_OBJECT_LIMITS.firewallRules)
      refuse(
        "unprocessable_entity",
        `a firewall takes at most ${DIGITALOCEAN_OBJECT_LIMITS.firewallRules} rules, this has ${rules.length}`,
        "Merge rules or split the firewall.",
      );
    for (const rule of rules) {
      const wrong = [...items(rule, "sourceAddresses"), ...items(rule, "destinationAddresses")]
        .map(String)
        .find((peer) => !isCidr(peer) && ipv4Number(peer) === undefined && !peer.includes(":"));
      if (wrong !== undefined)
        refuse(
          "unprocessable_entity",
          `"${wrong}" is neither an address nor a range`,
          "Write 203.0.113.7 or 2001:db8::/32.",
        );
    }
    const droplets = items(object, "dropletIds");
    if (droplets.length > DIGITALOCEAN_OBJECT_LIMITS.dropletsPerFirewall)
      refuse(
        "unprocessable_entity",
        `a firewall takes at most ${DIGITALOCEAN_OBJECT_LIMITS.dropletsPerFirewall} droplets by id`,
        "Apply it by tag.",
      );
    const missing = droplets.find((id) => cloud.get("Droplet", String(id)) === undefined);
    if (missing !== undefined)
      refuse(
        "unprocessable_entity",
        `dropletIds names droplet ${String(missing)}, which does not exist`,
        "Refer to ids of Droplets.",
      );
  },
  created: () => ({ createdAt: MADE_ON, status: "succeeded", pendingChanges: [] }),
  derived: (object, _id, cloud) => ({
    dropletIds: items(object, "dropletIds").filter((droplet) => cloud.get("Droplet", String(droplet)) !== undefined),
  }),
});

const reservedIp = resourceTable<ReservedIpArgs, ReservedIpState>({
  kind: "sdk",
  missesWhenGone: true,
  optionalComputed: ["ipAddress"],
  replacedBy: ["region"],
  rules(operation) {
    const { id, object, cloud, refuse } = operation;
    if (id === "") refuseRegion(operation);
    const droplet = text(object, "dropletId");
    if (droplet !== "" && droplet !== "0")
      refuseDroplet(cloud.get("Droplet", droplet), droplet, text(object, "region"), refuse);
  },
  created: ({ cloud }) => ({ ipAddress: publicIpv4(cloud, "digitalocean") }),
  // An update touches the droplet only when that input changes: an assignment stays.
  updated: ({ before, object }) =>
    before["assigned"] === true && isZero(object["dropletId"]) ? { dropletId: before["dropletId"] ?? null } : {},
  id: ({ object }) => text(object, "ipAddress"),
  // Only a droplet that was declared here is read back (resource_reserved_ip.go): an assignment does not show as drift.
  derived: (object, id) => ({
    reservedIpUrn: `do:reservedip:${id}`,
    dropletId: object["assigned"] === true ? null : (object["dropletId"] ?? null),
  }),
});

const reservedIpAssignment = resourceTable<ReservedIpAssignmentArgs, ReservedIpAssignmentState>({
  kind: "sdk",
  missesWhenGone: true,
  replacedBy: ["dropletId", "ipAddress"],
  references: {
    dropletId: { type: "Droplet", onDelete: "delete" },
    ipAddress: { type: "ReservedIp", onDelete: "delete" },
  },
  rules({ object, cloud, refuse }) {
    const [droplet, ip] = [text(object, "dropletId"), text(object, "ipAddress")];
    refuseDroplet(cloud.get("Droplet", droplet), droplet, text(cloud.get("ReservedIp", ip) ?? {}, "region"), refuse);
  },
  // Its Read hands on the API's 404 (resource_reserved_ip_assignment.go, 2.99.1, 2026-08-06).
  readError: (state, cloud) =>
    cloud.get("ReservedIp", text(state, "ipAddress")) === undefined
      ? `the reserved IP ${text(state, "ipAddress")} does not exist any more (not_found).\nRefreshes fail until the assignment is out of the state: pulumi state delete --force <urn>. Then deploy.`
      : undefined,
  // A reserved IP moves: assigning it elsewhere ends the assignment that there was.
  created({ object, cloud }) {
    const ip = text(object, "ipAddress");
    cloud.put("ReservedIp", ip, {
      ...cloud.get("ReservedIp", ip),
      dropletId: object["dropletId"] ?? null,
      assigned: true,
    });
    return {};
  },
  id: ({ object, cloud }) =>
    `${text(object, "dropletId")}-${text(object, "ipAddress")}-${cloud.next("reservedIpAssignment")}`,
  gone: (object, _id, cloud) =>
    cloud.get("ReservedIp", text(object, "ipAddress"))?.["dropletId"] !== object["dropletId"],
  deleted({ object, cloud }) {
    const ip = text(object, "ipAddress");
    const address = cloud.get("ReservedIp", ip);
    if (address?.["dropletId"] === object["dropletId"]) cloud.put("ReservedIp", ip, { ...address, dropletId: 0 });
  },
});

function refuseDroplet(
  droplet: Values | undefined,
  id: string,
  region: string,
  refuse: (code: string, rule: string, remedy: string) => never,
): void {
  if (droplet === undefined)
    refuse(
      "unprocessable_entity",
      `dropletId refers to droplet ${id}, which does not exist`,
      "Refer to the id of a Droplet.",
    );
  else if (text(droplet, "region") !== region)
    refuse(
      "unprocessable_entity",
      `the reserved IP is in ${region}, droplet ${id} in ${text(droplet, "region")}`,
      "Both must be in one region.",
    );
}

export const networkTables = {
  Firewall: firewall,
  ReservedIp: reservedIp,
  ReservedIpAssignment: reservedIpAssignment,
  Vpc: vpc,
};
