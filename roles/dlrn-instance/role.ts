import type { Service, ServicePlace } from "../../model/service.ts";
import type { ThirdParty } from "../../model/third-party.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** DLRN on one host for the specifications of another project: builds, serves, and keeps its state in a file. */
export function dlrnInstance<const H extends string, const N extends string>(
  place: ServicePlace<H> & { readonly name: N; readonly builds: ThirdParty },
): Service<H, N> {
  const { on, criticality, name, builds } = place;
  const report = "/repos/status_report.html";
  return {
    role: "dlrn-instance",
    on,
    what: `builds packages from the templates of ${builds.name}`,
    criticality,
    names: [{ name, exposure: "proxied" }],
    ports: webPorts,
    data: [{ path: "/srv/data/dlrn", what: "repositories and build roots, built again when lost", keep: "scratch" }],
    secrets: [],
    checks: [pageAnswers({ name, exposure: "proxied" }, report, "the report of the last builds")],
    moved: [],
    urls: [{ url: `https://${name}${report}`, what: "report of the last builds" }],
    uses: [builds],
    alone: "it builds code of others",
  };
}
