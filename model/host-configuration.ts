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
