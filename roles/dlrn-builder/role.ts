import type { Service, ServicePlace } from "../../model/service.ts";
import type { ThirdParty } from "../../model/third-party.ts";

/**
 * DLRN: builds packages of every commit upstream in mock, so on an RPM distribution. Private: nothing listens. It pushes
 * what it built to the repository server by rsync over SSH.
 */
export function dlrnBuilder<const H extends string>(
  place: ServicePlace<H> & {
    /** Where the specifications and the list of packages come from. */
    readonly sources: readonly ThirdParty[];
  },
): Service<H, never> {
  const { on, criticality, sources } = place;
  return {
    role: "dlrn-builder",
    on,
    what: "builds packages of upstream's branches",
    criticality,
    names: [],
    ports: [],
    data: [
      { path: "/srv/data/dlrn", what: "repositories as they were built, and their logs", keep: "daily" },
      { path: "/srv/data/mock", what: "build roots and their cache", keep: "scratch" },
    ],
    secrets: [
      { name: "database-client-key", what: "key of its client certificate at the database" },
      { name: "trunk-upload-key", what: "SSH key of its account on the repository server" },
    ],
    checks: [],
    moved: [],
    urls: [],
    uses: sources,
    alone: "it builds code of others",
  };
}
