/** Cloudflare: which rules a zone or account may have. Source: developers.cloudflare.com, ruleset engine and DNS, 2026. */
export const CLOUDFLARE_DNS = {
  /** Record types that the proxy takes. */
  proxied: ["A", "AAAA", "CNAME"],
  /** Seconds, below Enterprise; 1 stands for automatic. */
  ttl: { min: 60, max: 86_400 },
  /** Records of one zone on the free plan (zones made since September 2024: 200). */
  records: 1_000,
  /** Characters of a comment on the free plan. */
  comment: 100,
} as const;

/** Phases of zone rulesets and how many rules the free plan gives them. */
export const CLOUDFLARE_FREE_PHASES: Readonly<Record<string, number>> = {
  http_request_cache_settings: 10,
  http_request_dynamic_redirect: 10,
  http_request_transform: 10,
  http_request_late_transform: 10,
  http_response_headers_transform: 10,
  http_request_origin: 10,
  http_config_settings: 10,
  http_request_firewall_custom: 5,
  http_ratelimit: 1,
  http_response_compression: 10,
  http_custom_errors: 0,
};

/** Lists of an account, and items in all of them, on the free plan. */
export const CLOUDFLARE_FREE_LISTS = { lists: 1, items: 10_000 } as const;
