import type { Existing } from "../listings/existing.ts";
import { isObject } from "../preview-json/json-value.ts";
import type { Outcome, Surroundings } from "./match.ts";
import { textInput, textOf, type Wanted } from "./wanted.ts";

const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const ZONE = "cloudflare:index/zone:Zone";

/**
 * A record is recognised by zone, name, type and content. One whose content the program will only know later, or wants
 * otherwise, is recognised when it is the only one left of its name and type on both sides; texts must be of one kind
 * besides (SPF, DMARC …), so that nobody's verification is overwritten.
 */
export function dnsRecord(wanted: Wanted, around: Surroundings): Outcome {
  const zoneId = zoneIdOf(wanted, around);
  if (zoneId === undefined) return { kind: "absent", why: "the Zone that it belongs to does not exist" };
  const key = keyOf(wanted);
  const inZone = around.existing(RECORD).filter(({ traits }) => traits["zoneId"] === zoneId);
  const alike = inZone.filter((existing) => existingKey(existing) === key);
  const exact = alike.filter((existing) => contentOf(wanted) === existingContent(existing));
  if (exact.length > 0) return only(exact, "name, type and content");

  const rivals = around.wanted(RECORD).filter((other) => keyOf(other) === key && zoneIdOf(other, around) === zoneId);
  const left = alike.filter((existing) => !rivals.some((other) => contentOf(other) === existingContent(existing)));
  const open = rivals.filter((other) => !alike.some((existing) => contentOf(other) === existingContent(existing)));
  const ofKind = left.filter((existing) => kindOf(wanted) === kindOf(existing));
  const sameKind = open.filter((other) => kindOf(other) === kindOf(wanted));
  const isSet = textInput(wanted, "type") === "CAA";
  if (ofKind.length > 0 && !isSet) {
    if (ofKind.length === 1 && sameKind.length === 1) return only(ofKind, "name and type");
    return { kind: "ambiguous", candidates: ofKind.map(({ name, id }) => `${name} (${id})`) };
  }
  return inTheWay(wanted, inZone) ?? { kind: "absent", why: `no record of that name, type and content exists` };
}

/** A CNAME stands alone at its name. */
function inTheWay(wanted: Wanted, inZone: readonly Existing[]): Outcome | undefined {
  const name = normalName(textInput(wanted, "name"));
  const here = inZone.filter(({ traits }) => normalName(String(traits["name"])) === name);
  const obstacle =
    textInput(wanted, "type") === "CNAME"
      ? here.find(({ traits }) => ["A", "AAAA", "CNAME"].includes(String(traits["type"])))
      : here.find(({ traits }) => traits["type"] === "CNAME");
  return obstacle && { kind: "blocked", by: `the record ${obstacle.name} (${obstacle.id}) must be deleted first` };
}

/** The zone whose name ends the record's: the program knows a new zone's id only later. */
function zoneIdOf(wanted: Wanted, around: Surroundings): string | undefined {
  const known = textInput(wanted, "zoneId");
  if (known !== undefined) return known;
  const name = normalName(textInput(wanted, "name"));
  const zones = around
    .wanted(ZONE)
    .map((zone) => normalName(textInput(zone, "name")))
    .filter((zone) => name === zone || name.endsWith(`.${zone}`))
    .sort((a, b) => b.length - a.length);
  return around.existing(ZONE).find((zone) => normalName(zone.name) === zones[0])?.id;
}

function only(fitting: readonly Existing[], by: string): Outcome {
  const [one, ...others] = fitting;
  if (one && others.length === 0) return { kind: "matched", importId: one.importId, existing: one, by };
  return { kind: "ambiguous", candidates: fitting.map(({ name, id }) => `${name} (${id})`) };
}

const keyOf = (wanted: Wanted) => `${normalName(textInput(wanted, "name"))} ${textInput(wanted, "type")}`;
const existingKey = ({ traits }: Existing) => `${normalName(String(traits["name"]))} ${traits["type"]}`;
const normalName = (name = "") => name.toLowerCase().replace(/\.$/, "");

/** The kind of a text: the version that it begins with, or else all of it; of other records the type. */
function kindOf(record: Wanted | Existing): string {
  const isWanted = "inputs" in record;
  const type = isWanted ? textInput(record, "type") : String(record.traits["type"]);
  if (type !== "TXT") return String(type);
  const text = (isWanted ? contentOf(record) : existingContent(record)) ?? "";
  return /^v=\w+/i.exec(text)?.[0].toLowerCase() ?? text;
}

/** Undefined while the program does not know it. */
function contentOf(wanted: Wanted): string | undefined {
  const { data } = wanted.inputs;
  if (isObject(data)) {
    const [flags, tag, value] = [textOf(data["flags"]), textOf(data["tag"]), textOf(data["value"])];
    return tag === undefined || value === undefined ? undefined : `${flags ?? "0"} ${tag} ${value}`.toLowerCase();
  }
  const content = textInput(wanted, "content");
  return content === undefined
    ? undefined
    : normalContent(content, textInput(wanted, "type"), textInput(wanted, "priority"));
}

function existingContent({ traits }: Existing): string {
  const [type, content] = [String(traits["type"]), String(traits["content"])];
  if (type === "CAA") return content.replaceAll('"', "").toLowerCase();
  return normalContent(content, type, typeof traits["priority"] === "string" ? traits["priority"] : undefined);
}

/** Cloudflare shows a text with or without quotation marks, and long ones in pieces. */
function normalContent(content: string, type: string | undefined, priority: string | undefined): string {
  if (type === "TXT")
    return content.startsWith('"') && content.endsWith('"') ? content.slice(1, -1).replaceAll(/"\s+"/g, "") : content;
  const name = content.toLowerCase().replace(/\.$/, "");
  return type === "MX" ? `${priority ?? ""} ${name}` : name;
}
