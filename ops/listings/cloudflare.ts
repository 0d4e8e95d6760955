import * as z from "zod";
import type { Existing } from "./existing.ts";
import { cloudflareList } from "./pages.ts";
import type { ReadOnlyApi } from "./read-only-api.ts";

/** The signatures of one zone, as Cloudflare makes them. */
export interface Signatures {
  readonly zone: string;
  readonly zoneId: string;
  /** `active`: the parent refers to them; `pending`: they are there, the parent does not refer to them yet. */
  readonly status: string;
  /** The DS record that belongs at the parent: key tag, algorithm, digest type, digest. */
  readonly ds: string | undefined;
}

/** What the zones of the accounts that the token reads have, and how each is signed. */
export async function cloudflareListing(
  api: ReadOnlyApi,
): Promise<{ readonly existing: Existing[]; readonly signatures: Signatures[] }> {
  const zones = await cloudflareList(api, "/zones", { per_page: 50 }, ZONE);
  const existing: Existing[] = [];
  const signatures: Signatures[] = [];
  for (const zone of zones) {
    const path = `/zones/${zone.id}`;
    const records = await cloudflareList(api, `${path}/dns_records`, { per_page: 1000 }, RECORD);
    const rulesets = await cloudflareList(api, `${path}/rulesets`, {}, RULESET);
    const { result } = await api.get(`${path}/dnssec`, {}, DNSSEC);
    existing.push(
      { ...part("zone:Zone", zone.id, zone.id, zone.name, { name: zone.name }), standalone: true },
      ...records.map((found) => record(zone, found)),
      // Cloudflare's own rulesets are listed as well; they are of another kind.
      ...rulesets.filter(({ kind }) => kind === "zone").map((found) => ruleset(zone, found)),
      // These are there for every zone; only their values differ.
      { ...part("tieredCache:TieredCache", zone.id, zone.id, `tiered cache of ${zone.name}`, { zoneId: zone.id }) },
      ...(result.status === "disabled"
        ? []
        : [part("zoneDnssec:ZoneDnssec", zone.id, zone.id, `signatures of ${zone.name}`, { zoneId: zone.id })]),
    );
    signatures.push({ zone: zone.name, zoneId: zone.id, status: result.status, ds: dsText(result) });
  }
  return { existing, signatures };
}

const ZONE = z.object({ id: z.string(), name: z.string() });
const RECORD = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  content: z.string().nullish(),
  priority: z.number().nullish(),
});
const RULESET = z.object({ id: z.string(), name: z.string(), kind: z.string(), phase: z.string() });
const DNSSEC = z.object({
  success: z.literal(true),
  result: z.object({
    status: z.string(),
    key_tag: z.number().nullish(),
    algorithm: z.string().nullish(),
    digest_type: z.string().nullish(),
    digest: z.string().nullish(),
  }),
});

function record(zone: z.infer<typeof ZONE>, found: z.infer<typeof RECORD>): Existing {
  const { id, name, type, content, priority } = found;
  const traits = {
    zoneId: zone.id,
    name,
    type,
    content: content ?? "",
    ...(priority === null || priority === undefined ? {} : { priority: String(priority) }),
  };
  return {
    ...part("dnsRecord:DnsRecord", id, `${zone.id}/${id}`, `${name} ${type} ${content}`, traits),
    standalone: true,
  };
}

function ruleset(zone: z.infer<typeof ZONE>, { id, name, phase }: z.infer<typeof RULESET>): Existing {
  const traits = { zoneId: zone.id, phase, name };
  return {
    ...part("ruleset:Ruleset", id, `zones/${zone.id}/${id}`, `${phase} of ${zone.name}`, traits),
    standalone: true,
  };
}

function dsText({ key_tag, algorithm, digest_type, digest }: z.infer<typeof DNSSEC>["result"]): string | undefined {
  return key_tag && algorithm && digest_type && digest
    ? `${key_tag} ${algorithm} ${digest_type} ${digest.toLowerCase()}`
    : undefined;
}

const part = (type: string, id: string, importId: string, name: string, traits: Existing["traits"]): Existing => ({
  cloud: "cloudflare",
  type: `cloudflare:index/${type}`,
  id,
  importId,
  name,
  traits,
  standalone: false,
});
