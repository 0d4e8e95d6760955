import type { ServedName, Service } from "../model/service.ts";
import type { Redirect } from "../model/zone.ts";
import type { ActiveEstate } from "./active-estate.ts";

/** The zone that holds a name: the longest that ends it. */
export function zoneOf(name: string, zones: readonly string[]): string | undefined {
  return zones
    .filter((zone) => name === zone || name.endsWith(`.${zone}`))
    .sort((a, b) => b.length - a.length)
    .at(0);
}

/** Labels before the zone's name: 0 for the apex. */
export const depthIn = (name: string, zone: string): number =>
  name === zone ? 0 : name.slice(0, -zone.length - 1).split(".").length;

/** Whether clients of a name meet Cloudflare's edge. */
export const isProxied = ({ exposure }: ServedName, settings: { readonly cdn: boolean }): boolean =>
  exposure === "proxied" || (exposure === "cdn" && settings.cdn);

/** Redirects of all zones that a service answers itself. */
export const redirectsAt = (active: ActiveEstate, serviceId: string): Redirect[] =>
  Object.values(active.estate.zones).flatMap((zone) => (zone.redirects ?? []).filter(({ at }) => at === serviceId));

/** Whether a web client ever reaches the service without passing the edge. */
export const isReachedDirectly = (active: ActiveEstate, serviceId: string, service: Service): boolean =>
  service.names.some((name) => !name.noWeb && !isProxied(name, active.settings)) ||
  redirectsAt(active, serviceId).length > 0;
