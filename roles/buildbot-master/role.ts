import type { HostContext, HostFile, RoleFiles } from "../../model/host-configuration.ts";
import type { Service, ServicePlace } from "../../model/service.ts";
import { workerPassword } from "../buildbot-worker/password.ts";
import { uploadOf, uploadPassword } from "../downloads/uploads.ts";
import { render, templates } from "../role-files.ts";
import { webPorts } from "../web/ports.ts";
import { type Branch, branchUrls } from "./branch.ts";
import { type Farm, farmData } from "./farm-data.ts";
import { farmSites } from "./sites.ts";

const FILES = templates(new URL("./files/", import.meta.url));

/** Two Buildbot masters on one host: phase 1 builds images per target, phase 2 packages per architecture. */
export function buildbotMaster<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** Other names of the web interface, as old links have them. */
    readonly oldNames?: readonly N[];
    /** Where the images of the branches are published. */
    readonly downloads: N;
    readonly branches: readonly Branch[];
  } & Pick<Farm, "source"> &
    Partial<Pick<Farm, "feeds" | "pollSeconds" | "stableSeconds" | "lines">>,
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
  const built = branches.filter(({ frozen }) => !frozen);
  const served = (url: string) => [name, ...oldNames].includes(new URL(url).hostname as N);
  const farm: Farm = {
    name,
    source: place.source,
    feeds: place.feeds ?? [],
    branches,
    pollSeconds: place.pollSeconds ?? 300,
    stableSeconds: place.stableSeconds ?? 900,
    lines: place.lines ?? {},
  };
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
        dump: "/usr/local/lib/roles/buildbot-master/dump",
      },
    ],
    secrets: [
      {
        name: "worker-passwords",
        what: "passwords of the workers",
        shared: {
          here: "checked",
          lines: ({ peers }) =>
            peers("buildbot-worker").map(({ host }) => ({ user: host, value: workerPassword(host) })),
        },
      },
      {
        name: "upload-passwords",
        what: "passwords at the download server, one for each branch",
        shared: {
          here: "presented",
          lines: () =>
            built.map((branch) => uploadOf(branch.name)).map(({ user }) => ({ user, value: uploadPassword(user) })),
        },
      },
      { name: "web-passwords", what: "lines name:password of those who may force and stop builds" },
      ...built.map((branch) => ({
        name: `signing-key-${branch.name}`,
        what: `signs images and package indexes of ${branch.name}: made by signify-openbsd -G -n`,
      })),
    ],
    checks: urls.filter(({ url }) => served(url)).map(({ url, what }) => ({ kind: "http", url, what })),
    moved: [],
    uploads: built.map(({ name }) => name),
    urls: [{ url: `https://${name}/`, what: "build farm" }, ...urls],
    configure: (context) => masterFiles(farm, { downloads: place.downloads, oldNames }, context),
  };
}

function masterFiles(
  farm: Farm,
  names: { readonly downloads: string; readonly oldNames: readonly string[] },
  context: HostContext,
): RoleFiles {
  return {
    role: "buildbot-master",
    packages: PACKAGES,
    files: [
      ...Object.values(FILES).map((template) => render(template)),
      generated("/etc/buildbot-farm/farm.json", farmData(farm, context)),
      generated("/etc/buildbot-farm/certificate-names", `${certificateNames(context).join(",")}\n`),
      ...farmSites({ ...farm, ...names }),
    ],
  };
}

const PACKAGES: readonly string[] = [
  "buildbot",
  // The janitor that removes old logs is a worker within the master.
  "buildbot-worker",
  "git",
  "openssl",
  "python3-pip",
  "rsync",
  "signify-openbsd",
  "sqlite3",
];

const generated = (path: string, content: string): HostFile => ({ path, mode: "0644", owner: "root:root", content });

/** By what workers call the master: its address in the private network, or its public name. */
const certificateNames = ({ host }: HostContext): string[] => [
  `DNS:${host.fqdn}`,
  ...(host.privateIp === undefined ? [] : [`IP:${host.privateIp}`]),
];
