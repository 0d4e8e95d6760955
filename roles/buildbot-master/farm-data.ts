import type { HostContext } from "../../model/host-configuration.ts";
import { READ_MODULE, uploadOf } from "../downloads/uploads.ts";
import { type Branch, branchFolders, releaseTags } from "./branch.ts";

/** What a farm builds, for its two masters. */
export interface Farm {
  /** Name of the web interface. */
  readonly name: string;
  /** Git URL of the source. */
  readonly source: string;
  /** Git URLs of package feeds: a push to a branch of theirs builds that branch's packages. */
  readonly feeds: readonly string[];
  readonly branches: readonly Branch[];
  /** Seconds between looks at the source. */
  readonly pollSeconds: number;
  /** Seconds that a branch must have been still before it is built. */
  readonly stableSeconds: number;
  /** Line that a worker shares with others, by host: workers of one line take turns to upload, and to download. */
  readonly lines: Readonly<Record<string, string>>;
}

/**
 * `/etc/buildbot-farm/farm.json`, as `master.cfg` reads it.
 * @throws Error for a branch that is to be built and has no targets, and for an estate without downloads
 */
export function farmData(farm: Farm, { peers }: HostContext): string {
  const { name, source, feeds, pollSeconds, stableSeconds, lines } = farm;
  const [downloads] = peers("downloads");
  if (!downloads)
    throw new Error(`${name}: a build farm in an estate without downloads.\n  Add that service, or take the farm out.`);
  const data = {
    title: `Build farm ${name}`,
    url: `https://${name}/`,
    source,
    feeds,
    // Of its rsync daemon.
    downloads: downloads.address ?? downloads.fqdn,
    pollSeconds,
    stableSeconds,
    workers: peers("buildbot-worker").map(({ host }) => {
      const line = lines[host];
      return { name: host, ...(line === undefined ? {} : { uploadLock: line, downloadLock: line }) };
    }),
    branches: farm.branches.map(branchData),
  };
  return `${JSON.stringify(data, undefined, 1)}\n`;
}

function branchData(branch: Branch) {
  const { name, path, git, frozen, targets = {} } = branch;
  if (!frozen && Object.keys(targets).length === 0)
    throw new Error(`The branch ${name} has no targets to build.\n  Give it some, or freeze it: frozen: true.`);
  const { tree, targets: images, packages, failLogs } = branchFolders(branch);
  return {
    name,
    path,
    git,
    frozen,
    targets: frozen ? {} : targets,
    releaseTags: releaseTags(branch),
    // In the modules of the download server, as below its name on the web.
    folders: {
      targets: `${tree}/${images}`,
      packages: `${tree}/${packages}`,
      failLogs: failLogs && `${tree}/${failLogs}`,
      releases: tree,
    },
    upload: uploadOf(name),
    read: READ_MODULE,
  };
}
