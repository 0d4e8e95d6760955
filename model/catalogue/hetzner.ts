/**
 * Hetzner Cloud: what can be ordered and what it costs. EUR per month, net of VAT, EU locations, without IPv4.
 * Source: docs.hetzner.com, price list of 15 June 2026; CPX62, CCX43 and CCX63 derived from gross prices (19 % VAT).
 */
export const HETZNER_PRICES_OF = "2026-06-15";

export interface ServerType {
  readonly cpu: "x86" | "arm";
  readonly cores: number;
  /** GB */
  readonly memory: number;
  /** GB */
  readonly disk: number;
  /** EUR per month, net */
  readonly monthly: number;
}

const type = (cpu: "x86" | "arm", cores: number, memory: number, disk: number, monthly: number): ServerType => ({
  cpu,
  cores,
  memory,
  disk,
  monthly,
});

/** CX and CAX are often out of stock (listed "not available" on 2026-09-03). */
export const HETZNER_SERVER_TYPES = {
  cx23: type("x86", 2, 4, 40, 5.49),
  cx33: type("x86", 4, 8, 80, 8.49),
  cx43: type("x86", 8, 16, 160, 15.99),
  cx53: type("x86", 16, 32, 320, 29.49),
  cax11: type("arm", 2, 4, 40, 5.99),
  cax21: type("arm", 4, 8, 80, 10.49),
  cax31: type("arm", 8, 16, 160, 20.99),
  cax41: type("arm", 16, 32, 320, 40.99),
  cpx12: type("x86", 1, 2, 40, 11.49),
  cpx22: type("x86", 2, 4, 80, 19.49),
  cpx32: type("x86", 4, 8, 160, 35.49),
  cpx42: type("x86", 8, 16, 320, 69.49),
  cpx52: type("x86", 12, 24, 480, 100.49),
  cpx62: type("x86", 16, 32, 640, 129.99),
  ccx13: type("x86", 2, 8, 80, 42.99),
  ccx23: type("x86", 4, 16, 160, 85.99),
  ccx33: type("x86", 8, 32, 240, 138.49),
  ccx43: type("x86", 16, 64, 360, 275.99),
  ccx53: type("x86", 32, 128, 600, 533.49),
  ccx63: type("x86", 48, 192, 960, 853.49),
} as const satisfies Record<string, ServerType>;
export type HetznerServerType = keyof typeof HETZNER_SERVER_TYPES;

/** The EU locations, all in network zone `eu-central`: the prices above hold there alone. */
export const HETZNER_LOCATIONS = {
  fsn1: { networkZone: "eu-central", city: "Falkenstein" },
  nbg1: { networkZone: "eu-central", city: "Nuremberg" },
  hel1: { networkZone: "eu-central", city: "Helsinki" },
} as const;
export type HetznerLocation = keyof typeof HETZNER_LOCATIONS;

/** `size` in GB. */
export const STORAGE_BOX_TYPES = {
  bx11: { size: 1_000, monthly: 3.2 },
  bx21: { size: 5_000, monthly: 10.9 },
  bx31: { size: 10_000, monthly: 20.8 },
  bx41: { size: 20_000, monthly: 40.6 },
} as const;
export type StorageBoxType = keyof typeof STORAGE_BOX_TYPES;

export const HETZNER_EXTRAS = {
  /** EUR per month and address */
  ipv4: 0.5,
  /** EUR per month and GB */
  volumePerGb: 0.0572,
  /** Traffic that each server includes, TB per month, and EUR per TB beyond it. */
  includedTraffic: 20,
  trafficPerTb: 1,
  /** Share of VAT in Germany that turns net into gross. */
  vat: 0.19,
} as const;

/** Images that hosts of this project may be made from; CentOS Stream is for services that need an RPM distribution. */
export const HETZNER_IMAGES = ["debian-13", "centos-stream-10"] as const;
export type HetznerImage = (typeof HETZNER_IMAGES)[number];

export const HETZNER_LIMITS = {
  /** Bytes of user data (hcloud provider, 2026). */
  userData: 32 * 1024,
  /** GB (docs.hetzner.com, volumes, 2026). */
  volume: { min: 10, max: 10_240 },
  /** Servers in one spread placement group. */
  placementGroup: 10,
  /** Rules in one firewall, and sources in one rule. */
  firewallRules: 50,
  firewallSources: 100,
} as const;
