/** Cloudflare: limits of the free plan and the addresses that its edge connects from. */

/** Source: Cloudflare's plan and ruleset documentation, 2026. */
export const CLOUDFLARE_FREE_PLAN = {
  cacheRules: 10,
  redirectRules: 10,
  /** Characters of one rule's expression. */
  expression: 4_096,
  /** `matches` (regular expressions) needs a paid plan. */
  regularExpressions: false,
  /** MB of one cacheable file, below Enterprise. */
  cacheableFile: 512,
  /** Labels before the zone's name that the free certificate covers. */
  certificateDepth: 1,
} as const;

/** Source: cloudflare.com/ips, unchanged since 2023-09-28; read 2026-11. */
export const CLOUDFLARE_RANGES: readonly string[] = [
  "173.245.48.0/20",
  "103.21.244.0/22",
  "103.22.200.0/22",
  "103.31.4.0/22",
  "141.101.64.0/18",
  "108.162.192.0/18",
  "190.93.240.0/20",
  "188.114.96.0/20",
  "197.234.240.0/22",
  "198.41.128.0/17",
  "162.158.0.0/15",
  "104.16.0.0/13",
  "104.24.0.0/14",
  "172.64.0.0/13",
  "131.0.72.0/22",
  "2400:cb00::/32",
  "2606:4700::/32",
  "2803:f800::/32",
  "2405:b500::/32",
  "2405:8100::/32",
  "2a06:98c0::/29",
  "2c0f:f248::/32",
];

/** Authorities that Cloudflare's edge certificates come from (developers.cloudflare.com, certificate authorities, 2026). */
export const CLOUDFLARE_CAS: readonly string[] = ["letsencrypt.org", "pki.goog", "ssl.com"];
