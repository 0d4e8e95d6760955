import type { DigitalOceanImage, DigitalOceanRegion, DropletSizeSlug } from "./catalogue/digitalocean.ts";
import type { HetznerImage, HetznerLocation, HetznerServerType } from "./catalogue/hetzner.ts";

/** Who pays for a host: a key of the estate's `payers`. */
export type Payer = string;

/** A pool that a host belongs to: it exists only while the pool's setting is at least `index`. */
export interface PoolPlace<PoolId extends string = string> {
  readonly pool: PoolId;
  /** 1 for the first host of the pool. */
  readonly index: number;
}

interface Machine<P extends string, PoolId extends string> {
  readonly payer: P;
  /** The one volume that keeps the host's data, GB. It outlives the host, and hosts never format it. */
  readonly volumeGb?: number;
  readonly pool?: PoolPlace<PoolId>;
  /** Expected outgoing traffic, TB per month, with the CDN on and off. */
  readonly egressTb?: { readonly cdn: number; readonly direct: number };
  /** What people should know about this machine, in a sentence. */
  readonly note?: string;
}

export interface HetznerHost<P extends string = string, PoolId extends string = string> extends Machine<P, PoolId> {
  readonly kind: "hetzner";
  readonly type: HetznerServerType;
  /** Chosen once: another one is refused, as volumes and addresses do not move (docs/runbooks/move-a-host.md). */
  readonly location: HetznerLocation;
  /** Fixed address in the estate's private network: configuration may name it before the host exists. */
  readonly privateIp: string;
  readonly image?: HetznerImage;
  /** Host of the same network that admins pass through: from outside nobody reaches a port of this one, they included. */
  readonly adminsThrough?: string;
  /** False: not in the spread placement group, which has ten places; for hosts that may fail together. */
  readonly spread?: false;
}

export interface DigitalOceanHost<P extends string = string, PoolId extends string = string>
  extends Machine<P, PoolId> {
  readonly kind: "digitalOcean";
  readonly size: DropletSizeSlug;
  /** Chosen once, as a location is. */
  readonly region: DigitalOceanRegion;
  readonly image?: DigitalOceanImage;
}

/** A dedicated or donated machine that no API creates: it gets a name, monitoring, admission and roles like the others. */
export interface ExternalHost {
  readonly kind: "external";
  readonly ipv4: string;
  readonly ipv6?: string;
  readonly owner: string;
  readonly note?: string;
}

export type Host<P extends string = string, PoolId extends string = string> =
  | HetznerHost<P, PoolId>
  | DigitalOceanHost<P, PoolId>
  | ExternalHost;

/** A server of Hetzner Cloud. */
export function hetzner<const P extends string, const PoolId extends string = never>(
  host: Omit<HetznerHost<P, PoolId>, "kind">,
): HetznerHost<P, PoolId> {
  return { kind: "hetzner", ...host };
}

/** A droplet of DigitalOcean. */
export function digitalOcean<const P extends string, const PoolId extends string = never>(
  host: Omit<DigitalOceanHost<P, PoolId>, "kind">,
): DigitalOceanHost<P, PoolId> {
  return { kind: "digitalOcean", ...host };
}

/** A machine that somebody else runs. */
export function external(host: Omit<ExternalHost, "kind">): ExternalHost {
  return { kind: "external", ...host };
}
