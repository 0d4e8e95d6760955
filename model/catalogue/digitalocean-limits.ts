/** DigitalOcean: limits and offers beyond what estates choose from. Source: docs.digitalocean.com and its API description, 2026-08. */
export const DIGITALOCEAN_SYSTEM_IMAGES: readonly string[] = [
  "almalinux-9-x64",
  "centos-stream-9-x64",
  "centos-stream-10-x64",
  "debian-12-x64",
  "debian-13-x64",
  "fedora-42-x64",
  "rockylinux-9-x64",
  "ubuntu-22-04-x64",
  "ubuntu-24-04-x64",
];

/** Regions with object storage. */
export const SPACES_REGIONS: readonly string[] = [
  "ams3",
  "atl1",
  "blr1",
  "fra1",
  "lon1",
  "nyc3",
  "sfo2",
  "sfo3",
  "sgp1",
  "syd1",
  "tor1",
];

export const DIGITALOCEAN_OBJECT_LIMITS = {
  volumesPerDroplet: 15,
  /** Rules of one firewall, both directions together. */
  firewallRules: 50,
  dropletsPerFirewall: 10,
} as const;

/** Where uptime checks run from. */
export const UPTIME_REGIONS: readonly string[] = ["us_east", "us_west", "eu_west", "se_asia"];
