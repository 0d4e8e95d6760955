import { createHash } from "node:crypto";
import type { HostConfiguration, HostFile, RoleFiles } from "../model/host-configuration.ts";
import { baseRole } from "./base/role.ts";

/** All that a host is configured with: files, and one command to run once they are in place. */
export interface Bundle {
  /** Sorted by path. Those of `/usr/local/lib/roles/` include the scripts of the roles. */
  readonly files: readonly HostFile[];
  /** What the command installs. */
  readonly packages: readonly string[];
  /** To be run as root on first boot and after every change; it may be run again at any time. */
  readonly command: readonly [string, string];
  /** `sha256:<hex>` over everything that the host gets. A host that has recorded this digest is up to date. */
  readonly digest: string;
}

/** The bundle of a host: the base role, then those of its services. */
export function hostBundle(configuration: HostConfiguration, services: readonly RoleFiles[] = []): Bundle {
  return bundleOf([baseRole(configuration), ...services]);
}

const LIBRARY = "/usr/local/lib/roles";

/**
 * Joins roles, in the order in which they apply.
 * @throws Error for two roles that bring one path, and for text that a bundle cannot carry
 */
export function bundleOf(roles: readonly RoleFiles[]): Bundle {
  const packages = [...new Set(roles.flatMap((role) => role.packages))].sort();
  const own = roles.flatMap((role) => role.files);
  const lists: HostFile[] = [
    list(
      "roles",
      roles.map(({ role }) => role),
    ),
    list("packages", packages),
  ];
  const paths = [...own, ...lists].map(({ path }) => path);
  const files = [...own, ...lists, list("manifest", [...paths, `${LIBRARY}/manifest`].sort())].sort(byPath);
  checkFiles(files);
  checkScripts(roles);
  const digest = `sha256:${createHash("sha256").update(canonical(files)).digest("hex")}`;
  return { files, packages, command: ["/usr/local/sbin/apply-roles", digest], digest };
}

const list = (name: string, lines: readonly string[]): HostFile => ({
  path: `${LIBRARY}/${name}`,
  mode: "0644",
  owner: "root:root",
  content: lines.map((line) => `${line}\n`).join(""),
});

/** The packages and the order of the roles are files too. Fields in a fixed order, files by path. */
const canonical = (files: readonly HostFile[]) =>
  JSON.stringify(files.map(({ path, mode, owner, content }) => [path, mode, owner, content]));

/** By code unit: the order of a locale would change the digest from one machine to the next. */
const byPath = (a: HostFile, b: HostFile) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

function checkFiles(files: readonly HostFile[]): void {
  for (const [index, { path, mode, content }] of files.entries()) {
    if (files[index + 1]?.path === path)
      throw new Error(`${path}: two roles bring this file.\n  Each path belongs to one role: use a drop-in folder.`);
    if (!/^(\/[\w@.+-]+)+$/.test(path))
      throw new Error(`${path}: no path of a host's file.\n  Allowed: absolute, of letters, digits and _ @ . + -`);
    if (!/^0[0-7]{3}$/.test(mode)) throw new Error(`${path}: mode ${mode}.\n  Allowed: four octal digits, as 0644.`);
    const character = content.match(/[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u)?.[0];
    if (character !== undefined || !/^$|\n$/.test(content))
      throw new Error(
        `${path}: ${character === undefined ? "its last line does not end" : `it holds ${JSON.stringify(character)}`}.\n` +
          "  A bundle carries printable text of whole lines.",
      );
  }
}

function checkScripts(roles: readonly RoleFiles[]): void {
  for (const { role, files } of roles) {
    const script = `${LIBRARY}/${role}/apply`;
    if (!files.some(({ path, mode }) => path === script && mode === "0755"))
      throw new Error(`The role ${role} has no script.\n  It needs a file ${script} that starts with #!`);
  }
}
