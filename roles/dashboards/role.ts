import type { Service, ServicePlace } from "../../model/service.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** Dashboards about the project's own builds: they fetch what they show, and keep nothing. */
export function dashboards<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** Paths of the dashboards, the first of which is watched. */
    readonly boards: readonly [`/${string}`, ...`/${string}`[]];
  },
): Service<H, N> {
  const { on, criticality, name, boards } = place;
  return {
    role: "dashboards",
    on,
    what: "high-level dashboards",
    criticality,
    names: [{ name, exposure: "proxied" }],
    ports: webPorts,
    data: [],
    secrets: [],
    checks: [pageAnswers({ name, exposure: "proxied" }, boards[0], "the first dashboard")],
    moved: [],
    urls: boards.map((board) => ({ url: `https://${name}${board}`, what: "dashboard" })),
  };
}
