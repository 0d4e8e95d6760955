import type { DigitalOceanImage, DigitalOceanRegion, DropletSizeSlug } from "./catalogue/digitalocean.ts";
import type { HetznerImage, HetznerLocation, HetznerServerType, StorageBoxType } from "./catalogue/hetzner.ts";
import type { Criticality } from "./service.ts";

/**
 * What must exist, as plain data: made by the pure functions of `blueprint/`, turned into resources by `components/`.
 * Keys are contracts: a component's name and those of its children come from them.
 */
export interface Blueprint {
  readonly estate: string;
  readonly sshKeys: readonly SshKeyPlan[];
  readonly hetzner: HetznerPlan;
  readonly digitalOcean: DigitalOceanPlan;
  readonly zones: readonly ZonePlan[];
  readonly hosts: readonly HostSummary[];
  readonly backups: readonly BackupPlan[];
  readonly probes: readonly ProbePlan[];
  /** Public URLs by service. */
  readonly urls: Readonly<Record<string, readonly string[]>>;
  readonly cost: CostReport;
}

/** An address that is known only once the cloud has given it. */
export interface HostAddress {
  readonly host: string;
  /**
   * `ipv4`, `ipv6`: what DNS says (the primary or reserved IP). `egress4`: where connections of the host come from; for
   * a droplet this is its own address, not the reserved one.
   */
  readonly address: "ipv4" | "ipv6" | "egress4";
}

/** The symbolic address of a host. */
export const addressOf = (host: string, address: HostAddress["address"]): HostAddress => ({ host, address });

/** A literal CIDR block or address, or a symbolic one. */
export type Source = string | HostAddress;

export interface FirewallRule {
  /** Says why the rule is there; shown in the cloud's console where it has room for it. */
  readonly purpose: string;
  readonly protocol: "tcp" | "udp" | "icmp";
  /** Left out for icmp. */
  readonly port?: number;
  /** `0.0.0.0/0` and `::/0` stand for anyone. */
  readonly sources: readonly Source[];
}

export interface SshKeyPlan {
  /** `<admin>-<n>` */
  readonly key: string;
  readonly name: string;
  readonly publicKey: string;
}

/** Delete protection of the cloud and of Pulumi: both are lifted by the setting `unprotected`. */
export interface Guarded {
  readonly protect: boolean;
}

export interface VolumePlan {
  readonly name: string;
  /** GB */
  readonly size: number;
}

export interface HetznerServerPlan extends Guarded {
  /** The host's id. */
  readonly key: string;
  readonly name: string;
  readonly fqdn: string;
  readonly type: HetznerServerType;
  readonly image: HetznerImage;
  readonly location: HetznerLocation;
  readonly privateIp: string;
  /** In the placement group unless false. */
  readonly spread?: false;
  readonly volume?: VolumePlan;
  readonly firewall: readonly FirewallRule[];
  readonly labels: Readonly<Record<string, string>>;
  readonly userData: string;
}

export interface StorageBoxPlan extends Guarded {
  readonly key: string;
  readonly name: string;
  readonly type: StorageBoxType;
  readonly location: HetznerLocation;
  readonly labels: Readonly<Record<string, string>>;
  /** Hosts outside Hetzner back up to it as well. */
  readonly reachableExternally: boolean;
}

export interface HetznerPlan {
  readonly network:
    | {
        readonly name: string;
        readonly ipRange: string;
        readonly networkZone: string;
        readonly labels: Readonly<Record<string, string>>;
      }
    | undefined;
  /** Spread placement group of the servers, those that opt out apart. */
  readonly placementGroup: string;
  readonly servers: readonly HetznerServerPlan[];
  readonly storageBox: StorageBoxPlan | undefined;
}

export interface DropletPlan extends Guarded {
  readonly key: string;
  /** The FQDN: it sets the PTR of the droplet's own address. */
  readonly name: string;
  readonly fqdn: string;
  readonly size: DropletSizeSlug;
  readonly image: DigitalOceanImage;
  readonly region: DigitalOceanRegion;
  readonly volume?: VolumePlan;
  readonly firewall: readonly FirewallRule[];
  readonly tags: readonly string[];
  readonly userData: string;
}

export interface UptimeCheckPlan {
  readonly key: string;
  readonly name: string;
  readonly type: "http" | "https" | "ping";
  readonly target: string;
}

export interface DigitalOceanPlan {
  readonly project: { readonly name: string; readonly description: string } | undefined;
  readonly vpcs: readonly {
    readonly key: string;
    readonly name: string;
    readonly region: DigitalOceanRegion;
    readonly ipRange: string;
  }[];
  readonly droplets: readonly DropletPlan[];
  readonly uptimeChecks: readonly UptimeCheckPlan[];
  /** Addresses that alerts go to: never only in a domain of our own. */
  readonly alertEmails: readonly string[];
}

export interface RecordPlan {
  /** `<name>/<type>/<purpose>`: stable, never an index. */
  readonly key: string;
  /** FQDN */
  readonly name: string;
  readonly type: "A" | "AAAA" | "CNAME" | "MX" | "TXT" | "CAA";
  /** Text, or the symbolic address for A and AAAA. CAA: see `caa`. */
  readonly content: string | HostAddress;
  readonly caa?: { readonly flags: number; readonly tag: "issue" | "issuewild" | "iodef"; readonly value: string };
  readonly priority?: number;
  readonly proxied: boolean;
  /** Seconds; 1 = automatic, the only value for proxied records. */
  readonly ttl: number;
  readonly purpose: string;
}

/** A rule of Cloudflare's `http_request_cache_settings` phase. */
export interface CacheRulePlan {
  readonly ref: string;
  readonly description: string;
  readonly expression: string;
  readonly cache: boolean;
  /** Seconds at the edge for successful answers, overriding the origin; left out: what the origin says. */
  readonly edgeTtl?: number;
  /** Seconds in browsers; left out: what the origin says. */
  readonly browserTtl?: number;
}

/** A rule of Cloudflare's `http_request_dynamic_redirect` phase. */
export interface RedirectRulePlan {
  readonly ref: string;
  readonly description: string;
  readonly expression: string;
  /** Expression that makes the target URL. */
  readonly target: string;
  readonly status: 301;
  readonly preserveQuery: boolean;
}

export interface ZonePlan extends Guarded {
  readonly name: string;
  readonly records: readonly RecordPlan[];
  readonly settings: Readonly<Record<string, string | number>>;
  readonly cacheRules: readonly CacheRulePlan[];
  readonly redirectRules: readonly RedirectRulePlan[];
  readonly tieredCache: boolean;
  /** Origins get the URLs that the edge's rules have judged. */
  readonly normalizesUrls: boolean;
  readonly dnssec: "off" | "signed" | "delegated";
}

export interface HostSummary {
  readonly key: string;
  readonly fqdn: string;
  readonly kind: "hetzner" | "digitalOcean" | "external";
  readonly payer: string;
  readonly services: readonly string[];
  readonly criticality: Criticality;
  /** Host through which admins reach it; undefined: they come directly. */
  readonly adminsThrough: string | undefined;
  /** Digest of the host's bundle: a changed one means that the host must converge. Undefined for external hosts. */
  readonly digest: string | undefined;
}

/** One data path, its backup repository and when it runs. */
export interface BackupPlan {
  readonly host: string;
  readonly service: string;
  readonly path: string;
  /** `storageBox:<name>/<host>/<service>` or `<host>:<path>/…` */
  readonly repository: string;
  /** systemd calendar expression, UTC. */
  readonly schedule: string;
  readonly keep: { readonly daily: number; readonly weekly: number; readonly monthly: number };
  readonly dump?: string;
}

/** A check that a prober on one of our hosts makes. */
export interface ProbePlan {
  readonly key: string;
  /** The service that is probed. */
  readonly service: string;
  readonly from: string;
  readonly target: string;
  readonly kind: "http" | "tcp";
}

export interface CostItem {
  /** What is paid, e.g. `build-01 cx53`. */
  readonly item: string;
  readonly host?: string;
  readonly payer: string;
  readonly currency: "EUR" | "USD";
  /** Cents per month, net. */
  readonly cents: number;
  readonly provider: "hetzner" | "digitalocean" | "registrar";
  /** Expected, not ordered: traffic beyond what the servers include. Shown, but not held against the cap. */
  readonly usage?: true;
}

export interface CostReport {
  readonly items: readonly CostItem[];
  /** Sums per payer and currency, cents per month, net. */
  readonly perPayer: readonly { readonly payer: string; readonly currency: "EUR" | "USD"; readonly cents: number }[];
  /** Hetzner's items against the cap, cents per month, net. */
  readonly hetzner: { readonly cents: number; readonly capCents: number; readonly grossCents: number };
  readonly usdCents: number;
  /** Dates of the price tables. */
  readonly pricesOf: { readonly hetzner: string; readonly digitalocean: string };
}
