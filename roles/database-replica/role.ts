import type { Service, ServicePlace } from "../../model/service.ts";

/** MariaDB that follows a primary on another cloud, read-only. It may be made again from the primary: no backup of it. */
export function databaseReplica<const H extends string>(
  place: ServicePlace<H> & {
    /** The service that it follows, and its name. */
    readonly of: string;
    readonly primary: string;
  },
): Service<H, never> {
  const { on, criticality, primary } = place;
  return {
    role: "database-replica",
    on,
    what: `MariaDB, replica of ${primary}`,
    criticality,
    names: [],
    ports: [],
    data: [{ path: "/srv/data/mariadb", what: "the primary's databases", keep: "scratch" }],
    secrets: [
      { name: "database-client-key", what: "key of its client certificate at the primary" },
      { name: "replication-password", what: "its account at the primary" },
    ],
    checks: [],
    moved: [],
    urls: [],
    apartFrom: place.of,
  };
}
