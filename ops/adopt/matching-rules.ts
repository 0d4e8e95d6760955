import { DIGITALOCEAN_RULES } from "./digitalocean-rules.ts";
import { dnsRecord } from "./dns-records.ts";
import { byReferences, byTraits, type Rule } from "./finders.ts";
import { HETZNER_RULES } from "./hetzner-rules.ts";
import type { Outcome, Surroundings } from "./match.ts";
import { textInput, type Wanted } from "./wanted.ts";

const ZONE = "cloudflare:index/zone:Zone";

/**
 * How a resource of each type is recognised. The forms of the ids for an import are in the listings; they come from the
 * “Import” sections of the providers' documentation (hcloud 1.41, digitalocean 4.80, cloudflare 6.22).
 */
export const RULES: Readonly<Record<string, Rule>> = {
  ...HETZNER_RULES,
  ...DIGITALOCEAN_RULES,
  [ZONE]: byTraits("name"),
  "cloudflare:index/dnsRecord:DnsRecord": dnsRecord,
  "cloudflare:index/zoneDnssec:ZoneDnssec": byReferences({ zoneId: ZONE }),
  "cloudflare:index/tieredCache:TieredCache": byReferences({ zoneId: ZONE }),
  "cloudflare:index/ruleset:Ruleset": byReferences({ zoneId: ZONE }, "phase"),
  "cloudflare:index/zoneSetting:ZoneSetting": zoneSetting,
  "cloudflare:index/argoTieredCaching:ArgoTieredCaching": zoneWide,
  "cloudflare:index/urlNormalizationSettings:UrlNormalizationSettings": zoneWide,
};

/** Settings are there for every zone. */
function zoneSetting(wanted: Wanted, around: Surroundings): Outcome {
  const zoneId = around.idOf(wanted, "zoneId", ZONE);
  const setting = textInput(wanted, "settingId");
  if (zoneId === undefined || setting === undefined)
    return { kind: "absent", why: "the Zone that it belongs to does not exist" };
  return { kind: "matched", importId: `${zoneId}/${setting}`, existing: undefined, by: "zoneId and settingId" };
}

/** The same for settings that have a type of their own. */
function zoneWide(wanted: Wanted, around: Surroundings): Outcome {
  const zoneId = around.idOf(wanted, "zoneId", ZONE);
  if (zoneId === undefined) return { kind: "absent", why: "the Zone that it belongs to does not exist" };
  return { kind: "matched", importId: zoneId, existing: undefined, by: "zoneId" };
}
