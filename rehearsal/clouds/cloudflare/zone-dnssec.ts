import { createHash } from "node:crypto";
import type { ZoneDnssecArgs, ZoneDnssecState } from "@pulumi/cloudflare/zoneDnssec.js";
import type { Values } from "../../provider.ts";
import { MADE_ON } from "../identifiers.ts";
import { text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";

export const zoneDnssec = resourceTable<ZoneDnssecArgs, ZoneDnssecState>({
  kind: "framework",
  missesWhenGone: true,
  replacedBy: ["zoneId"],
  references: { zoneId: { type: "Zone", onDelete: "delete" } },
  id: ({ object }) => text(object, "zoneId"),
  check(inputs, fail) {
    const status = inputs["status"];
    if (typeof status === "string" && !["active", "disabled"].includes(status))
      fail("status", `status is "active" or "disabled", found "${status}".`);
  },
  rules({ object, refuse }) {
    if (object["dnssecPresigned"] === true)
      refuse("1004", "only secondary zones can be pre-signed", "Leave dnssecPresigned out.");
  },
  created: ({ cloud, object }) => signed(text(cloud.get("Zone", text(object, "zoneId")) ?? {}, "name")),
});

/** A key that is no key: made from the zone's name. */
function signed(zone: string): Values {
  const digest = createHash("sha256").update(zone).digest("hex").toUpperCase();
  const keyTag = Number.parseInt(digest.slice(0, 4), 16);
  return {
    algorithm: "13",
    digest,
    digestAlgorithm: "SHA256",
    digestType: "2",
    ds: `${zone}. 3600 IN DS ${keyTag} 13 2 ${digest}`,
    flags: 257,
    keyTag,
    keyType: "ECDSAP256SHA256",
    modifiedOn: MADE_ON,
    publicKey: createHash("sha512").update(zone).digest("base64"),
  };
}
