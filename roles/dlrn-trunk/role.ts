import type { Service, ServicePlace } from "../../model/service.ts";
import type { ThirdParty } from "../../model/third-party.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** The public repositories of DLRN and its API. What it serves is the builder's: a lost copy is pushed again. */
export function dlrnTrunk<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** Who fetches the repositories for further use. */
    readonly mirroredBy: readonly ThirdParty[];
  },
): Service<H, N> {
  const { on, criticality, name, mirroredBy } = place;
  // Direct: repositories of hundreds of GB are not what the edge's terms allow. Old repository files say http.
  const web = { name, exposure: "direct", plainHttp: true } as const;
  return {
    role: "dlrn-trunk",
    on,
    what: "public repositories of packages built from upstream's branches",
    criticality,
    names: [web],
    ports: [
      ...webPorts,
      { protocol: "tcp", port: 22, from: { role: "dlrn-builder" }, purpose: "rsync over SSH from the builder" },
    ],
    data: [{ path: "/srv/data/repositories", what: "repositories as the builder pushed them", keep: "scratch" }],
    secrets: [{ name: "database-client-key", what: "key of its client certificate at the database" }],
    // First the one whose certificate can expire.
    checks: [
      { kind: "http", url: `https://${name}/`, what: "the list of repositories" },
      pageAnswers(web, "/", "the list of repositories in the clear"),
    ],
    moved: [],
    urls: [
      { url: `https://${name}/`, what: "repositories" },
      { url: `http://${name}/`, what: "repositories, as old repository files name them" },
    ],
    uses: mirroredBy,
  };
}
