import type { ZoneArgs, ZoneState } from "@pulumi/cloudflare/zone.js";
import { hex32, MADE_ON } from "../identifiers.ts";
import { text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";

export const zone = resourceTable<ZoneArgs, ZoneState>({
  kind: "framework",
  missesWhenGone: true,
  readsAs: { paused: false, type: "full" },
  optionalComputed: ["vanityNameServers"],
  replacedBy: ["name", "account"],
  unique: [["name"]],
  rules({ object, refuse }) {
    const [name, type] = [text(object, "name"), text(object, "type")];
    if (!/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(name))
      refuse(
        "1097",
        `"${name}" is not a domain name`,
        "Give the registered domain in lower case, without a final dot.",
      );
    if (!["full", "partial", "secondary"].includes(type))
      refuse("1001", `type is full, partial or secondary, found "${type}"`, 'Use "full".');
    if (type !== "full")
      refuse("1105", `type "${type}" is not on the free plan`, 'Use "full" and set the name servers at the registrar.');
  },
  created: ({ object }) => ({
    createdOn: MADE_ON,
    modifiedOn: MADE_ON,
    developmentMode: 0,
    meta: { customCertificateQuota: 0, pageRuleQuota: 3, phishingDetected: false, step: 2 },
    nameServers: nameServers(text(object, "name")),
    owner: { type: "user" },
    permissions: ["#zone:read"],
    plan: {
      canSubscribe: false,
      currency: "USD",
      externallyManaged: false,
      frequency: "",
      id: hex32("free plan"),
      isSubscribed: true,
      legacyDiscount: false,
      legacyId: "free",
      name: "Free Website",
      price: 0,
    },
    status: "pending",
    tenant: {},
    tenantUnit: {},
  }),
});

/** Two of a few names, the same for the same zone. */
function nameServers(zoneName: string): string[] {
  const names = ["ada", "bob", "cleo", "dana", "erin", "finn", "gina", "hugo"];
  const pick = Number.parseInt(hex32(zoneName).slice(0, 4), 16);
  const [first, second] = [pick % 8, (pick + 1 + (Math.floor(pick / 8) % 7)) % 8];
  return [names[first], names[second]].sort().map((name) => `${name}.ns.cloudflare.com`);
}
