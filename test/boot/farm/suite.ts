import { join } from "node:path";
import { CLOUDFLARE_RANGES } from "../../../model/catalogue/cloudflare.ts";
import { donatedWorkerScript } from "../../../roles/buildbot-worker/donated-worker-script.ts";
import { testAdmins } from "../admins.ts";
import { boot, type Container } from "../container.ts";
import type { Network } from "../network.ts";
import type { Lab, Suite } from "../suite.ts";
import { volume } from "../volume.ts";
import { buildFacts } from "./builds.ts";
import { converge } from "./converge.ts";
import { type FarmHost, farmHost } from "./estate.ts";
import { masterFacts } from "./master.ts";
import { origin } from "./origin.ts";
import { signingKeys } from "./signing-keys.ts";
import { withWheels } from "./wheels.ts";
import { workerFacts } from "./worker.ts";

const ADMINS = [{ name: "alice", keys: ["ssh-ed25519 AAAA"], groups: ["infra"] }];
const PASSWORDS = { "build-01": "first worker's", "build-02": "second worker's", "donor-01": "donor's" };
const UPLOADS = { master: "snapshots' own", "19.07": "releases' own" };

/** From a push to a signed image, with workers of both kinds. */
export const farmSuite: Suite = {
  role: "farm",
  packages: [
    ...new Set((["services-01", "build-01"] as const).flatMap((key) => farmHost(key, ADMINS).bundle.packages)),
    "curl",
  ],
  run: async (lab) => {
    const admins = await testAdmins(join(lab.folder, "keys"));
    const people = admins.configuration.admins.map(({ name, keys }) => ({ name, keys, groups: ["infra"] }));
    const image = await withWheels(lab.image, lab.cleanup);
    const { network } = lab;
    // Of the edge's networks, as proxied names are for nobody else.
    const edge = await network.station("edge", [`${CLOUDFLARE_RANGES[0]?.replace(/0\/\d+$/, "10")}/20`]);
    const source = await network.station("downloads", ["192.0.2.12/24", "10.0.0.12/24"]);
    const served = await origin(join(lab.folder, "origin"), source, ["main", "release-19.07"], UPLOADS);
    const keys = signingKeys(["master", "19.07"]);
    const own: Lab = { ...lab, image };
    const [master, worker, donor] = await Promise.all([
      bootHost(own, network, farmHost("services-01", people), ["192.0.2.13/24", "10.0.0.13/24"]),
      bootHost(own, network, farmHost("build-01", people), ["192.0.2.11/24", "10.0.0.11/24"]),
      bootDonor(own, network),
    ]);
    const secrets = (...workers: (keyof typeof PASSWORDS)[]) => ({
      "buildbot-master/worker-passwords": workers.map((name) => `${name}:${PASSWORDS[name]}\n`).join(""),
      "buildbot-master/upload-passwords": Object.entries(UPLOADS)
        .map(([user, password]) => `${user}:${password}\n`)
        .join(""),
      "buildbot-master/web-passwords": "carol:maintains\n",
      ...Object.fromEntries(keys.map(({ branch, secret }) => [`buildbot-master/signing-key-${branch}`, secret])),
    });
    await converge(lab, master, farmHost("services-01", people).bundle, secrets("build-01", "donor-01"));
    const subject: Subject = {
      lab,
      master,
      worker,
      donor,
      edge,
      origin: served,
      keys,
      people,
      secrets,
      passwords: PASSWORDS,
    };
    await masterFacts(subject);
    await workerFacts(subject);
    await buildFacts(subject);
  },
};

async function bootHost(lab: Lab, network: Network, host: FarmHost, addresses: readonly string[]): Promise<Container> {
  const { configuration, text } = host;
  const name = configuration.host;
  const folder = join(lab.folder, name);
  const data = await volume(join(folder, "volume"), "/dev/disk/by-id/scsi-0HC_Volume_101", {}, lab.cleanup);
  const station = await network.station(name, addresses);
  lab.log(`${name}: booting`);
  const container = await boot(name, {
    image: lab.image,
    folder,
    userData: text,
    station,
    volume: data,
    cleanup: lab.cleanup,
  });
  lab.took(name, "ready", await container.ready());
  return container;
}

/** A machine of somebody else: Debian, and nothing of ours. */
async function bootDonor(lab: Lab, network: Network): Promise<Container> {
  const name = "donor-01";
  const station = await network.station(name, ["203.0.113.40/24"]);
  const container = await boot(name, {
    image: lab.image,
    folder: join(lab.folder, name),
    userData: `#cloud-config
hostname: ${name}
write_files:
- path: /etc/hosts
  content: |
    127.0.0.1 localhost donor-01
    192.0.2.13 services-01.infra.example.org
    192.0.2.12 rsync.example.org
`,
    station,
    cleanup: lab.cleanup,
  });
  lab.took(name, "ready", await container.ready());
  return container;
}

/** The command that a donor runs. */
export const donorScript = donatedWorkerScript(
  { name: "donor-01", master: "services-01.infra.example.org", downloads: "rsync.example.org" },
  "https://builds.example.org",
);

/** The farm under test. */
export interface Subject {
  readonly lab: Lab;
  readonly master: Container;
  readonly worker: Container;
  readonly donor: Container;
  /** A client that comes through the edge. */
  readonly edge: Awaited<ReturnType<Network["station"]>>;
  readonly origin: Awaited<ReturnType<typeof origin>>;
  readonly keys: ReturnType<typeof signingKeys>;
  readonly people: Parameters<typeof farmHost>[1];
  /** The master's secrets, with the passwords of these workers. */
  readonly secrets: (...workers: (keyof typeof PASSWORDS)[]) => Readonly<Record<string, string>>;
  readonly passwords: typeof PASSWORDS;
}
