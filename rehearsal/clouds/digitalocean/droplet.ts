import { createHash } from "node:crypto";
import type { DropletArgs, DropletState } from "@pulumi/digitalocean/droplet.js";
import { DIGITALOCEAN_LIMITS } from "../../../model/catalogue/digitalocean.ts";
import {
  DIGITALOCEAN_OBJECT_LIMITS,
  DIGITALOCEAN_SYSTEM_IMAGES,
} from "../../../model/catalogue/digitalocean-limits.ts";
import type { Values } from "../../provider.ts";
import { firstOf, ipv4Range, ipv4Text, publicIpv4, publicIpv6Network } from "../addresses.ts";
import { MADE_ON } from "../identifiers.ts";
import { amount, items, text } from "../property-values.ts";
import { type Operation, resourceTable } from "../resource-table.ts";
import { orderableSize, refuseRegion } from "./offers.ts";

export const droplet = resourceTable<DropletArgs, DropletState>({
  kind: "sdk",
  autoName: { maximum: 255 },
  defaults: { resizeDisk: true },
  readsAs: { backups: false, gracefulShutdown: false, ipv6: false, monitoring: false, resizeDisk: true },
  optionalComputed: ["ipv6Address", "privateNetworking", "publicNetworking", "region", "volumeIds", "vpcUuid"],
  replacedBy: [
    "image",
    "region",
    "sshKeys",
    "userData",
    "vpcUuid",
    "monitoring",
    "dropletAgent",
    "publicNetworking",
    "gpuPartitionMode",
  ],
  replacedWhen: { ipv6: (before, after) => before === true && after !== true },
  sets: ["sshKeys", "tags", "volumeIds"],
  blind: ["image", "backupPolicy", "sshKeys", "userData", "dropletAgent", "resizeDisk", "gracefulShutdown"],
  stateOf: { userData: (value) => createHash("sha1").update(value).digest("hex") },
  references: { vpcUuid: { type: "Vpc", onDelete: "refuse" }, volumeIds: { type: "Volume", onDelete: "refuse" } },
  id: ({ cloud }) => String(1000 + cloud.next("droplet")),
  check(inputs, fail) {
    const data = inputs["userData"];
    if (typeof data === "string" && Buffer.byteLength(data) > DIGITALOCEAN_LIMITS.userData)
      fail(
        "userData",
        `User data is limited to ${DIGITALOCEAN_LIMITS.userData} bytes (64 KiB), this has ${Buffer.byteLength(data)}. Deliver the rest another way.`,
      );
  },
  rules(operation) {
    const { id, object, cloud, refuse } = operation;
    if (!/^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,253}[a-zA-Z0-9])?$/.test(text(object, "name")))
      refuse(
        "unprocessable_entity",
        `"${text(object, "name")}" is not a host name; only a-z, A-Z, 0-9, "." and "-" are allowed`,
        "Rename the droplet.",
      );
    if (id === "") {
      if (text(object, "region") !== "") refuseRegion(operation);
      if (!DIGITALOCEAN_SYSTEM_IMAGES.includes(text(object, "image")))
        refuse(
          "unprocessable_entity",
          `there is no image "${text(object, "image")}"`,
          `Choose one of ${DIGITALOCEAN_SYSTEM_IMAGES.join(", ")}.`,
        );
      refuseSshKeys(operation);
    }
    const size = orderableSize(operation);
    if (id !== "" && size.disk < amount(object, "disk"))
      refuse(
        "unprocessable_entity",
        `size "${text(object, "size")}" has a disk of ${size.disk} GB, the droplet's is ${amount(object, "disk")} GB`,
        "A disk never shrinks: choose a larger size, or replace the droplet.",
      );
    const vpc = cloud.get("Vpc", text(object, "vpcUuid"));
    if (vpc !== undefined && vpc["region"] !== object["region"])
      refuse(
        "unprocessable_entity",
        `VPC ${text(object, "vpcUuid")} is in ${text(vpc, "region")}, the droplet in ${text(object, "region")}`,
        "Both must be in one region.",
      );
    refuseVolumes(operation);
  },
  created(operation) {
    const { object, cloud } = operation;
    const ipv6 = object["ipv6"] === true ? publicIpv6Network(cloud, "digitalocean") : undefined;
    return {
      createdAt: MADE_ON,
      locked: false,
      status: "active",
      privateNetworking: true,
      publicNetworking: object["publicNetworking"] ?? true,
      region: object["region"] ?? "nyc3",
      ipv4Address: publicIpv4(cloud, "digitalocean"),
      ipv4AddressPrivate: privateAddress(operation),
      ipv6Address: ipv6 === undefined ? "" : firstOf(ipv6),
      ...sized(operation, true),
    };
  },
  updated: (operation) => {
    const { before, object, cloud } = operation;
    const turnedOn = before["ipv6"] !== true && object["ipv6"] === true;
    return {
      ...sized(operation, object["resizeDisk"] !== false),
      ...(turnedOn ? { ipv6Address: firstOf(publicIpv6Network(cloud, "digitalocean")) } : {}),
    };
  },
  deleted({ id, cloud }) {
    for (const [ip, address] of cloud.where("ReservedIp", "dropletId", id))
      cloud.put("ReservedIp", ip, { ...address, dropletId: 0 });
  },
  derived: (object, id, cloud) => ({
    dropletUrn: `do:droplet:${id}`,
    vpcUuid: object["vpcUuid"] ?? "default-vpc",
    volumeIds: [
      ...new Set([
        ...items(object, "volumeIds"),
        ...cloud.where("VolumeAttachment", "dropletId", id).map(([, { volumeId }]) => volumeId ?? null),
      ]),
    ],
  }),
});

function sized(operation: Operation, withDisk: boolean): Values {
  const { vcpus, memory, disk, monthly } = orderableSize(operation);
  return {
    vcpus,
    memory: memory * 1024,
    ...(withDisk ? { disk } : {}),
    priceMonthly: monthly,
    priceHourly: Math.round((monthly / 672) * 100_000) / 100_000,
  };
}

/** The next address of the VPC; 10.0.0.0/8 stands for the region's default VPC. */
function privateAddress({ object, cloud }: Operation): string {
  const vpc = text(object, "vpcUuid");
  const range = ipv4Range(text(cloud.get("Vpc", vpc) ?? {}, "ipRange")) ?? { first: 10 * 2 ** 24 };
  return ipv4Text(range.first + 1 + cloud.next(`private address ${vpc || "default"}`));
}

function refuseSshKeys({ object, cloud, refuse }: Operation): void {
  for (const key of items(object, "sshKeys")) {
    const known = cloud.get("SshKey", String(key)) ?? cloud.where("SshKey", "fingerprint", key)[0];
    if (known === undefined)
      refuse(
        "unprocessable_entity",
        `sshKeys names "${String(key)}", which is no SSH key of the account`,
        "Give the id or fingerprint of an SshKey.",
      );
  }
}

function refuseVolumes({ id, object, cloud, refuse }: Operation): void {
  const volumes = items(object, "volumeIds").map(String);
  if (volumes.length > DIGITALOCEAN_OBJECT_LIMITS.volumesPerDroplet)
    refuse(
      "unprocessable_entity",
      `a droplet takes at most ${DIGITALOCEAN_OBJECT_LIMITS.volumesPerDroplet} volumes`,
      "Use fewer, larger volumes.",
    );
  for (const volume of volumes) {
    if (cloud.get("Volume", volume)?.["region"] !== object["region"])
      refuse(
        "unprocessable_entity",
        `volume ${volume} is not in the droplet's region ${text(object, "region")}`,
        "Both must be in one region.",
      );
    const holder = cloud.where("Droplet", "volumeIds", volume).find(([other]) => other !== id);
    if (holder)
      refuse("unprocessable_entity", `volume ${volume} is attached to droplet ${holder[0]}`, "Detach it there first.");
  }
}
