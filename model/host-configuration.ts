import type { FirewallRule } from "./blueprint.ts";
import type { MaintenanceWindow } from "./estate.ts";

/** What the base role of a host is made from: known before the host exists, free of secrets. */
export interface HostConfiguration {
  /** The host's id, e.g. `git-01`. */
  readonly host: string;
  readonly fqdn: string;
  readonly cloud: "hetzner" | "digitalOcean";
  /** Family of the image: packages and file locations differ. */
  readonly distribution: "debian" | "centos";
  /** Those who may log in on this host. */
  readonly admins: readonly HostAdmin[];
  /** CIDR blocks from which they may. */
  readonly adminNetworks: readonly string[];
  /** The host has a data volume, mounted at /srv/data. */
  readonly volume: boolean;
  /** Name of the volume in the cloud: DigitalOcean's device is named after it. */
  readonly volumeName: string | undefined;
  /** The same rules as the cloud firewall's, and those of the private network, which the cloud does not filter. */
  readonly firewall: readonly FirewallRule[];
  readonly maintenance: MaintenanceWindow;
  readonly privateIp: string | undefined;
  /** GB: small hosts get swap. */
  readonly memory: number;
}

export interface HostAdmin {
  readonly name: string;
  readonly keys: readonly string[];
  readonly sudo: boolean;
}

/** A file of a host. */
export interface HostFile {
  /** Absolute. */
  readonly path: string;
  /** Octal, such as `0644`. */
  readonly mode: string;
  /** `user:group`; both must exist before the packages are installed. */
  readonly owner: string;
  readonly content: string;
}

/** What one role brings to a host. Its scripts are among its files, in `/usr/local/lib/roles/<role>/`. */
export interface RoleFiles {
  /** `[a-z0-9-]+` */
  readonly role: string;
  readonly packages: readonly string[];
  /** `/usr/local/lib/roles/<role>/apply` must be among them; `before-packages` beside it may be. */
  readonly files: readonly HostFile[];
}

/** What a service's role may know of its surroundings when its files are made: all of it before any host exists. */
export interface HostContext {
  readonly host: HostConfiguration;
  /** Names that web servers of this host answer to, over all its services; certificates are asked for these. */
  readonly webNames: readonly WebName[];
  /** Hosts that run a role, this one included. */
  readonly peers: (role: string) => readonly Peer[];
  /** Where the estate's services can be found by others: first name of the first service with that role. */
  readonly nameOf: (role: string) => string | undefined;
  /** Branches whose results are uploaded to the downloads, over all services. */
  readonly uploads: readonly string[];
  /** Downloads go through the CDN. */
  readonly cdn: boolean;
  /** Where mail of the host goes out; undefined in an estate without mail. */
  readonly mailRelay: { readonly host: string; readonly port: number } | undefined;
  readonly alertEmails: readonly string[];
}

export interface WebName {
  readonly name: string;
  /** Clients come through Cloudflare, whose addresses are in the catalogue. */
  readonly proxied: boolean;
  readonly plainHttp: boolean;
  /** Prefixes of paths that are elsewhere now, and the URLs that replace name and prefix: what follows is kept. */
  readonly moved: readonly { readonly path: string; readonly to: string }[];
}

export interface Peer {
  readonly host: string;
  readonly fqdn: string;
  /** Address in the private network of this host's cloud, or of an external machine; undefined where only DNS knows. */
  readonly address: string | undefined;
  /** Of an external machine that has one. */
  readonly address6: string | undefined;
}
