import type { Step } from "../preview-json/preview.ts";
import { packageOf, shortType, urnParts } from "../preview-json/urn.ts";
import { type Markdown, md } from "./markdown.ts";

/** What a reader calls a resource: its kind, its cloud and its name in the program. */
export function resourceName({ urn }: Step): Markdown {
  const { type, name } = urnParts(urn);
  if (type === "") return md`${urn}`;
  return md`${KINDS[type] ?? md`${shortType(type)} (${packageOf(type)})`} ${name}`;
}

/** The host that a resource belongs to: the name of the component above it, else its own. */
export function hostOf({ urn, newState, oldState }: Step): string {
  const parent = (newState ?? oldState)?.parent;
  return urnParts(parent === undefined || parent.includes("pulumi:pulumi:Stack") ? urn : parent).name;
}

const words = (text: string): Markdown => ({ markdown: text });

const KINDS: Readonly<Record<string, Markdown>> = {
  "hcloud:index/server:Server": words("server"),
  "hcloud:index/volume:Volume": words("data volume"),
  "hcloud:index/firewall:Firewall": words("firewall"),
  "hcloud:index/primaryIp:PrimaryIp": words("address"),
  "hcloud:index/rdns:Rdns": words("reverse DNS"),
  "hcloud:index/storageBox:StorageBox": words("storage box"),
  "digitalocean:index/droplet:Droplet": words("droplet"),
  "digitalocean:index/volume:Volume": words("data volume"),
  "digitalocean:index/firewall:Firewall": words("firewall"),
  "digitalocean:index/reservedIp:ReservedIp": words("address"),
  "digitalocean:index/uptimeCheck:UptimeCheck": words("uptime check"),
  "digitalocean:index/uptimeAlert:UptimeAlert": words("uptime alert"),
  "cloudflare:index/zone:Zone": words("zone"),
  "cloudflare:index/dnsRecord:DnsRecord": words("record"),
  "cloudflare:index/ruleset:Ruleset": words("ruleset"),
  "cloudflare:index/zoneDnssec:ZoneDnssec": words("DNSSEC of"),
};
