import type { Service, ServicePlace } from "../../model/service.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** What works and what does not, on one page: on a host outside of the cloud that it speaks of. */
export function status<const H extends string, const N extends string>(
  place: ServicePlace<H> & { readonly name: N },
): Service<H, N> {
  const { on, criticality, name } = place;
  return {
    role: "status",
    on,
    what: "status and monitoring of all services on one page",
    criticality,
    // Direct: the page must answer when the edge does not.
    names: [{ name, exposure: "direct" }],
    ports: webPorts,
    data: [],
    secrets: [],
    checks: [pageAnswers({ name, exposure: "direct" }, "/", "the overview")],
    moved: [],
    urls: [{ url: `https://${name}/`, what: "status of all services" }],
  };
}
