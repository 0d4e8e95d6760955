import { createHash } from "node:crypto";
import type { PlacementGroupArgs, PlacementGroupState } from "@pulumi/hcloud/placementGroup.js";
import type { SnapshotArgs, SnapshotState } from "@pulumi/hcloud/snapshot.js";
import type { SshKeyArgs, SshKeyState } from "@pulumi/hcloud/sshKey.js";
import { text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";
import { checkLabels } from "./labels.ts";

export const sshKey = resourceTable<SshKeyArgs, SshKeyState>({
  kind: "framework",
  autoName: { maximum: 255 },
  readsAs: { labels: {} },
  replacedBy: ["publicKey"],
  keeps: ["fingerprint"],
  unique: [["name"], ["publicKey"]],
  check: checkLabels,
  rules({ object, refuse }) {
    if (!/^(ssh|ecdsa|sk)-\S+ [A-Za-z0-9+/=]+/.test(text(object, "publicKey")))
      refuse(
        "invalid_input",
        "publicKey is not an SSH public key",
        "Give it in OpenSSH form: `ssh-ed25519 AAAA… comment`.",
      );
  },
  created: ({ object }) => ({ fingerprint: md5Fingerprint(text(object, "publicKey")) }),
});

/** MD5 of the key's body as both clouds show it. */
export function md5Fingerprint(publicKey: string): string {
  const body = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
  return (createHash("md5").update(body).digest("hex").match(/../g) ?? []).join(":");
}

export const placementGroup = resourceTable<PlacementGroupArgs, PlacementGroupState>({
  kind: "sdk",
  missesWhenGone: true,
  autoName: { maximum: 255 },
  sets: ["servers"],
  unique: [["name"]],
  check(inputs, fail) {
    checkLabels(inputs, fail);
    if (typeof inputs["type"] === "string" && inputs["type"] !== "spread")
      fail("type", `Placement groups have one type, "spread"; found "${inputs["type"]}".`);
  },
  derived: (_object, id, cloud) => ({
    servers: cloud.where("Server", "placementGroupId", id).map(([server]) => Number(server)),
  }),
});

export const snapshot = resourceTable<SnapshotArgs, SnapshotState>({
  kind: "sdk",
  replacedBy: ["serverId"],
  check: checkLabels,
  rules({ id, cloud, object, refuse }) {
    if (id === "" && cloud.get("Server", text(object, "serverId")) === undefined)
      refuse(
        "not_found",
        `serverId refers to server ${text(object, "serverId")}, which does not exist`,
        "Refer to the id of a Server.",
      );
  },
});
