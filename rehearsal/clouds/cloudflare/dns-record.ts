import { isIPv4, isIPv6 } from "node:net";
import type { DnsRecordArgs, DnsRecordState } from "@pulumi/cloudflare/dnsRecord.js";
import { CLOUDFLARE_DNS } from "../../../model/catalogue/cloudflare-limits.ts";
import type { Values } from "../../provider.ts";
import { MADE_ON } from "../identifiers.ts";
import { amount, inner, isZero, items, same, text } from "../property-values.ts";
import { type Operation, resourceTable } from "../resource-table.ts";

/** Types whose content is given in parts. */
const WITH_DATA = [
  "CAA",
  "CERT",
  "DNSKEY",
  "DS",
  "HTTPS",
  "LOC",
  "NAPTR",
  "SMIMEA",
  "SRV",
  "SSHFP",
  "SVCB",
  "TLSA",
  "URI",
];
const TYPES = ["A", "AAAA", "CNAME", "MX", "NS", "OPENPGPKEY", "PTR", "TXT", ...WITH_DATA];

export const dnsRecord = resourceTable<DnsRecordArgs, DnsRecordState>({
  kind: "framework",
  missesWhenGone: true,
  readsAs: { proxied: false },
  optionalComputed: ["content", "settings", "tags"],
  // ModifyPlan in internal/services/dns_record/custom.go of terraform-provider-cloudflare 5.22.0, 2026-07-10.
  keeps: ["content", "createdOn", "meta", "proxiable", "settings", "tags", "tagsModifiedOn"],
  keepsUnless: { commentModifiedOn: "comment" },
  replacedBy: ["zoneId", "type"],
  sets: ["tags"],
  blind: ["includeShadowMetadata"],
  references: { zoneId: { type: "Zone", onDelete: "delete" } },
  importPath: ["zoneId", "id"],
  check(inputs, fail) {
    const { type, content, data } = inputs;
    if (typeof type === "string" && !TYPES.includes(type))
      fail("type", `type is one of ${TYPES.join(", ")}, found "${type}".`);
    if (content !== undefined && data !== undefined) fail("content", "content and data exclude each other.");
  },
  rules(operation) {
    refuseName(operation);
    refuseContent(operation);
    refuseProxy(operation);
    refuseCompany(operation);
    const { object, refuse } = operation;
    if (text(object, "comment").length > CLOUDFLARE_DNS.comment)
      refuse(
        "9204",
        `the comment has ${text(object, "comment").length} characters, the free plan allows ${CLOUDFLARE_DNS.comment}`,
        "Shorten it.",
      );
    if (items(object, "tags").length > 0)
      refuse("9301", "tags on records are not on the free plan", "Use the comment.");
  },
  created: (operation) => ({
    ...filled(operation),
    ...(text(operation.object, "comment") === "" ? {} : { commentModifiedOn: MADE_ON }),
    createdOn: MADE_ON,
    modifiedOn: MADE_ON,
    meta: "{}",
    settings: operation.object["settings"] ?? {},
    tags: operation.object["tags"] ?? [],
  }),
  updated: (operation) => filled(operation),
});

/** Name as FQDN, content made from its parts, and whether the proxy could take it. */
const filled = (operation: Operation): Values => ({
  name: fullName(operation),
  ...(isZero(operation.object["data"]) ? {} : { content: contentOf(inner(operation.object, "data")) }),
  proxiable: CLOUDFLARE_DNS.proxied.includes(text(operation.object, "type") as "A"),
});

const contentOf = ({ flags, tag, value, priority, weight, port, target, ...others }: Values): string =>
  (tag !== undefined
    ? [flags ?? 0, tag, JSON.stringify(value)]
    : target !== undefined
      ? [priority, weight, port, target, value]
      : Object.values(others)
  )
    .filter((part) => part !== undefined && part !== null)
    .join(" ");

const zoneName = ({ cloud, object }: Operation): string =>
  text(cloud.get("Zone", text(object, "zoneId")) ?? {}, "name");

function fullName(operation: Operation): string {
  const [name, zone] = [text(operation.object, "name").toLowerCase().replace(/\.$/, ""), zoneName(operation)];
  if (name === "@" || name === zone) return zone;
  return name.endsWith(`.${zone}`) ? name : `${name}.${zone}`;
}

function refuseName(operation: Operation): void {
  const { object, cloud, id, refuse } = operation;
  const [name, zone] = [text(object, "name"), zoneName(operation)];
  const inside = name === "@" || name === zone || name.toLowerCase().endsWith(`.${zone}`) || !name.includes(".");
  if (!inside) refuse("9000", `the name "${name}" is outside the zone "${zone}"`, `Give a name that ends in .${zone}.`);
  if (!/^(?=.{1,253}$)(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9-]+$/.test(fullName(operation)))
    refuse(
      "9000",
      `"${name}" is not a name that DNS can hold`,
      "Use labels of up to 63 letters, digits, hyphens and underscores.",
    );
  const records = cloud.where("DnsRecord", "zoneId", object["zoneId"]).length;
  if (id === "" && records >= CLOUDFLARE_DNS.records)
    refuse(
      "81045",
      `the zone has ${records} records, its maximum on the free plan`,
      "Delete some, or take a paid plan.",
    );
}

function refuseContent({ object, refuse }: Operation): void {
  const [type, content] = [text(object, "type"), text(object, "content")];
  if (WITH_DATA.includes(type) && isZero(object["data"]) && content === "")
    refuse("9005", `a ${type} record needs data`, "Give its parts in data.");
  if (!WITH_DATA.includes(type) && content === "") refuse("9005", `a ${type} record needs content`, "Set content.");
  if (type === "A" && !isIPv4(content))
    refuse("9005", `content "${content}" of an A record is not an IPv4 address`, "Give an IPv4 address.");
  if (type === "AAAA" && !isIPv6(content))
    refuse("9005", `content "${content}" of an AAAA record is not an IPv6 address`, "Give an IPv6 address.");
  if (type === "MX" && object["priority"] == null)
    refuse("9100", "an MX record needs a priority", "Set priority, 0 for a null MX.");
  if (type === "CNAME" && content.replace(/\.$/, "").toLowerCase() === text(object, "name").toLowerCase())
    refuse("9039", "a CNAME record cannot point to itself", "Point it to another name.");
}

function refuseProxy({ object, refuse }: Operation): void {
  if (object["proxied"] !== true) {
    const ttl = amount(object, "ttl");
    if (ttl !== 1 && (ttl < CLOUDFLARE_DNS.ttl.min || ttl > CLOUDFLARE_DNS.ttl.max))
      refuse(
        "9021",
        `ttl ${ttl} is not 1 (automatic) or ${CLOUDFLARE_DNS.ttl.min} to ${CLOUDFLARE_DNS.ttl.max} seconds, as the free plan has it`,
        "Change it, or set 1 for automatic.",
      );
    return;
  }
  const type = text(object, "type");
  if (!CLOUDFLARE_DNS.proxied.includes(type as "A"))
    refuse("9004", `a ${type} record cannot be proxied`, `Only ${CLOUDFLARE_DNS.proxied.join(", ")} records can.`);
  if (amount(object, "ttl") !== 1)
    refuse("9009", `a proxied record has ttl 1 (automatic), found ${amount(object, "ttl")}`, "Set ttl to 1.");
}

/** A CNAME stands alone, but for the zone's own name, where it is flattened; no record is there twice. */
function refuseCompany(operation: Operation): void {
  const { id, object, cloud, refuse } = operation;
  const [name, type] = [fullName(operation), text(object, "type")];
  const content = isZero(object["data"]) ? text(object, "content") : contentOf(inner(object, "data"));
  const addresses = ["A", "AAAA", "CNAME"];
  for (const [other, record] of cloud.where("DnsRecord", "name", name)) {
    if (other === id || record["zoneId"] !== object["zoneId"]) continue;
    const kind = text(record, "type");
    const apex = name === zoneName(operation);
    const clash =
      type === "CNAME" ? !apex || addresses.includes(kind) : kind === "CNAME" && (!apex || addresses.includes(type));
    if (clash)
      refuse(
        type === "CNAME" ? "81053" : "81054",
        `${name} has a ${kind} record already; a CNAME record stands alone`,
        `Remove the ${kind} record (${other}), or give the address itself instead of a CNAME.`,
      );
    if (kind === type && text(record, "content") === content && same(record["priority"] ?? 0, object["priority"] ?? 0))
      refuse(
        "81058",
        `an identical ${type} record of ${name} exists already (${other})`,
        "Keep one of them, or import the existing one.",
      );
  }
}
