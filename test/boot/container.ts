import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { mkdir, readdir, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Cleanup } from "./cleanup.ts";
import { attempt, type Result, run } from "./command.ts";
import type { Image } from "./image.ts";
import type { Station } from "./network.ts";
import type { Volume } from "./volume.ts";

export interface BootOptions {
  readonly image: Image;
  /** Folder of the host; made and removed with it. */
  readonly folder: string;
  readonly userData: string;
  readonly station: Station;
  /** Attached once the host is booting, as Hetzner does. */
  readonly volume?: Volume | undefined;
  readonly cleanup: Cleanup;
}

/** A booted host. */
export interface Container {
  readonly name: string;
  /** What it printed so far. */
  readonly console: () => string;
  /** Runs a program in it as root. */
  readonly exec: (
    command: readonly string[],
    options?: { readonly input?: string; readonly timeout?: number },
  ) => Promise<Result>;
  /** Seconds that cloud-init took to the end, whatever its outcome. */
  readonly ready: (limit?: number) => Promise<number>;
  /** Makes a volume appear, at any time. */
  readonly attach: (volume: Volume) => Promise<void>;
  /** Shuts it down in order; its disk stays. */
  readonly stop: () => Promise<void>;
  /** Takes its power away; its disk stays. */
  readonly kill: () => Promise<void>;
  /** Boots it from the disk that it has, without its volume. */
  readonly start: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const START = fileURLToPath(new URL("./start-container.sh", import.meta.url));

/** Boots a host from its user data in a systemd container: a new machine with an empty disk over the image. */
export async function boot(name: string, options: BootOptions): Promise<Container> {
  const { image, folder, userData, station, volume, cleanup } = options;
  const root = join(folder, "root");
  for (const each of ["root", "upper", "work"]) await mkdir(join(folder, each), { recursive: true });
  // volatile: nothing is synced to the disk, as nothing of it will be kept.
  await run([
    "mount",
    "-t",
    "overlay",
    "overlay",
    "-o",
    `lowerdir=${image.root},upperdir=${folder}/upper,workdir=${folder}/work,volatile`,
    root,
  ]);
  const unmount = cleanup.add(async () => {
    await run(["umount", "--lazy", root]);
    await rm(folder, { recursive: true, force: true });
  });
  const seed = join(root, "var/lib/cloud/seed/nocloud");
  await mkdir(seed, { recursive: true });
  await writeFile(join(seed, "user-data"), userData);
  await writeFile(join(seed, "meta-data"), `instance-id: ${station.namespace}\nlocal-hostname: image\n`);

  let running: Running | undefined;
  const exec: Container["exec"] = async (command, execOptions) => {
    if (!running) throw new Error(`${name} is not running: nothing can be run in it.`);
    const { leader } = running;
    return attempt(
      [
        "nsenter",
        "--target",
        String(leader),
        "--mount",
        "--uts",
        "--ipc",
        "--net",
        "--pid",
        "--root",
        "--wd",
        ...command,
      ],
      // Nothing of this machine's environment is a host's.
      {
        ...execOptions,
        env: { HOME: "/root", LANG: "C.UTF-8", PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
      },
    );
  };
  const start = async () => {
    running = await startContainer(station.namespace, root, image.pool, station, join(folder, "console"), cleanup);
  };
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  const attach = async ({ device, link }: Volume) => {
    const { rdev } = await stat(device);
    await exec(["mkdir", "-p", join(link, "..")]);
    await exec(["mknod", link, "b", String(rdev >> 8), String(rdev & 255)]);
  };
  await start();
  if (volume) await attach(volume);
  return {
    name,
    console: () => readFileSync(join(folder, "console"), "utf8"),
    exec,
    attach,
    start,
    stop,
    kill: async () => {
      await running?.kill();
      running = undefined;
    },
    ready: async (limit = 600) => {
      const since = performance.now();
      const { status } = await exec(["sh", "-c", "until [ -e /run/cloud-init/result.json ]; do sleep 0.2; done"], {
        timeout: limit,
      });
      if (status !== 0)
        throw new Error(
          `${name}: ${status === 124 ? `cloud-init did not end within ${limit} seconds` : "the container ended"}.\n${lastLines(join(folder, "console"))}`,
        );
      return (performance.now() - since) / 1000;
    },
    remove: async () => {
      await stop();
      await unmount();
    },
  };
}

interface Running {
  /** Process id of its init. */
  readonly leader: number;
  readonly stop: () => Promise<void>;
  readonly kill: () => Promise<void>;
}

async function startContainer(
  machine: string,
  root: string,
  pool: string,
  station: Station,
  consoleFile: string,
  cleanup: Cleanup,
): Promise<Running> {
  const output = openSync(consoleFile, "a");
  const supervisor = spawn(
    START,
    [
      machine,
      `--directory=${root}`,
      `--bind-ro=${pool}:/srv/pool`,
      `--network-namespace-path=/run/netns/${station.namespace}`,
    ],
    {
      stdio: ["ignore", output, output],
      // systemd-nspawn looks at v1 hierarchies unless told that there are none.
      env: {
        ...process.env,
        ...(existsSync("/sys/fs/cgroup/cgroup.controllers") ? { SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" } : {}),
      },
    },
  );
  let hasEnded = false;
  const ended = new Promise<void>((resolve) =>
    supervisor.on("exit", () => {
      hasEnded = true;
      resolve();
    }),
  );
  const kill = cleanup.add(async () => {
    // Without its init the container is gone, and its supervisor ends.
    if (!hasEnded) process.kill(leader || (supervisor.pid ?? 0), "SIGKILL");
    await ended;
    await removeCgroups(machine);
  });
  const stop = async () => {
    supervisor.kill("SIGTERM");
    const late = await Promise.race([ended, pause(60_000, "late", { ref: false })]);
    if (late) throw new Error(`${machine} did not shut down within a minute.\n${lastLines(consoleFile)}`);
    await kill();
  };
  let leader = 0;
  for (let tries = 0; tries < 200 && !leader && !hasEnded; tries++) {
    await pause(50);
    leader = initOf(supervisor.pid ?? 0);
  }
  // It listens there once /dev and its other file systems are mounted.
  for (let tries = 0; tries < 200 && !existsSync(`/proc/${leader}/root/run/systemd/private`) && !hasEnded; tries++)
    await pause(50);
  if (!leader || hasEnded) throw new Error(`${machine} did not start.\n${lastLines(consoleFile)}`);
  return { leader, stop, kill };
}

/** The child that is process 1 of its own namespace; 0 as long as there is none: systemd-nspawn has others before. */
function initOf(supervisor: number): number {
  const read = (path: string) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  };
  const children = read(`/proc/${supervisor}/task/${supervisor}/children`).split(" ").filter(Boolean);
  return Number(children.find((pid) => /^NSpid:.*\t1$/m.test(read(`/proc/${pid}/status`))) ?? 0);
}

/** Empty cgroups stay behind otherwise; they are removed from the inside out. */
async function removeCgroups(machine: string): Promise<void> {
  for (const tree of ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"]) {
    const top = join(tree, machine);
    if (!existsSync(top)) continue;
    const inside = await readdir(top, { recursive: true, withFileTypes: true });
    const folders = inside.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    for (const folder of [...folders.sort((a, b) => b.length - a.length), top])
      await rmdir(folder).catch(() => undefined);
  }
}

const lastLines = (file: string) => readFileSync(file, "utf8").trim().split("\n").slice(-8).join("\n");
