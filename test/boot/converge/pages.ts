import type { HostFile, RoleFiles } from "../../../model/host-configuration.ts";
import type { NeededSecret } from "../../../ops/host-plan/planned-hosts.ts";

export const PASSWORD: NeededSecret = {
  service: "pages",
  name: "password",
  place: "pages/password",
  what: "for the test",
  awaited: true,
};

const file = (path: string, content: string, mode = "0644"): HostFile => ({ path, mode, owner: "root:root", content });

/** A role with all that converging has to do with: a unit that runs as its own user and has a secret, and a file. */
export function pages(text: string, more: readonly HostFile[] = []): RoleFiles {
  return {
    role: "pages",
    packages: [],
    files: [
      file("/usr/local/lib/roles/pages/apply", APPLY, "0755"),
      file("/usr/local/lib/roles/pages/check", CHECK, "0755"),
      file("/etc/systemd/system/pages.service", UNIT),
    ].concat(file("/etc/pages.conf", text), more),
  };
}

/** Holds on as long as the test says, so that it can be interrupted at a known point. */
const APPLY = `#!/bin/sh
set -eu
. /usr/local/lib/roles/when-changed.sh

getent passwd pages >/dev/null || useradd --system pages
if [ -e /etc/secrets/pages/password ]; then chown pages /etc/secrets/pages/password; fi
touch /run/pages-applying
while [ -e /run/pages-hold ]; do sleep 0.1; done
rm -f /run/pages-applying
systemctl --quiet enable pages.service
when_changed pages-unit /etc/pages.conf /etc/secrets/pages/password -- systemctl restart pages.service
`;

const CHECK = `#!/bin/sh
set -eu
. /usr/local/lib/roles/checks.sh
holds 'the pages run' systemctl is-active pages.service
`;

const UNIT = `[Unit]
Description=Pages
ConditionPathExists=/etc/secrets/pages/password

[Service]
User=pages
ExecStart=/bin/sh -c 'test -n "$(cat /etc/secrets/pages/password)" && exec sleep infinity'

[Install]
WantedBy=multi-user.target
`;
