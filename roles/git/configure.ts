import type { HostContext, HostFile, RoleFiles } from "../../model/host-configuration.ts";
import { render, templates } from "../role-files.ts";
import { site } from "../web/site.ts";

const FILES = templates(new URL("./files/", import.meta.url));
const SYSTEMD = "/etc/systemd/system";
const LIBRARY = "/usr/local/lib/roles/git";

/** What a git server brings to its host. */
export function gitFiles(
  { host }: HostContext,
  service: { readonly name: string; readonly aliases: readonly string[]; readonly mirror: string | undefined },
): RoleFiles {
  const { name, aliases, mirror } = service;
  const file = (path: string, values?: Readonly<Record<string, string>>): HostFile => render(FILES[path], values);
  return {
    role: "git",
    packages: ["cgit", "fcgiwrap", "git", "gitolite3"],
    files: [
      file("/etc/ssh/sshd_config.d/50-git.conf"),
      file("/etc/sysusers.d/git.conf"),
      file("/etc/nginx/conf.d/git.conf"),
      file("/etc/nginx/snippets/git.conf"),
      file("/etc/nginx/snippets/git-pages.conf"),
      ...[name, ...aliases].map((each) => site(each, "git", ["include snippets/git.conf;"])),
      file("/etc/cgitrc", { name }),
      file(`${SYSTEMD}/git-web@.socket`),
      file(`${SYSTEMD}/git-web@.service`),
      file(`${LIBRARY}/before-packages`),
      file(`${LIBRARY}/apply`),
      file(`${LIBRARY}/check`),
      file(`${LIBRARY}/set-up`),
      {
        path: `${LIBRARY}/admins`,
        mode: "0644",
        owner: "root:root",
        content: host.admins
          .filter(({ sudo }) => sudo)
          .flatMap((admin) => admin.keys.map((key) => `${admin.name} ${key}\n`))
          .join(""),
      },
      file(`${LIBRARY}/groups`),
      file(`${LIBRARY}/gitolite.rc`),
      file(`${LIBRARY}/gitolite.conf`),
      file(`${LIBRARY}/gitconfig`),
      file(`${LIBRARY}/robots.txt`),
      ...(mirror === undefined
        ? []
        : [
            file(`${SYSTEMD}/git-mirror@.service`),
            file(`${SYSTEMD}/git-mirror.path`),
            file(`${SYSTEMD}/git-mirror.timer`),
            file(`${LIBRARY}/mirror`, { mirror }),
            file(`${LIBRARY}/known_hosts`),
            file(`${LIBRARY}/gitolite/hooks/common/post-receive`),
          ]),
    ],
  };
}
