import { accessSync, constants } from "node:fs";

/** Programs that the boot tests run, and the Debian packages that hold them. */
const PACKAGES: Readonly<Record<string, string>> = {
  "apt-ftparchive": "apt-utils",
  "apt-get": "apt",
  curl: "curl",
  git: "git",
  ip: "iproute2",
  losetup: "mount",
  "mkfs.ext4": "e2fsprogs",
  mmdebstrap: "mmdebstrap",
  openssl: "openssl",
  ping: "iputils-ping",
  nsenter: "util-linux",
  rsync: "rsync",
  ssh: "openssh-client",
  "ssh-keygen": "openssh-client",
  "systemd-nspawn": "systemd-container",
};

/** What is missing to run the boot tests here, with the command that installs it; nothing when all is there. */
export function missing(): string[] {
  const problems: string[] = [];
  if (process.getuid?.() !== 0)
    problems.push("Booting containers needs root.\n  Run: sudo npm run test:boot (all other tests run without).");
  const path = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`.split(":");
  const programs = Object.keys(PACKAGES).filter(
    (program) => !path.some((folder) => isExecutable(`${folder}/${program}`)),
  );
  if (programs.length > 0) {
    const packages = [...new Set(programs.map((program) => PACKAGES[program]))].join(" ");
    problems.push(
      `Not found: ${programs.join(", ")}.\n  On Debian 12 or 13: apt-get install --no-install-recommends ${packages}`,
    );
  }
  return problems;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
