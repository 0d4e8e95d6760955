import type { HostFile } from "../../model/host-configuration.ts";
import { render, templates } from "../role-files.ts";
import { type WorkerPlace, workerFiles } from "./worker-files.ts";

/**
 * A shell script that makes a worker out of a machine of somebody else, with Debian 13 on x86-64. It asks for the
 * worker's password and takes the master's certificate from the farm's page, over https. Run again, it updates.
 * @param farm URL of the build farm, such as `https://builds.example.org`
 */
export function donatedWorkerScript(place: WorkerPlace, farm: string): string {
  if (!/^https:\/\/[a-z0-9.-]+$/.test(farm))
    throw new Error(`The build farm is ${JSON.stringify(farm)}.\n  Allowed: https:// and a host name.`);
  const { packages, files } = workerFiles(place);
  return `#!/bin/sh
# Makes this machine the build worker ${place.name} of ${farm}. Builds run foreign code: lend a machine, or a virtual
# machine, that does nothing else. Undo: systemctl disable --now build-worker@images build-worker@packages
set -eu
if [ "$(id -u)" -ne 0 ]; then echo 'Run this as root.' >&2; exit 1; fi
. /etc/os-release
if [ "$ID $VERSION_ID $(uname -m)" != 'debian 13 x86_64' ]; then
  echo "This is $ID $VERSION_ID on $(uname -m); a worker needs Debian 13 on x86_64." >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
apt-get --quiet=2 update
apt-get --quiet=2 --yes --no-install-recommends install ${["ca-certificates", "curl", "nftables", ...packages].join(" ")}

umask 077
secrets=/etc/secrets/buildbot-worker
mkdir -p $secrets
if [ ! -s $secrets/worker-password ]; then
  # Not echoed where somebody types it.
  if [ -t 0 ]; then printf 'Password of ${place.name}: ' >&2; stty -echo; fi
  IFS= read -r password || true
  if [ -t 0 ]; then stty echo; echo >&2; fi
  if [ -z "$password" ]; then echo 'The farm gives each worker a password: ask for one.' >&2; exit 1; fi
  printf '%s\\n' "$password" >$secrets/.new
  mv $secrets/.new $secrets/worker-password
fi
# One that is there was given by the farm; remove it to take the current one.
if [ ! -s $secrets/master-certificate ]; then
  curl --fail --silent --show-error --proto =https --output $secrets/.new ${farm}/public/workers.pem
  mv $secrets/.new $secrets/master-certificate
fi
umask 022

mkdir -p /usr/local/lib/roles /var/lib/roles/changes /srv/data/builder
${[...files, whenChanged(), nftablesUnit()].map(write).join("\n")}

systemctl daemon-reload
systemctl --quiet enable builder-firewall.service
systemctl restart builder-firewall.service
/usr/local/lib/roles/buildbot-worker/apply
echo 'This machine builds. What it does: journalctl --follow --unit "build-worker@*"'
`;
}

const BASE = templates(new URL("../base/files/usr/local/lib/roles/", import.meta.url));

/** The one script of the base role that a worker's uses. */
const whenChanged = (): HostFile => ({
  ...render(BASE["/when-changed.sh"]),
  path: "/usr/local/lib/roles/when-changed.sh",
});

/** Hosts of the estate have the rules from their base role, which a machine of others does not get. */
const nftablesUnit = (): HostFile => ({
  path: "/etc/systemd/system/builder-firewall.service",
  mode: "0644",
  owner: "root:root",
  content: `[Unit]
Description=Keep builds out of the networks behind this machine
Before=build-worker@images.service build-worker@packages.service
After=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft --file /etc/nftables.d/buildbot-worker.nft

[Install]
WantedBy=multi-user.target
RequiredBy=build-worker@images.service build-worker@packages.service
`,
});

function write({ path, mode, content }: HostFile): string {
  if (/^END OF FILE$/m.test(content)) throw new Error(`${path} cannot be quoted in a script: it has END OF FILE.`);
  return `mkdir -p ${path.slice(0, path.lastIndexOf("/"))}
cat >${path}.new <<'END OF FILE'
${content}END OF FILE
chmod ${mode} ${path}.new
mv ${path}.new ${path}`;
}
