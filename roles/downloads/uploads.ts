/** The module that mirrors and build hosts read; the paths in it are those of the web. */
export const READ_MODULE = "downloads";

/** Where and as whom a branch of the build farm uploads by rsync. The paths in the module are those of the web. */
export const uploadOf = (branch: string): { readonly module: string; readonly user: string } => ({
  module: `upload-${branch}`,
  user: branch,
});

/** Names the password of one who uploads, which the download server and the uploader share. */
export const uploadPassword = (user: string): string => `upload-${user}`;

/** Source archives have a module of their own. */
export const SOURCES_UPLOAD = { module: "upload-sources", user: "sources" } as const;

/** Below `releases/`, but for the development branch. */
const foldersOf = (branch: string): string[] =>
  branch === "master"
    ? ["/snapshots"]
    : [
        `/releases/${branch}-SNAPSHOT`,
        `/releases/${branch}.*`,
        `/releases/packages-${branch}`,
        `/releases/faillogs-${branch}`,
      ];

/**
 * Modules of rsyncd for uploads, one for each branch, with a password of its own: a branch cannot touch another's
 * files.
 * @param addresses of build hosts; undefined where only the firewall knows them
 */
export function uploadModules(branches: readonly string[], addresses: readonly string[] | undefined): string {
  return [
    ...branches.map((branch) =>
      uploadModule(uploadOf(branch), "tree", addresses, [
        ...(branch === "master" ? [] : ["/releases"]),
        // Without a slash at their end: rsyncd asks for its target as for a file, too.
        ...foldersOf(branch).flatMap((folder) => [folder, `${folder}/**`]),
      ]),
    ),
    uploadModule(SOURCES_UPLOAD, "sources", addresses, []),
  ].join("");
}

function uploadModule(
  { module, user }: { readonly module: string; readonly user: string },
  folder: string,
  addresses: readonly string[] | undefined,
  only: readonly string[],
): string {
  return `
[${module}]
    path = /srv/data/downloads/${folder}
    list = no
    read only = no
    write only = yes
    uid = downloads
    gid = downloads
    auth users = ${user}
    secrets file = /etc/secrets/downloads/upload-passwords
${addresses ? `    hosts allow = ${addresses.join(" ")}\n` : ""}${only.length > 0 ? `    include = ${only.join(" ")}\n    exclude = *\n` : "    exclude =\n"}\
    incoming chmod = D755,F644
    pre-xfer exec = /usr/local/lib/roles/downloads/may-upload
    post-xfer exec = /usr/bin/touch /run/downloads-changed
`;
}
