import type { PropertyChange } from "./drift.ts";

/** A difference that a provider is known to report although nobody changed anything. */
export interface Noise {
  readonly type: string;
  /** Property, as the first part of its path. */
  readonly property: string;
  /** Further condition: only these differences are noise. */
  readonly when?: (change: PropertyChange) => boolean;
  readonly why: string;
  readonly source: string;
}

/** Add an entry only with a public report as its source: whatever is listed here is never told as drift. */
export const PROVIDER_NOISE: readonly Noise[] = [
  ...["modifiedOn", "commentModifiedOn", "tagsModifiedOn", "createdOn", "meta", "proxiable"].map((property) => ({
    type: "cloudflare:index/dnsRecord:DnsRecord",
    property,
    why: "computed by Cloudflare; planned as unknown by some versions",
    source: "cloudflare/terraform-provider-cloudflare#5517, #6438",
  })),
  {
    type: "cloudflare:index/dnsRecord:DnsRecord",
    property: "settings",
    // A setting that is on was switched by somebody.
    when: ({ program, cloud }) => !`${program}${cloud}`.includes("true"),
    why: "defaults that the API adds to each record",
    source: "cloudflare/terraform-provider-cloudflare#5378, #5517, #6195; fixed for CNAME by #6944 (2026-03)",
  },
  {
    type: "cloudflare:index/zoneDnssec:ZoneDnssec",
    property: "modifiedOn",
    why: "computed by Cloudflare",
    source: "cloudflare/terraform-provider-cloudflare#5517",
  },
  {
    type: "hcloud:index/server:Server",
    property: "sshKeys",
    // The API does not tell which keys a server was made with.
    when: ({ cloud }) => cloud === undefined || cloud === "[]",
    why: "not read back after an import",
    source: "hetznercloud/terraform-provider-hcloud#1135",
  },
  {
    type: "hcloud:index/server:Server",
    property: "image",
    when: ({ program, cloud }) => isNumber(program) !== isNumber(cloud),
    why: "the same image as a name and as a number",
    source: "pulumi/pulumi-hcloud#174",
  },
  {
    type: "digitalocean:index/droplet:Droplet",
    property: "image",
    when: ({ program, cloud }) => isNumber(program) !== isNumber(cloud),
    why: "the same image as a slug and as a number",
    source: "digitalocean/terraform-provider-digitalocean#834",
  },
  {
    type: "digitalocean:index/projectResources:ProjectResources",
    property: "resources",
    when: ({ program, cloud }) => /do:(floatingip|reservedip):/.test(`${program}${cloud}`),
    why: "reserved addresses have two names in the API",
    source: "digitalocean/terraform-provider-digitalocean#1031, #1264",
  },
];

/** The known noise that a difference is, if any. */
export function noiseIn(type: string, change: PropertyChange): Noise | undefined {
  const [property] = change.path.split(/[.[]/);
  return PROVIDER_NOISE.find(
    (noise) => noise.type === type && noise.property === property && (noise.when?.(change) ?? true),
  );
}

const isNumber = (text: string | undefined) => text !== undefined && /^\d+$/.test(text);
