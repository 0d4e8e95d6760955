import { join } from "node:path";
import { boot, type Container } from "../container.ts";
import type { Image } from "../image.ts";
import type { Station } from "../network.ts";
import type { Lab } from "../suite.ts";
import { type Volume, volume } from "../volume.ts";
import { shell } from "./converge.ts";
import { ADDRESSES, type FarmHost } from "./estate.ts";
import { FORGE_ADDRESS } from "./internet.ts";

/** A booted host, and what it is plugged into. */
export interface Machine {
  readonly container: Container;
  readonly station: Station;
  /** Cuts its power without a word to anybody, and gives it again. */
  readonly powerCut: () => Promise<void>;
  /** Shuts it down in order and boots it again. */
  readonly reboot: () => Promise<void>;
  /** Another machine with an empty disk in its place, on its volume. */
  readonly replace: () => Promise<Machine>;
}

/** Boots a server of the plan, from its user data, on an empty volume. */
export async function bootServer(lab: Lab, image: Image, { configuration, text }: FarmHost): Promise<Machine> {
  const { host, privateIp } = configuration;
  const folder = join(lab.folder, host);
  const public_ = Object.entries(ADDRESSES).find(([name]) => name === host)?.[1];
  const station = await lab.network.station(host, [`${public_}/24`, `${privateIp}/24`]);
  const data = await volume(join(folder, "volume"), "/dev/disk/by-id/scsi-0HC_Volume_101", {}, lab.cleanup);
  let machines = 0;
  const start = async (): Promise<Machine> => {
    const container = await boot(host, {
      image,
      folder: join(folder, `machine-${machines++}`),
      userData: text,
      station,
      volume: data,
      cleanup: lab.cleanup,
    });
    lab.took(host, machines === 1 ? "ready" : "replaced", await container.ready());
    return machine(container, station, data, async () => {
      await container.remove();
      return start();
    });
  };
  lab.log(`${host}: booting`);
  return start();
}

/** A machine of somebody else: Debian, and nothing of ours. */
export async function bootDonor(lab: Lab, image: Image): Promise<Machine> {
  return bootForeign(lab, image, "donor-01", "203.0.113.40", "");
}

/** A forge of somebody else, with an empty repository that a deploy key may write to. */
export async function bootForge(lab: Lab, image: Image, deployKey: string): Promise<Machine> {
  const forge = await bootForeign(
    lab,
    image,
    "forge",
    FORGE_ADDRESS,
    `runcmd:
- |
  set -eu
  useradd --create-home --home-dir /example git
  runuser -u git -- git init --quiet --bare --initial-branch=main /example/firmware.git
  install -d -m 0700 -o git -g git /example/.ssh
  echo 'restrict ${deployKey}' >/example/.ssh/authorized_keys
  chown git:git /example/.ssh/authorized_keys
`,
  );
  await shell(forge.container, "test -d /example/firmware.git");
  return forge;
}

async function bootForeign(lab: Lab, image: Image, name: string, address: string, more: string): Promise<Machine> {
  const station = await lab.network.station(name, [`${address}/24`]);
  const container = await boot(name, {
    image,
    folder: join(lab.folder, name),
    userData: `#cloud-config\nhostname: ${name}\n${more}`,
    station,
    cleanup: lab.cleanup,
  });
  lab.took(name, "ready", await container.ready());
  return machine(container, station, undefined, () => Promise.reject(new Error(`${name} is not ours to replace.`)));
}

const MUTE = `table inet mute {
  chain input { type filter hook input priority -300; policy drop; }
  chain output { type filter hook output priority -300; policy drop; }
}
`;

function machine(
  container: Container,
  station: Station,
  data: Volume | undefined,
  replace: () => Promise<Machine>,
): Machine {
  const start = async () => {
    await container.start();
    if (data) await container.attach(data);
  };
  return {
    container,
    station,
    replace,
    reboot: async () => {
      await container.stop();
      await start();
    },
    powerCut: async () => {
      // The network of a killed container lives on, and would say good-bye for it.
      await shell(container, `nft -f - <<'='\n${MUTE}=`);
      await container.kill();
      await station.exec(["ss", "--kill", "--tcp", "--all"]);
      await station.plug();
      await start();
      await shell(container, "nft delete table inet mute");
    },
  };
}
