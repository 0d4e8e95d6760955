import type { Estate } from "../model/estate.ts";
import { external, type Host } from "../model/host.ts";
import type { Service } from "../model/service.ts";
import type { Settings } from "../model/settings.ts";

/** An estate as one deployment has it: pools at their size, donated machines added, retired services kept or left out. */
export interface ActiveEstate {
  readonly estate: Estate;
  readonly settings: Settings;
  readonly hosts: Readonly<Record<string, Host>>;
  readonly services: Readonly<Record<string, Service>>;
}

/** Narrows an estate to what the settings ask for. */
export function activeEstate(estate: Estate, settings: Settings): ActiveEstate {
  const exists = (host: Host) =>
    host.kind === "external" || !host.pool || host.pool.index <= (settings.pools[host.pool.pool] ?? 0);
  const wanted = (service: Service) => settings.includeRetired || service.retired === undefined;
  const ownHosts = Object.entries(estate.hosts).filter(([, host]) => exists(host));
  const present = new Set(ownHosts.map(([id]) => id));
  const services = Object.entries(estate.services).filter(([, service]) => present.has(service.on) && wanted(service));
  // A host whose services are all left out goes with them.
  const used = new Set(services.map(([, service]) => service.on));
  const emptied = (id: string) => !used.has(id) && Object.values(estate.services).some((service) => service.on === id);
  const donated = settings.donations.map(({ name, ipv4, ipv6, owner }) => [
    name,
    external({ ipv4, ...(ipv6 === undefined ? {} : { ipv6 }), owner }),
  ]);
  return {
    estate,
    settings,
    hosts: Object.fromEntries([...ownHosts.filter(([id]) => !emptied(id)), ...donated]),
    services: Object.fromEntries(services),
  };
}

/** Ids of the hosts that run a role, donated machines included. */
export function hostsOfRole(active: ActiveEstate, role: string): string[] {
  const own = Object.values(active.services).flatMap((service) => (service.role === role ? [service.on] : []));
  const donated = active.estate.donations?.role === role ? active.settings.donations.map(({ name }) => name) : [];
  return [...new Set([...own, ...donated])];
}

/** Services of a host, with their ids. */
export const servicesOn = (active: ActiveEstate, host: string): [string, Service][] =>
  Object.entries(active.services).filter(([, service]) => service.on === host);

/** `<host>.infra.<domain>` */
export const fqdnOf = (active: ActiveEstate, host: string): string => `${host}.infra.${active.estate.domain}`;

/** The guards of a host or zone stand unless the settings lift them. */
export const isProtected = ({ settings }: ActiveEstate, key: string): boolean =>
  settings.unprotected !== "all" && !settings.unprotected.includes(key);
