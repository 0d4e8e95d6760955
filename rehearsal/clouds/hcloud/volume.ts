import type { VolumeArgs, VolumeState } from "@pulumi/hcloud/volume.js";
import type { VolumeAttachmentArgs, VolumeAttachmentState } from "@pulumi/hcloud/volumeAttachment.js";
import { HETZNER_LIMITS } from "../../../model/catalogue/hetzner.ts";
import { HETZNER_OBJECT_LIMITS } from "../../../model/catalogue/hetzner-limits.ts";
import { amount, text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";
import { checkLabels } from "./labels.ts";
import { refuseLocation } from "./offers.ts";

const volume = resourceTable<VolumeArgs, VolumeState>({
  kind: "sdk",
  autoName: { maximum: 64 },
  readsAs: { deleteProtection: false },
  optionalComputed: ["location", "serverId"],
  replacedBy: ["location"],
  blind: ["format", "automount"],
  unique: [["name"]],
  check(inputs, fail) {
    checkLabels(inputs, fail);
    const { size, format } = inputs;
    if (typeof size === "number" && (size < HETZNER_LIMITS.volume.min || size > HETZNER_LIMITS.volume.max))
      fail("size", `A volume has ${HETZNER_LIMITS.volume.min} to ${HETZNER_LIMITS.volume.max} GB, found ${size}.`);
    if (typeof format === "string" && !["ext4", "xfs"].includes(format))
      fail("format", `format is "ext4" or "xfs", found "${format}".`);
  },
  rules(operation) {
    const { id, object, cloud, refuse } = operation;
    const server = text(object, "serverId");
    if (id === "" && (text(object, "location") !== "") === (server !== "" && server !== "0"))
      refuse(
        "invalid_input",
        "exactly one of location and serverId must be set",
        "Set location, and attach the volume with a VolumeAttachment.",
      );
    if (id === "" && server === "") refuseLocation(operation);
    if (server !== "" && server !== "0" && cloud.get("Server", server) === undefined)
      refuse("not_found", `serverId refers to server ${server}, which does not exist`, "Refer to the id of a Server.");
  },
  created({ object, cloud }) {
    const server = cloud.get("Server", text(object, "serverId"));
    return server ? { location: server["location"] ?? null } : {};
  },
  updated({ before, object, refuse }) {
    if (amount(object, "size") < amount(before, "size"))
      refuse(
        "invalid_input",
        `a volume cannot shrink from ${amount(before, "size")} to ${amount(object, "size")} GB`,
        "Keep the size, or make a smaller volume and copy the data.",
      );
    return {};
  },
  derived: (object, id, cloud) => {
    const server = cloud.get("VolumeAttachment", id)?.["serverId"] ?? object["serverId"];
    return {
      linuxDevice: `/dev/disk/by-id/scsi-0HC_Volume_${id}`,
      ...(server === undefined ? {} : { serverId: server }),
    };
  },
});

const volumeAttachment = resourceTable<VolumeAttachmentArgs, VolumeAttachmentState>({
  kind: "sdk",
  optionalComputed: ["automount"],
  replacedBy: ["serverId", "volumeId"],
  blind: ["automount"],
  references: {
    serverId: { type: "Server", onDelete: "delete" },
    // The API refuses to delete an attached volume, so the provider detaches it first: internal/volume/resource.go of
    // hetznercloud/terraform-provider-hcloud, 2026-08-17.
    volumeId: { type: "Volume", onDelete: "delete" },
  },
  rules({ id, cloud, object, refuse }) {
    const [volumeId, serverId] = [text(object, "volumeId"), text(object, "serverId")];
    const holder = cloud.get("VolumeAttachment", volumeId) ?? cloud.get("Volume", volumeId);
    if (id === "" && text(holder ?? {}, "serverId") !== "")
      refuse(
        "volume_already_attached",
        `volume ${volumeId} is already attached to server ${text(holder ?? {}, "serverId")}`,
        "Delete the other VolumeAttachment first (deleteBeforeReplace when it moves).",
      );
    const [volumeAt, serverAt] = [
      cloud.get("Volume", volumeId)?.["location"],
      cloud.get("Server", serverId)?.["location"],
    ];
    if (volumeAt !== serverAt)
      refuse(
        "invalid_input",
        `volume ${volumeId} is in ${String(volumeAt)}, server ${serverId} in ${String(serverAt)}`,
        "Both must be in one location.",
      );
    const attached = cloud.where("VolumeAttachment", "serverId", serverId).filter(([other]) => other !== id);
    if (attached.length >= HETZNER_OBJECT_LIMITS.volumesPerServer)
      refuse(
        "resource_limit_exceeded",
        `server ${serverId} has ${attached.length} volumes, its maximum`,
        "Use fewer, larger volumes.",
      );
  },
  id: ({ object }) => text(object, "volumeId"),
  gone: (object, _id, cloud) => cloud.get("Volume", text(object, "volumeId")) === undefined,
});

export const volumeTables = { Volume: volume, VolumeAttachment: volumeAttachment };
