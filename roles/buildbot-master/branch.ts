/** A branch that the farm builds, or built once. */
export interface Branch {
  /** As people call it: `master`, `19.07`. */
  readonly name: string;
  /** Path of its builders under the name of the web interface: `master`, `release-19.07`. */
  readonly path: string;
  /** Served under another host name than the web interface's, by plain http in old links. */
  readonly host?: { readonly name: string; readonly scheme: "http" | "https" };
  /** Fail logs are published; false for a branch that never had any. */
  readonly failLogs: boolean;
  /** Its builds stay served, but nothing is built any more. */
  readonly frozen: boolean;
  /** Git branch. */
  readonly git: string;
  /**
   * What is built: targets such as `x86/64`, and the architecture of their packages. The first target of an
   * architecture gives the SDK that builds these. Left out for a frozen branch.
   */
  readonly targets?: Readonly<Record<string, string>>;
}

/** The public URLs of a branch: builders of both phases, fail logs and images. */
export interface BranchUrls {
  readonly images: string;
  readonly packages: string;
  readonly failLogs: string | undefined;
  readonly downloads: string;
}

export function branchUrls(branch: Branch, names: { readonly web: string; readonly downloads: string }): BranchUrls {
  const { scheme, name } = branch.host ?? { scheme: "https", name: names.web };
  const builders = `${scheme}://${name}/${branch.path}`;
  const { tree, targets, failLogs } = branchFolders(branch);
  const published = `https://${names.downloads}/${tree}`;
  return {
    images: `${builders}/images/`,
    packages: `${builders}/packages/`,
    failLogs: failLogs === null ? undefined : `${published}/${failLogs}/`,
    downloads: `${published}/${targets}/`,
  };
}

/** Where a branch's builds are published, below its tree of the download server. */
export interface BranchFolders {
  readonly tree: "snapshots" | "releases";
  readonly targets: string;
  readonly packages: string;
  readonly failLogs: string | null;
}

/** Development builds are snapshots; all others are snapshots of a release branch. */
export function branchFolders({ name, failLogs }: Branch): BranchFolders {
  if (isDevelopment(name))
    return { tree: "snapshots", targets: "targets", packages: "packages", failLogs: failLogs ? "faillogs" : null };
  return {
    tree: "releases",
    targets: `${name}-SNAPSHOT/targets`,
    packages: `packages-${name}`,
    failLogs: failLogs ? `faillogs-${name}` : null,
  };
}

/** Regular expression of the tags that are releases of a branch: `v19.07.1`, `v19.07.1-rc2`. */
export const releaseTags = ({ name }: Branch): string | null =>
  isDevelopment(name) ? null : `v${name.replaceAll(".", "\\.")}\\.\\d+(-rc\\d+)?`;

const isDevelopment = (name: string) => name === "master";
