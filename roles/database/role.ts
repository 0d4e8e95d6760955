import type { Service, ServicePlace } from "../../model/service.ts";

/** MariaDB, primary: TLS with client certificates only, a binary log for the replica, and dumps, as a replica copies mistakes. */
export function database<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** The hosts that may connect, the replica's among them. */
    readonly clients: readonly H[];
  },
): Service<H, N> {
  const { on, criticality, name, clients } = place;
  return {
    role: "database",
    on,
    what: "MariaDB, primary",
    criticality,
    names: [{ name, exposure: "direct", noWeb: true }],
    ports: [{ protocol: "tcp", port: 3306, from: { hosts: clients }, purpose: "MariaDB, TLS only" }],
    data: [
      {
        path: "/srv/data/mariadb",
        what: "databases",
        keep: "hourly",
        dump: "mariadb-dump --all-databases --single-transaction",
      },
    ],
    secrets: [
      { name: "database-server-key", what: "keys of the authority and of the server's certificate" },
      { name: "database-passwords", what: "one password per account, the replica's among them" },
    ],
    checks: [{ kind: "tcp", name, port: 3306, what: "the primary" }],
    moved: [],
    urls: [],
  };
}
