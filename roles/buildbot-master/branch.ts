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
}

/** The public URLs of a branch: builders of both phases, fail logs and images. */
export interface BranchUrls {
  readonly images: string;
  readonly packages: string;
  readonly failLogs: string | undefined;
  readonly downloads: string;
}

/** Development builds are snapshots; all others are snapshots of a release branch. */
export function branchUrls(branch: Branch, names: { readonly web: string; readonly downloads: string }): BranchUrls {
  const { scheme, name } = branch.host ?? { scheme: "https", name: names.web };
  const builders = `${scheme}://${name}/${branch.path}`;
  const development = branch.name === "master";
  const tree = `https://${names.downloads}`;
  return {
    images: `${builders}/images/`,
    packages: `${builders}/packages/`,
    failLogs: branch.failLogs
      ? `${tree}/${development ? "snapshots/faillogs" : `releases/faillogs-${branch.name}`}/`
      : undefined,
    downloads: `${tree}/${development ? "snapshots" : `releases/${branch.name}-SNAPSHOT`}/targets/`,
  };
}
