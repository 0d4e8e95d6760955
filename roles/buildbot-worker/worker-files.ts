import { isIP } from "node:net";
import type { RoleFiles } from "../../model/host-configuration.ts";
import { render, templates } from "../role-files.ts";

const FILES = templates(new URL("./files/", import.meta.url));

/** What a worker must know of the farm. */
export interface WorkerPlace {
  /** As the master knows it. */
  readonly name: string;
  /** Addresses or names, as the worker reaches them. */
  readonly master: string;
  readonly downloads: string;
}

/** The files of a worker, on a host of the estate or on a donated machine. */
export function workerFiles(place: WorkerPlace): RoleFiles {
  for (const [key, value] of Object.entries(place))
    if (!/^[a-z0-9][a-z0-9.:-]*$/i.test(value))
      throw new Error(`A worker's ${key} is ${JSON.stringify(value)}.\n  Allowed: a host name or an address.`);
  const values: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "/etc/default/build-worker": { ...place },
    "/etc/nftables.d/buildbot-worker.nft": {
      needs: [...admitted(place.master, "{ 9989, 9990 }"), ...admitted(place.downloads, "873")].join("\n"),
    },
  };
  return {
    role: "buildbot-worker",
    packages: PACKAGES,
    files: Object.values(FILES).map((template) => render(template, values[template.path])),
  };
}

/** Names are public: nothing need be opened for them. */
function admitted(address: string, ports: string): string[] {
  const family = isIP(address);
  if (family === 0) return [];
  return [`    ${family === 4 ? "ip" : "ip6"} daddr ${address} tcp dport ${ports} accept`];
}

/** What firmware builds ask for, and the worker itself. */
const PACKAGES: readonly string[] = [
  "bison",
  "buildbot-worker",
  "bzip2",
  "ccache",
  "file",
  "flex",
  "g++",
  "g++-multilib",
  "gawk",
  "gcc",
  "gcc-multilib",
  "gettext",
  "git",
  "libc6-dev",
  "libelf-dev",
  "libncurses-dev",
  "libssl-dev",
  "make",
  "patch",
  "perl",
  "python3",
  "python3-dev",
  "python3-service-identity",
  "python3-setuptools",
  "rsync",
  "swig",
  "unzip",
  "wget",
  "xsltproc",
  "xz-utils",
  "zlib1g-dev",
  "zstd",
];
