import type { ArgoTieredCachingArgs, ArgoTieredCachingState } from "@pulumi/cloudflare/argoTieredCaching.js";
import type { EmailRoutingSettingsArgs, EmailRoutingSettingsState } from "@pulumi/cloudflare/emailRoutingSettings.js";
import type { RegionalTieredCacheArgs, RegionalTieredCacheState } from "@pulumi/cloudflare/regionalTieredCache.js";
import type { TieredCacheArgs, TieredCacheState } from "@pulumi/cloudflare/tieredCache.js";
import type {
  UrlNormalizationSettingsArgs,
  UrlNormalizationSettingsState,
} from "@pulumi/cloudflare/urlNormalizationSettings.js";
import type { ZoneSettingArgs, ZoneSettingState } from "@pulumi/cloudflare/zoneSetting.js";
import type { Values } from "../../provider.ts";
import { hex32, MADE_ON } from "../identifiers.ts";
import { text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";

const SWITCH = ["on", "off"];

/** Settings of a zone that the free plan can change, with their values where those are few. */
const SETTINGS: Readonly<Record<string, readonly string[] | "any">> = {
  "0rtt": SWITCH,
  always_online: SWITCH,
  always_use_https: SWITCH,
  automatic_https_rewrites: SWITCH,
  brotli: SWITCH,
  browser_cache_ttl: "any",
  browser_check: SWITCH,
  cache_level: ["aggressive", "basic", "simplified"],
  challenge_ttl: "any",
  ciphers: "any",
  development_mode: SWITCH,
  early_hints: SWITCH,
  email_obfuscation: SWITCH,
  h2_prioritization: ["on", "off", "custom"],
  hotlink_protection: SWITCH,
  http2: SWITCH,
  http3: SWITCH,
  ip_geolocation: SWITCH,
  ipv6: SWITCH,
  min_tls_version: ["1.0", "1.1", "1.2", "1.3"],
  nel: "any",
  opportunistic_encryption: SWITCH,
  opportunistic_onion: SWITCH,
  privacy_pass: SWITCH,
  pseudo_ipv4: ["off", "add_header", "overwrite_header"],
  replace_insecure_js: SWITCH,
  rocket_loader: SWITCH,
  security_header: "any",
  security_level: ["off", "essentially_off", "low", "medium", "high", "under_attack"],
  server_side_exclude: SWITCH,
  ssl: ["off", "flexible", "full", "strict"],
  tls_1_3: ["on", "off", "zrt"],
  tls_client_auth: SWITCH,
  websockets: SWITCH,
};

const zone = { zoneId: { type: "Zone", onDelete: "delete" } } as const;

const zoneSetting = resourceTable<ZoneSettingArgs, ZoneSettingState>({
  kind: "framework",
  optionalComputed: ["enabled"],
  replacedBy: ["zoneId", "settingId"],
  references: zone,
  deleteKeeps: true,
  // The real id is the setting's name alone; this one is unique in the file. Imports have this form in both.
  id: ({ object }) => `${text(object, "zoneId")}/${text(object, "settingId")}`,
  rules({ object, refuse }) {
    const [id, value] = [text(object, "settingId"), object["value"]];
    const values = Object.hasOwn(SETTINGS, id) ? SETTINGS[id] : undefined;
    if (values === undefined)
      return refuse(
        "1000",
        `there is no setting "${id}" on the free plan`,
        `Choose one of ${Object.keys(SETTINGS).join(", ")}.`,
      );
    if (values !== "any" && !values.includes(String(value)))
      refuse(
        "1007",
        `setting "${id}" is ${values.join(", ")}; found ${JSON.stringify(value)}`,
        "Choose one of these values.",
      );
  },
  created: () => ({ editable: true, modifiedOn: MADE_ON }),
});

const NORMALIZATIONS = ["cloudflare", "rfc3986"];

const onOrOff = (inputs: Values, fail: (property: string, reason: string) => void): void => {
  const value = inputs["value"];
  if (typeof value === "string" && !SWITCH.includes(value)) fail("value", `value is "on" or "off", found "${value}".`);
};

const tieredCache = resourceTable<TieredCacheArgs, TieredCacheState>({
  kind: "framework",
  replacedBy: ["zoneId"],
  references: zone,
  id: ({ object }) => text(object, "zoneId"),
  check: onOrOff,
  created: () => ({ editable: true, modifiedOn: MADE_ON }),
});

/** Whether there are tiers at all; without it the topology of `TieredCache` has no effect. */
const argoTieredCaching = resourceTable<ArgoTieredCachingArgs, ArgoTieredCachingState>({
  kind: "framework",
  replacedBy: ["zoneId"],
  references: zone,
  deleteKeeps: true,
  id: ({ object }) => text(object, "zoneId"),
  check: onOrOff,
  created: () => ({ editable: true, modifiedOn: MADE_ON }),
});

/** Every zone has it; a deletion brings back the cloud's default, which is the scope `incoming`. */
const urlNormalizationSettings = resourceTable<UrlNormalizationSettingsArgs, UrlNormalizationSettingsState>({
  kind: "framework",
  missesWhenGone: true,
  replacedBy: ["zoneId"],
  references: zone,
  id: ({ object }) => text(object, "zoneId"),
  check(inputs, fail) {
    for (const [property, values] of Object.entries({ scope: ["incoming", "both", "none"], type: NORMALIZATIONS })) {
      const value = inputs[property];
      if (typeof value === "string" && !values.includes(value))
        fail(property, `${property} is ${values.join(" or ")}, found "${value}".`);
    }
  },
});

const regionalTieredCache = resourceTable<RegionalTieredCacheArgs, RegionalTieredCacheState>({
  kind: "framework",
  readsAs: { value: "off" },
  replacedBy: ["zoneId"],
  references: zone,
  deleteKeeps: true,
  id: ({ object }) => text(object, "zoneId"),
  check: onOrOff,
  rules({ object, refuse }) {
    if (text(object, "value") === "on")
      refuse(
        "1135",
        "regional tiered cache is only on the Enterprise plan",
        "Leave it off; TieredCache (smart topology) is on every plan.",
      );
  },
  created: () => ({ editable: true, modifiedOn: MADE_ON }),
});

const emailRoutingSettings = resourceTable<EmailRoutingSettingsArgs, EmailRoutingSettingsState>({
  kind: "framework",
  replacedBy: ["zoneId"],
  blind: ["enabled"],
  references: zone,
  id: ({ object }) => text(object, "zoneId"),
  created: ({ cloud, object }) => ({
    created: MADE_ON,
    modified: MADE_ON,
    enabled: true,
    name: text(cloud.get("Zone", text(object, "zoneId")) ?? {}, "name"),
    skipWizard: true,
    status: "ready",
    tag: hex32(`email ${text(object, "zoneId")}`),
  }),
});

export const zoneSettingTables = {
  ArgoTieredCaching: argoTieredCaching,
  EmailRoutingSettings: emailRoutingSettings,
  RegionalTieredCache: regionalTieredCache,
  TieredCache: tieredCache,
  UrlNormalizationSettings: urlNormalizationSettings,
  ZoneSetting: zoneSetting,
};
