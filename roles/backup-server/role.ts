import type { Service, ServicePlace } from "../../model/service.ts";

/**
 * The repositories that the hosts back up to, append-only, one account a host. Its SSH port opens to them because the
 * estate says that backups go to this host.
 */
export function backupServer<const H extends string, const N extends string>(
  place: ServicePlace<H> & { readonly name: N },
): Service<H, N> {
  const { on, criticality, name } = place;
  return {
    role: "backup-server",
    on,
    what: "offsite backups of the other hosts",
    criticality,
    names: [{ name, exposure: "direct", noWeb: true }],
    ports: [],
    data: [
      { path: "/srv/data/backups", what: "backup repositories; their originals are the other copy", keep: "scratch" },
    ],
    secrets: [],
    checks: [{ kind: "tcp", name, port: 22, what: "backups over SSH" }],
    moved: [],
    urls: [],
  };
}
