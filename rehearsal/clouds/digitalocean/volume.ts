import type { VolumeArgs, VolumeState } from "@pulumi/digitalocean/volume.js";
import type { VolumeAttachmentArgs, VolumeAttachmentState } from "@pulumi/digitalocean/volumeAttachment.js";
import { DIGITALOCEAN_LIMITS } from "../../../model/catalogue/digitalocean.ts";
import { DIGITALOCEAN_OBJECT_LIMITS } from "../../../model/catalogue/digitalocean-limits.ts";
import type { CloudFile } from "../cloud-file.ts";
import { amount, text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";
import { refuseRegion } from "./offers.ts";

const volume = resourceTable<VolumeArgs, VolumeState>({
  kind: "sdk",
  missesWhenGone: true,
  autoName: { lowerCase: true, maximum: 64 },
  optionalComputed: ["filesystemType"],
  replacedBy: ["region", "name", "description", "snapshotId", "initialFilesystemType", "initialFilesystemLabel"],
  sets: ["dropletIds", "tags"],
  unique: [["name", "region"]],
  check(inputs, fail) {
    const { size, initialFilesystemType: type } = inputs;
    if (typeof size === "number" && (size < DIGITALOCEAN_LIMITS.volume.min || size > DIGITALOCEAN_LIMITS.volume.max))
      fail(
        "size",
        `A volume has ${DIGITALOCEAN_LIMITS.volume.min} to ${DIGITALOCEAN_LIMITS.volume.max} GiB, found ${size}.`,
      );
    if (typeof type === "string" && !["ext4", "xfs"].includes(type))
      fail("initialFilesystemType", `initialFilesystemType is "ext4" or "xfs", found "${type}".`);
  },
  planRefusal: (before, after) =>
    typeof after["size"] === "number" && after["size"] < amount(before, "size")
      ? `volumes can only be expanded, not shrunk (from ${amount(before, "size")} to ${after["size"]} GiB).\nKeep the size, or make a smaller volume and copy the data.`
      : undefined,
  rules(operation) {
    const { id, object, refuse } = operation;
    if (id === "") refuseRegion(operation);
    if (!/^[a-z][a-z0-9-]{0,63}$/.test(text(object, "name")))
      refuse(
        "unprocessable_entity",
        `"${text(object, "name")}" is not a name for a volume`,
        "Begin with a lower-case letter; up to 64 lower-case letters, digits and hyphens.",
      );
  },
  created: ({ object }) => ({
    filesystemType: object["initialFilesystemType"] ?? "",
    filesystemLabel: object["initialFilesystemLabel"] ?? "",
  }),
  derived: (_object, id, cloud) => ({ volumeUrn: `do:volume:${id}`, dropletIds: holders(id, cloud) }),
});

const holders = (volumeId: string, cloud: CloudFile): number[] => [
  ...cloud.where("VolumeAttachment", "volumeId", volumeId).map(([, attachment]) => amount(attachment, "dropletId")),
  ...cloud.where("Droplet", "volumeIds", volumeId).map(([id]) => Number(id)),
];

const volumeAttachment = resourceTable<VolumeAttachmentArgs, VolumeAttachmentState>({
  kind: "sdk",
  missesWhenGone: true,
  replacedBy: ["dropletId", "volumeId"],
  references: { dropletId: { type: "Droplet", onDelete: "delete" }, volumeId: { type: "Volume", onDelete: "refuse" } },
  rules({ id, cloud, object, refuse }) {
    const [volumeId, dropletId] = [text(object, "volumeId"), text(object, "dropletId")];
    const holder = holders(volumeId, cloud)[0];
    if (id === "" && holder !== undefined)
      refuse(
        "unprocessable_entity",
        `volume ${volumeId} is already attached to droplet ${holder}`,
        "Delete the other VolumeAttachment first (deleteBeforeReplace when it moves).",
      );
    const [volumeAt, dropletAt] = [
      cloud.get("Volume", volumeId)?.["region"],
      cloud.get("Droplet", dropletId)?.["region"],
    ];
    if (volumeAt !== dropletAt)
      refuse(
        "unprocessable_entity",
        `volume ${volumeId} is in ${String(volumeAt)}, droplet ${dropletId} in ${String(dropletAt)}`,
        "Both must be in one region.",
      );
    const attached = cloud.where("VolumeAttachment", "dropletId", dropletId).filter(([other]) => other !== id);
    if (attached.length >= DIGITALOCEAN_OBJECT_LIMITS.volumesPerDroplet)
      refuse(
        "unprocessable_entity",
        `droplet ${dropletId} has ${attached.length} volumes, its maximum`,
        "Use fewer, larger volumes.",
      );
  },
  id: ({ object, cloud }) =>
    `${text(object, "dropletId")}-${text(object, "volumeId")}-${cloud.next("volumeAttachment")}`,
});

export const volumeTables = { Volume: volume, VolumeAttachment: volumeAttachment };
