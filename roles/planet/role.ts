import type { Service, ServicePlace } from "../../model/service.ts";
import type { ThirdParty } from "../../model/third-party.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** The blogs of the project's people on one page, fetched every hour by a timer; it keeps nothing. */
export function planet<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** Planets that it is a part of. */
    readonly partOf?: readonly ThirdParty[];
  },
): Service<H, N> {
  const { on, criticality, name, partOf = [] } = place;
  return {
    role: "planet",
    on,
    what: "planet: blogs of the project's people",
    criticality,
    names: [{ name, exposure: "proxied" }],
    ports: webPorts,
    data: [],
    secrets: [],
    checks: [pageAnswers({ name, exposure: "proxied" }, "/", "the planet's page")],
    moved: [],
    urls: [{ url: `https://${name}/`, what: "planet" }],
    uses: partOf,
  };
}
