import type { Service, ServicePlace } from "../../model/service.ts";

/** Blackbox probes of what runs elsewhere: no service is watched only by its own host. */
export function prober<const H extends string>(place: ServicePlace<H>): Service<H, never> {
  return {
    role: "prober",
    on: place.on,
    what: "probes the services of other hosts and alerts",
    criticality: place.criticality,
    names: [],
    ports: [],
    data: [],
    secrets: [{ name: "alert-webhook", what: "where alerts are sent besides mail" }],
    checks: [],
    moved: [],
    urls: [],
  };
}
