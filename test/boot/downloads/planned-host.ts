import { join } from "node:path";
import { activeEstate } from "../../../blueprint/active-estate.ts";
import { blueprintOf } from "../../../blueprint/blueprint.ts";
import { configuredHost } from "../../../blueprint/hosts.ts";
import { openwrt } from "../../../estates/openwrt.ts";
import type { Settings } from "../../../model/settings.ts";
import type { Bundle } from "../../../roles/bundle.ts";
import { someSettings } from "../../blueprint/arbitrary-estate.ts";
import { type TestAdmins, testAdmins } from "../admins.ts";
import { boot, type Container } from "../container.ts";
import type { Station } from "../network.ts";
import type { Lab } from "../suite.ts";
import { type Volume, volume } from "../volume.ts";

/** The host of the OpenWrt estate that serves git and downloads. */
export const HOST = "downloads-01";
export const ADDRESS = "192.0.2.12";
export const PRIVATE_ADDRESS = "10.0.0.12";

/** A server as a deployment would have it. */
export interface PlannedHost {
  readonly bundle: Bundle;
  /** User data, as in the state of the deployment. */
  readonly text: string;
}

export function plannedHost(admins: Settings["admins"]): PlannedHost {
  const settings: Settings = { ...someSettings, estate: openwrt.name, admins };
  const host = openwrt.hosts[HOST];
  if (host?.kind !== "hetzner") throw new Error(`${HOST} is not on Hetzner any more.`);
  const { bundle } = configuredHost(activeEstate(openwrt, settings), HOST, host);
  const text = blueprintOf(openwrt, settings).hetzner.servers.find(({ key }) => key === HOST)?.userData ?? "";
  return { bundle, text };
}

/** What the host installs, whoever its admins are. */
export const hostPackages = (): readonly string[] =>
  plannedHost([{ name: "alice", keys: ["ssh-ed25519 AAAA"], groups: ["infra"] }]).bundle.packages;

/** The booted host, and who reaches it from where. */
export interface Subject extends PlannedHost {
  readonly lab: Lab;
  readonly container: Container;
  readonly volume: Volume;
  /** `alice` may do everything; the host does not know `bob`, whose key is there as well. */
  readonly admins: TestAdmins;
  readonly key: (name: "alice" | "bob") => string;
  readonly stations: Readonly<Record<"admin" | "outsider" | "master" | "worker" | "mirror" | "edge", Station>>;
  /** A fact about the host. */
  readonly is: (fact: string, holds: () => Promise<unknown>) => Promise<void>;
  /** The same host with an empty disk: a replacement, on the volume of the former. */
  readonly replace: () => Promise<Container>;
}

/** Boots the host on an empty volume, with stations in all networks that it knows. */
export async function bootPlannedHost(lab: Lab): Promise<Subject> {
  const admins = await testAdmins(join(lab.folder, "keys"));
  const planned = plannedHost(
    admins.configuration.admins.map(({ name, keys }) => ({
      name,
      keys,
      groups: [name === "alice" ? "infra" : "build"],
    })),
  );
  const { station } = lab.network;
  const prefix = lab.folder.slice(-3);
  const addresses = {
    admin: "198.51.100.10/24",
    outsider: "203.0.113.10/24",
    master: "10.0.0.13/24",
    worker: "10.0.0.11/24",
    mirror: "203.0.113.17/24",
    edge: "173.245.48.10/20",
  };
  const made = Object.entries(addresses).map(
    async ([name, address]) => [name, await station(`${prefix}-${name}`, [address])] as const,
  );
  const stations = Object.fromEntries(await Promise.all(made)) as Subject["stations"];
  const own = await station(`${prefix}-host`, [`${ADDRESS}/24`, "2001:db8:2::12/48", `${PRIVATE_ADDRESS}/24`]);
  const data = await volume(join(lab.folder, "volume"), "/dev/disk/by-id/scsi-0HC_Volume_101", {}, lab.cleanup);
  let machines = 0;
  const start = async () => {
    const container = await boot(HOST, {
      image: lab.image,
      folder: join(lab.folder, `machine-${machines++}`),
      userData: planned.text,
      station: own,
      volume: data,
      cleanup: lab.cleanup,
    });
    lab.took(HOST, machines === 1 ? "ready" : "replaced", await container.ready());
    return container;
  };
  lab.log(`${HOST}: booting`);
  const container = await start();
  return {
    ...planned,
    lab,
    container,
    volume: data,
    admins,
    key: (name) => join(lab.folder, "keys", name),
    stations,
    is: (fact, holds) => lab.check(HOST, fact, holds),
    replace: async () => {
      await container.remove();
      return start();
    },
  };
}
