/** Hetzner Cloud: limits and offers beyond what estates choose from. Source: docs.hetzner.cloud and docs.hetzner.com, 2026-11. */
export const HETZNER_OBJECT_LIMITS = {
  volumesPerServer: 16,
  firewallsPerServer: 5,
  networksPerServer: 3,
  aliasIpsPerServer: 5,
  subnetsPerNetwork: 50,
} as const;

/** Server types that only the locations outside the EU sell, by location. */
export const HETZNER_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  cpx11: ["ash", "hil"],
  cpx21: ["ash", "hil"],
  cpx31: ["ash", "hil"],
  cpx41: ["ash", "hil"],
  cpx51: ["ash", "hil"],
};

/** System images by name. */
export const HETZNER_SYSTEM_IMAGES: readonly string[] = [
  "alma-9",
  "alma-10",
  "centos-stream-9",
  "centos-stream-10",
  "debian-11",
  "debian-12",
  "debian-13",
  "fedora-42",
  "fedora-43",
  "opensuse-15",
  "rocky-9",
  "rocky-10",
  "ubuntu-22.04",
  "ubuntu-24.04",
];
