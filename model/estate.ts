import type { HetznerLocation, StorageBoxType } from "./catalogue/hetzner.ts";
import type { Host } from "./host.ts";
import type { Service } from "./service.ts";
import type { ThirdParty } from "./third-party.ts";
import type { Zone } from "./zone.ts";

/** A name in one of the zones `Z`. */
export type NameIn<Z extends string> = Z | `${string}.${Z}`;

/** What a pool's size depends on: the key of a setting, 0 … the number of its hosts. */
export interface Pool {
  readonly setting: string;
  readonly default: number;
  readonly what: string;
}

/** Where backups go. */
export type BackupTarget<H extends string = string, P extends string = string> =
  | {
      readonly kind: "storageBox";
      readonly name: string;
      readonly type: StorageBoxType;
      /** Not that of the hosts: a fire in one place must not take both. Chosen once: a box does not move. */
      readonly location: HetznerLocation;
      readonly payer: P;
    }
  /** A host of the estate itself, for backups on another cloud. */
  | { readonly kind: "host"; readonly on: H; readonly path: `/srv/data/${string}` };

/** Monthly limits on what a preview may plan, EUR net. */
export interface Budget {
  /** For the hosts outside any pool. */
  readonly base: number;
  /** More for each host of a pool that exists. */
  readonly perPoolHost: number;
  readonly note: string;
}

/** When hosts may be rebooted and services interrupted, UTC. */
export interface MaintenanceWindow {
  readonly weekday: "Monday" | "Tuesday" | "Wednesday" | "Thursday" | "Friday" | "Saturday" | "Sunday";
  /** Which of the month's weekdays of that name: 1 for the first … 5; left out: every week. */
  readonly weeks?: readonly (1 | 2 | 3 | 4 | 5)[];
  /** "HH:MM" */
  readonly from: string;
  readonly hours: number;
}

/** People who may log in: an admin names the groups in the settings, the estate says where each group may go. */
export interface AdminGroup<H extends string> {
  readonly what: string;
  readonly hosts: "all" | readonly H[];
  /** May become root. */
  readonly sudo: boolean;
}

/** Machines that private parties lend: a list in the settings, as only the owners of the estate know their addresses. */
export interface Donations {
  readonly setting: string;
  /** The role that they run; ports open to that role are open to them. */
  readonly role: string;
  readonly what: string;
}

/** All that a project runs: the one file that its maintainers edit. */
export interface Estate<
  Z extends string = string,
  P extends string = string,
  PoolId extends string = string,
  H extends string = string,
  S extends string = string,
> {
  /** Short name of the project; label of everything that it owns. */
  readonly name: string;
  readonly title: string;
  /** Hosts are named `<host>.infra.<domain>`. */
  readonly domain: NoInfer<Z>;
  readonly payers: Readonly<Record<P, { readonly what: string }>>;
  /** Who pays the yearly fees of the zones. */
  readonly domainsPaidBy: NoInfer<P>;
  /** Who pays what watches the services from outside. */
  readonly monitoringPaidBy: NoInfer<P>;
  readonly budget: Budget;
  /** Private network of the Hetzner hosts, and the range of the DigitalOcean networks (one /24 a region is cut from it). */
  readonly networks: { readonly hetzner: string; readonly digitalOcean: string };
  readonly maintenance: MaintenanceWindow;
  readonly groups: Readonly<Record<string, AdminGroup<NoInfer<H>>>>;
  readonly pools: Readonly<Record<PoolId, Pool>>;
  readonly zones: Readonly<Record<Z, Zone<NameIn<NoInfer<Z>>, NoInfer<S>>>>;
  readonly hosts: Readonly<Record<H, Host<NoInfer<P>, NoInfer<PoolId>>>>;
  readonly services: Readonly<Record<S, Service<NoInfer<H>, NameIn<NoInfer<Z>>>>>;
  readonly backups: BackupTarget<NoInfer<H>, NoInfer<P>>;
  readonly donations?: Donations;
  readonly thirdParties: Readonly<Record<string, ThirdParty>>;
  /** Facts about the project that no cloud resource holds, for the documentation. */
  readonly notes?: readonly string[];
}

/** Checks an estate's references while it is written: an unknown host, zone, payer, pool or service does not compile. */
export function defineEstate<
  const Z extends string,
  const P extends string,
  const PoolId extends string,
  const H extends string,
  const S extends string,
>(estate: Estate<Z, P, PoolId, H, S>): Estate {
  return estate;
}
