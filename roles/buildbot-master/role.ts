import type { Service, ServicePlace } from "../../model/service.ts";
import { webPorts } from "../web/ports.ts";
import { type Branch, branchUrls } from "./branch.ts";

/** Two Buildbot masters on one host: phase 1 builds images per target, phase 2 packages per architecture. */
export function buildbotMaster<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** Other names of the web interface, as old links have them. */
    readonly oldNames?: readonly N[];
    /** Where the images of the branches are published. */
    readonly downloads: N;
    readonly branches: readonly Branch[];
  },
): Service<H, N> {
  const { on, criticality, name, oldNames = [], branches } = place;
  const urls = branches.flatMap((branch) => {
    const { images, packages, failLogs, downloads } = branchUrls(branch, { web: name, downloads: place.downloads });
    return [
      { url: images, what: `${branch.name}: images` },
      { url: packages, what: `${branch.name}: packages` },
      ...(failLogs ? [{ url: failLogs, what: `${branch.name}: fail logs` }] : []),
      { url: downloads, what: `${branch.name}: image downloads` },
    ];
  });
  const served = (url: string) => [name, ...oldNames].includes(new URL(url).hostname as N);
  return {
    role: "buildbot-master",
    on,
    what: `build farm: ${branches.map((branch) => `${branch.name}${branch.frozen ? " (frozen)" : ""}`).join(", ")}`,
    criticality,
    names: [
      { name, exposure: "proxied" },
      ...oldNames.map((each) => ({ name: each, exposure: "proxied" as const, plainHttp: true })),
    ],
    ports: [
      ...webPorts,
      { protocol: "tcp", port: 9989, from: { role: "buildbot-worker" }, purpose: "workers of phase 1, TLS" },
      { protocol: "tcp", port: 9990, from: { role: "buildbot-worker" }, purpose: "workers of phase 2, TLS" },
    ],
    data: [
      {
        path: "/srv/data/buildbot",
        what: "build history and logs",
        keep: "daily",
        dump: "sqlite3 state.sqlite .backup",
      },
    ],
    secrets: [
      { name: "worker-passwords", what: "one password per worker" },
      { name: "signing-keys", what: "keys that sign images and package indexes, one set per branch" },
      { name: "upload-passwords", what: "rsync passwords of the upload modules" },
    ],
    checks: urls.filter(({ url }) => served(url)).map(({ url, what }) => ({ kind: "http", url, what })),
    moved: [],
    urls: [{ url: `https://${name}/`, what: "build farm" }, ...urls],
  };
}
