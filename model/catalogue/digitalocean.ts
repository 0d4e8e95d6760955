/**
 * DigitalOcean: what can be ordered and what it costs. USD per month.
 * Sources: price page of 2026-10-07; `s-4vcpu-8gb` and larger from the 2024 list; uptime checks docs.digitalocean.com 2026-03-27.
 */
export const DIGITALOCEAN_PRICES_OF = "2026-10-07";

export interface DropletSize {
  readonly vcpus: number;
  /** GB */
  readonly memory: number;
  /** GB */
  readonly disk: number;
  /** USD per month (672 h) */
  readonly monthly: number;
}

export const DROPLET_SIZES = {
  "s-1vcpu-1gb": { vcpus: 1, memory: 1, disk: 25, monthly: 6 },
  "s-1vcpu-2gb": { vcpus: 1, memory: 2, disk: 50, monthly: 12 },
  "s-2vcpu-2gb": { vcpus: 2, memory: 2, disk: 60, monthly: 18 },
  "s-2vcpu-4gb": { vcpus: 2, memory: 4, disk: 80, monthly: 24 },
  "s-4vcpu-8gb": { vcpus: 4, memory: 8, disk: 160, monthly: 48 },
  "s-8vcpu-16gb": { vcpus: 8, memory: 16, disk: 320, monthly: 96 },
} as const satisfies Record<string, DropletSize>;
export type DropletSizeSlug = keyof typeof DROPLET_SIZES;

/** `subnet` is our choice: the third octet of the region's network, so that a further region moves no other. */
export const DIGITALOCEAN_REGIONS = {
  fra1: { city: "Frankfurt", subnet: 1 },
  ams3: { city: "Amsterdam", subnet: 2 },
  lon1: { city: "London", subnet: 3 },
  nyc3: { city: "New York", subnet: 4 },
} as const;
export type DigitalOceanRegion = keyof typeof DIGITALOCEAN_REGIONS;

/** Slugs, never numeric ids: an id drifts (terraform-provider-digitalocean#834). */
export const DIGITALOCEAN_IMAGES = ["debian-13-x64", "centos-stream-10-x64"] as const;
export type DigitalOceanImage = (typeof DIGITALOCEAN_IMAGES)[number];

export const DIGITALOCEAN_EXTRAS = {
  /** USD per month and GiB */
  volumePerGb: 0.1,
  /** Share of the droplet's price. */
  weeklyBackups: 0.2,
  /** USD per month and check; alerts are free. */
  uptimeCheck: 1,
  /** USD per GiB beyond the droplet's allowance. */
  transferPerGb: 0.01,
} as const;

export const DIGITALOCEAN_LIMITS = {
  /** Bytes of user data. */
  userData: 64 * 1024,
  /** GiB */
  volume: { min: 1, max: 16_384 },
} as const;
