import type { CacheRulePlan, ZonePlan } from "../model/blueprint.ts";
import type { ServedName } from "../model/service.ts";
import { downloadCachePolicy } from "../roles/downloads/cache-policy.ts";
import { type ActiveEstate, isProtected } from "./active-estate.ts";
import { cacheRules } from "./cache-rules.ts";
import { isProxied, zoneOf } from "./names.ts";
import { records } from "./records.ts";
import { redirectRules } from "./redirect-rules.ts";

/** Settings of every zone; what is not named keeps Cloudflare's default. */
const SETTINGS = {
  // The edge checks the origin's certificate.
  ssl: "strict",
  // Downloads and old links stay reachable by plain http; each origin sends its other visitors to https itself.
  always_use_https: "off",
  min_tls_version: "1.2",
  // 0: what the origin says.
  browser_cache_ttl: 0,
  // The edge leaves pages as they are.
  email_obfuscation: "off",
} as const;

/** Every zone of the estate with its records, cache and redirect rules. */
export function zonePlans(active: ActiveEstate): ZonePlan[] {
  const zones = Object.entries(active.estate.zones);
  return zones.map(([name, zone]) => {
    const names = cdnNames(active, name);
    const rules = { cacheRules: downloadRules(names), redirectRules: redirectRules(name, zone) };
    return {
      name,
      records: records(active, name),
      settings: SETTINGS,
      ...rules,
      tieredCache: names.length > 0,
      normalizesUrls: rules.cacheRules.length + rules.redirectRules.length > 0,
      dnssec: active.settings.dnssec[name] ?? "off",
      protect: isProtected(active, name),
    };
  });
}

/** The download policy over all names that the edge serves downloads under. */
function downloadRules(names: readonly ServedName[]): CacheRulePlan[] {
  if (names.length === 0) return [];
  const sources = names.filter(({ immutable }) => immutable).map(({ name }) => name);
  return cacheRules({ names: names.map(({ name }) => name), policy: downloadCachePolicy({ sources }) });
}

/** Names of a zone whose visitors get downloads from the edge. */
function cdnNames(active: ActiveEstate, zone: string): ServedName[] {
  const zones = Object.keys(active.estate.zones);
  return Object.values(active.services)
    .flatMap(({ names }) => names)
    .filter((name) => name.exposure === "cdn" && isProxied(name, active.settings) && zoneOf(name.name, zones) === zone);
}
