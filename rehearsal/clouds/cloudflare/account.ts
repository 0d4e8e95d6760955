import type { NotificationPolicyArgs, NotificationPolicyState } from "@pulumi/cloudflare/notificationPolicy.js";
import type {
  NotificationPolicyWebhooksArgs,
  NotificationPolicyWebhooksState,
} from "@pulumi/cloudflare/notificationPolicyWebhooks.js";
import type { R2BucketArgs, R2BucketState } from "@pulumi/cloudflare/r2bucket.js";
import { MADE_ON } from "../identifiers.ts";
import { inner, objects, text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";

const notificationPolicy = resourceTable<NotificationPolicyArgs, NotificationPolicyState>({
  kind: "framework",
  readsAs: { enabled: true },
  replacedBy: ["accountId"],
  sets: ["emails", "pagerduties", "webhooks"],
  importPath: ["accountId", "id"],
  rules({ cloud, object, refuse }) {
    const mechanisms = inner(object, "mechanisms");
    const all = [
      ...objects(mechanisms, "emails"),
      ...objects(mechanisms, "webhooks"),
      ...objects(mechanisms, "pagerduties"),
    ];
    if (all.length === 0)
      refuse("17002", "the policy has no mechanism", "Name at least one e-mail address or webhook.");
    const missing = objects(mechanisms, "webhooks").find(
      ({ id }) => cloud.get("NotificationPolicyWebhooks", String(id)) === undefined,
    );
    if (missing)
      refuse(
        "17003",
        `webhook ${String(missing["id"])} does not exist`,
        "Refer to the id of a NotificationPolicyWebhooks.",
      );
  },
  created: () => ({ created: MADE_ON, modified: MADE_ON }),
});

const notificationPolicyWebhooks = resourceTable<NotificationPolicyWebhooksArgs, NotificationPolicyWebhooksState>({
  kind: "framework",
  replacedBy: ["accountId"],
  blind: ["secret"],
  neverStored: ["secret"],
  unique: [["accountId", "name"]],
  importPath: ["accountId", "id"],
  rules({ object, refuse }) {
    const url = text(object, "url");
    if (!URL.canParse(url) || !url.startsWith("https://"))
      refuse("17010", `url "${url}" is not an https URL`, "Give a URL beginning with https://.");
  },
  created: () => ({ createdAt: MADE_ON, type: "generic" }),
});

const r2Bucket = resourceTable<R2BucketArgs, R2BucketState>({
  kind: "framework",
  readsAs: { jurisdiction: "default", storageClass: "Standard" },
  optionalComputed: ["location"],
  keeps: ["creationDate", "location"],
  fixed: ["location"],
  replacedBy: ["accountId", "name", "jurisdiction"],
  unique: [["accountId", "name"]],
  importPath: ["accountId", "id", "jurisdiction"],
  id: ({ object }) => text(object, "name"),
  rules({ object, refuse }) {
    if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(text(object, "name")))
      refuse(
        "10005",
        `"${text(object, "name")}" is not a name for a bucket`,
        "Use 3 to 63 lower-case letters, digits and hyphens.",
      );
  },
  created: ({ object }) => ({ creationDate: MADE_ON, location: object["location"] ?? "WEUR" }),
});

export const accountTables = {
  NotificationPolicy: notificationPolicy,
  NotificationPolicyWebhooks: notificationPolicyWebhooks,
  R2Bucket: r2Bucket,
};
