import type { HostContext, RoleFiles } from "./host-configuration.ts";
import type { ThirdParty } from "./third-party.ts";

/** How much a failure hurts, and so how soon a service must be back. */
export type Criticality = "high" | "medium" | "low";

/** Hours within which a service must be restored; service continuity plans of large projects use the same classes. */
export const RESTORE_WITHIN_HOURS: Readonly<Record<Criticality, number>> = { high: 4, medium: 24, low: 120 };

/**
 * How the world reaches a name:
 * `cdn` through Cloudflare with the download cache policy, as long as the setting `cdn` is on;
 * `proxied` through Cloudflare with its default caching; `direct` at the host's own address (DNS only).
 */
export type Exposure = "cdn" | "proxied" | "direct";

/** A name that a service answers to. */
export interface ServedName<N extends string = string> {
  readonly name: N;
  readonly exposure: Exposure;
  /** Plain http is answered, not redirected: old devices and old links have no TLS. */
  readonly plainHttp?: boolean;
  /** No file under the name ever changes its content, so a CDN may keep all of them. */
  readonly immutable?: true;
  /** True for a name that only a name server or a mail server uses: no page is behind it. */
  readonly noWeb?: boolean;
}

/**
 * Who may reach a port.
 * `edge`: Cloudflare's addresses for a proxied name, anyone for one that is not.
 * `private`: the estate's private network only, never from outside.
 */
export type Audience<H extends string = string> =
  | "anyone"
  | "admins"
  | "edge"
  | "private"
  /** Operators of mirrors: the setting `mirrorNetworks`. */
  | "mirrors"
  /** All hosts that run a role, wherever they are. */
  | { readonly role: string }
  | { readonly hosts: readonly H[] }
  | { readonly thirdParty: ThirdParty };

export interface Port<H extends string = string> {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  readonly from: Audience<H>;
  readonly purpose: string;
}

/** A directory under the host's volume that must survive the host. */
export interface DataPath {
  readonly path: `/srv/data/${string}`;
  readonly what: string;
  /** `scratch` can be made again by the service itself and has no backup. */
  readonly keep: "daily" | "hourly" | "scratch";
  /** Command that writes a consistent dump into the path before the backup. */
  readonly dump?: string;
}

/** A secret that the service waits for; it is delivered by `ops converge`, never by the cloud. */
export interface SecretNeed {
  readonly name: string;
  readonly what: string;
  /** Set for one that is made of values which others know too: each value is kept once, for all of them. */
  readonly shared?: SharedSecret;
}

/** How a service's secret is made of shared values. */
export interface SharedSecret {
  /** Where values are checked, a new one must be known before others present it. */
  readonly here: "checked" | "presented";
  readonly lines: (context: HostContext) => readonly SharedLine[];
}

/** A line of a secret: `user:value`, or the value alone. */
export interface SharedLine {
  readonly user?: string;
  /** Names the value in the whole estate, such as `worker-build-01`. */
  readonly value: string;
}

/** What shows from outside that the service works. */
export type Check =
  | { readonly kind: "http"; readonly url: string; readonly what: string }
  | { readonly kind: "tcp"; readonly name: string; readonly port: number; readonly what: string };

/** A path of a served name that moved: the service's own web server answers with 301. */
export interface MovedPath {
  readonly name: string;
  /** Prefix, such as `/mailman/listinfo/`. */
  readonly path: string;
  /** URL that replaces name and prefix; what follows the prefix is kept. */
  readonly to: string;
}

/** A public URL that people know and that must keep working. */
export interface PublicUrl {
  readonly url: string;
  readonly what: string;
}

/** One service on one host: what its role needs from the clouds and gives to the world. */
export interface Service<H extends string = string, N extends string = string> {
  /** Folder in `roles/`. */
  readonly role: string;
  readonly on: H;
  readonly what: string;
  readonly criticality: Criticality;
  readonly names: readonly ServedName<N>[];
  readonly ports: readonly Port<H>[];
  readonly data: readonly DataPath[];
  readonly secrets: readonly SecretNeed[];
  readonly checks: readonly Check[];
  readonly moved: readonly MovedPath[];
  readonly urls: readonly PublicUrl[];
  /** What others run and it depends on, reads from or writes to. */
  readonly uses?: readonly ThirdParty[];
  /** Branches whose results it uploads to the downloads. */
  readonly uploads?: readonly string[];
  /** A service whose cloud must not be this one's: a copy that would be lost together with its original is none. */
  readonly apartFrom?: string;
  /** Makes the service's files on its host; left out while a service is declared only. */
  readonly configure?: (context: HostContext) => RoleFiles;
  /** Why no other service may share the host. */
  readonly alone?: string;
  /** Set for what upstream has given up and the estate still declares: since when, and the source. */
  readonly retired?: string;
}

/** What every service of an estate says for itself, whatever its role. */
export interface ServicePlace<H extends string> {
  readonly on: H;
  readonly criticality: Criticality;
}

/**
 * A service that upstream has given up and the estate still declares; `includeRetired: false` leaves it out.
 * @param since when, and who says so
 */
export function retired<const H extends string, const N extends string>(
  service: Service<H, N>,
  since: string,
): Service<H, N> {
  return { ...service, retired: since };
}
