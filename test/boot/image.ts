import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { attempt, run } from "./command.ts";
import { type Mirrors, mirrors } from "./mirrors.ts";

/** What hosts are booted from: a Debian 13 root as the clouds have it, and all packages that roles install. */
export interface Image {
  /** Folders, the topmost first, separated by colons. Never written to: hosts boot from overlays. */
  readonly root: string;
  /** A flat apt repository: hosts install from it with no network. */
  readonly pool: string;
}

const RELEASE = "trixie";
/** About what a cloud image has; what roles need besides, they install. */
const INCLUDED = [
  "ca-certificates",
  "cloud-init",
  "curl",
  "dbus",
  "e2fsprogs",
  "iproute2",
  "libpam-systemd",
  "locales",
  "netbase",
  "openssh-server",
  "python3",
  "sudo",
  "systemd",
  "systemd-sysv",
  "udev",
];
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Builds what is not in the cache yet: the root once, the pool once for each list of packages. */
export async function image(packages: readonly string[], log: (line: string) => void): Promise<Image> {
  const cache = cacheFolder();
  const from = mirrors();
  const root = join(cache, `${RELEASE}-${key(INCLUDED)}`);
  if (!existsSync(root)) {
    log(`Building a Debian 13 root from ${from.main}, once; about two minutes`);
    await built(root, (folder) => buildRoot(folder, from));
  }
  const wanted = [...new Set(packages)].sort();
  const pool = join(cache, `pool-${key([...INCLUDED, ...wanted])}`);
  if (!existsSync(pool)) {
    log(`Downloading packages for the hosts, once: ${wanted.join(" ")}`);
    await built(pool, (folder) => buildPool(folder, root, wanted, from));
  }
  return { root, pool };
}

/**
 * The image with packages that are installed already, as if it were older: for those that are large, start nothing and
 * are the same on many hosts. Built once for each list.
 */
export async function withInstalled(
  image: Image,
  packages: readonly string[],
  log: (line: string) => void,
): Promise<Image> {
  const wanted = [...new Set(packages)].sort();
  const layer = join(cacheFolder(), `installed-${key([image.root, ...wanted])}`);
  if (!existsSync(layer)) {
    log(`Installing ${wanted.length} packages into an image, once`);
    await built(layer, async (folder) => {
      const work = `${folder}-work`;
      for (const each of [work, `${work}/work`, `${work}/root`]) await mkdir(each);
      try {
        const options = `lowerdir=${image.root},upperdir=${folder},workdir=${work}/work`;
        await run(["mount", "-t", "overlay", "overlay", "-o", options, `${work}/root`]);
        const install = `apt-get --quiet=2 update && DEBIAN_FRONTEND=noninteractive apt-get --quiet=2 --yes --no-install-recommends install ${wanted.join(" ")} && rm -r /var/lib/apt/lists/*`;
        await run(["mount", "--bind", image.pool, `${work}/root/srv/pool`]);
        await run(["chroot", `${work}/root`, "sh", "-c", install], { timeout: 1800 });
      } finally {
        for (const mounted of [`${work}/root/srv/pool`, `${work}/root`]) await attempt(["umount", mounted]);
        await rm(work, { recursive: true, force: true });
      }
    });
  }
  return { ...image, root: `${layer}:${image.root}` };
}

/** The image with other files, for this run. */
export async function withFiles(image: Image, folder: string, files: Readonly<Record<string, string>>): Promise<Image> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true, mode: 0o755 });
    await writeFile(join(folder, path), content);
  }
  await chmod(folder, 0o755);
  return { ...image, root: `${folder}:${image.root}` };
}

const cacheFolder = () => join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "foss-infra", "boot");

/** Under a temporary name first: what is in the cache is whole. */
async function built(path: string, build: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  const folder = await mkdtemp(`${path}.partial-`);
  try {
    await build(folder);
    await rename(folder, path);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

const sourceLines = ({ main, security }: Mirrors) => [
  `deb [signed-by=${KEYRING}] ${main} ${RELEASE} main`,
  `deb [signed-by=${KEYRING}] ${main} ${RELEASE}-updates main`,
  `deb [signed-by=${KEYRING}] ${security} ${RELEASE}-security main`,
];

async function buildRoot(folder: string, from: Mirrors): Promise<void> {
  await run(
    [
      "mmdebstrap",
      "--quiet",
      "--variant=apt",
      "--format=directory",
      `--include=${INCLUDED.join(",")}`,
      RELEASE,
      folder,
      ...sourceLines(from),
    ],
    { timeout: 1800 },
  );
  const files = {
    "etc/apt/sources.list": "deb [trusted=yes] file:/srv/pool ./\n",
    "etc/dpkg/dpkg.cfg.d/unsafe-io": "force-unsafe-io\n",
    // Addresses come from the test's network, not from the cloud.
    "etc/cloud/cloud.cfg.d/98-test-network.cfg": "network: {config: disabled}\n",
    "etc/cloud/cloud.cfg.d/98-test-datasource.cfg": "datasource_list: [NoCloud]\n",
    // apt's own timers would only wait for a network that is not there.
    "etc/systemd/system/apt-daily.timer.d/test.conf": "[Timer]\nPersistent=false\n",
    "etc/systemd/system/apt-daily-upgrade.timer.d/test.conf": "[Timer]\nPersistent=false\n",
    "etc/machine-id": "",
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await mkdir(join(folder, "srv/pool"), { recursive: true });
  // Keys of the image would be the same on every host.
  for (const name of await readdir(join(folder, "etc/ssh")))
    if (name.startsWith("ssh_host_")) await rm(join(folder, "etc/ssh", name));
}

/** By this machine's apt, so that its proxy settings hold, against the packages that the root already has. */
async function buildPool(folder: string, root: string, packages: readonly string[], from: Mirrors): Promise<void> {
  const state = `${folder}/state`;
  await mkdir(`${state}/lists/partial`, { recursive: true });
  await mkdir(`${folder}/partial`, { recursive: true });
  await writeFile(`${state}/sources.list`, `${sourceLines(from).join("\n")}\n`);
  const apt = [
    "apt-get",
    "-qq",
    "-o",
    `Dir::Etc::SourceList=${state}/sources.list`,
    "-o",
    "Dir::Etc::SourceParts=/dev/null",
    "-o",
    "Dir::Etc::Preferences=/dev/null",
    "-o",
    "Dir::Etc::PreferencesParts=/dev/null",
    "-o",
    `Dir::State=${state}`,
    "-o",
    `Dir::State::Status=${root}/var/lib/dpkg/status`,
    "-o",
    `Dir::Cache::Archives=${folder}`,
    "-o",
    `Dir::Cache::PkgCache=`,
    "-o",
    "Dir::Cache::SrcPkgCache=",
    "-o",
    "APT::Sandbox::User=root",
  ];
  await run([...apt, "update"], { timeout: 600 });
  await run([...apt, "install", "--yes", "--download-only", "--no-install-recommends", ...packages], { timeout: 3600 });
  await rm(state, { recursive: true });
  await rm(`${folder}/partial`, { recursive: true });
  await rm(`${folder}/lock`, { force: true });
  await writeFile(`${folder}/Packages`, await run(["sh", "-c", `cd '${folder}' && apt-ftparchive packages .`]));
  await writeFile(`${folder}/Release`, await run(["sh", "-c", `cd '${folder}' && apt-ftparchive release .`]));
}

const key = (list: readonly string[]) => createHash("sha256").update(list.join("\n")).digest("hex").slice(0, 12);
