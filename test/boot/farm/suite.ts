import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CLOUDFLARE_RANGES } from "../../../model/catalogue/cloudflare.ts";
import { donatedWorkerScript } from "../../../roles/buildbot-worker/donated-worker-script.ts";
import { testAdmins } from "../admins.ts";
import { run } from "../command.ts";
import { withInstalled } from "../image.ts";
import type { Station } from "../network.ts";
import type { Lab, Suite } from "../suite.ts";
import { buildFacts } from "./builds.ts";
import { farmHost } from "./estate.ts";
import { expansionFacts } from "./expansion.ts";
import { bootDonor, bootForge, bootServer, type Machine } from "./hosts.ts";
import { internet } from "./internet.ts";
import { masterFacts, waitingFacts } from "./master.ts";
import { powerFacts } from "./power.ts";
import { replacedFacts } from "./replaced.ts";
import { type Secrets, secrets } from "./secrets.ts";
import { servedFacts } from "./served.ts";
import { type SourceRepository, sourceRepository } from "./source-repository.ts";
import { workerFacts } from "./worker.ts";

const ADMINS = [{ name: "alice", keys: ["ssh-ed25519 AAAA"], groups: ["infra"] }];
const packagesOf = (host: Parameters<typeof farmHost>[0]) => farmHost(host, ADMINS).bundle.packages;
/** What takes longest to install and starts nothing: what workers have on top of a server, and Python's libraries. */
const TOOLS = [
  ...packagesOf("build-01").filter(
    (name) => !farmHost("build-01", ADMINS).base.includes(name) && name !== "buildbot-worker",
  ),
  ...["lego", "python3-alembic", "python3-autobahn", "python3-pip", "python3-treq", "python3-txrequests"],
];
/** In the network of an edge's host, as proxied names are for nobody else. */
const EDGE = `${CLOUDFLARE_RANGES[0]?.replace(/0\/\d+$/, "10")}/20`;

/** From a push to a signed image, with git, downloads, master and workers as the plan has them. */
export const farmSuite: Suite = {
  role: "farm",
  packages: [...new Set((["services-01", "downloads-01", "build-01"] as const).flatMap(packagesOf)), "curl"],
  run: async (lab) => {
    const subject = await prepared(lab);
    await Promise.all([servedFacts(subject), waitingFacts(subject)]);
    await masterFacts(subject);
    await workerFacts(subject);
    await Promise.all([expansionFacts(subject), buildFacts(subject)]);
    await powerFacts(subject);
    await replacedFacts(subject);
  },
};

/** All machines but the third worker, booted and on their own. */
async function prepared(lab: Lab): Promise<Subject> {
  const admins = await testAdmins(join(lab.folder, "keys"));
  const people = admins.configuration.admins
    .filter(({ name }) => name === "alice")
    .map(({ name, keys }) => ({ name, keys, groups: ["infra"] }));
  const { image, edge, root } = await internet(lab, await withInstalled(lab.image, TOOLS, lab.log), EDGE);
  const desk = await lab.network.station("desk", ["203.0.113.10/24"]);
  const deploy = join(lab.folder, "keys/deploy");
  await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "deploy", "-f", deploy]);
  const server = (host: Parameters<typeof farmHost>[0]) => bootServer(lab, image, farmHost(host, people));
  const [master, downloads, worker, donor, forge] = await Promise.all([
    server("services-01"),
    server("downloads-01"),
    server("build-01"),
    bootDonor(lab, image),
    bootForge(lab, image, (await readFile(`${deploy}.pub`, "utf8")).trim()),
  ]);
  return {
    lab,
    image,
    machines: { master, downloads, worker, donor, forge },
    edge,
    root,
    desk,
    people,
    secrets: secrets(await readFile(deploy, "utf8")),
    source: sourceRepository(lab, desk, join(lab.folder, "keys"), root, ["main", "release-19.07"]),
  };
}

/** The command that a donor runs. */
export const donorScript = donatedWorkerScript(
  { name: "donor-01", master: "services-01.infra.example.org", downloads: "rsync.example.org" },
  "https://builds.example.org",
);

/** The farm under test. */
export interface Subject {
  readonly lab: Lab;
  readonly image: Lab["image"];
  /** Changes when one is replaced. */
  readonly machines: Record<"master" | "downloads" | "worker" | "donor" | "forge", Machine> & { extra?: Machine };
  /** A client that comes through the edge. */
  readonly edge: Station;
  /** Root certificate that clients trust. */
  readonly root: string;
  /** Where somebody writes source: anywhere. */
  readonly desk: Station;
  readonly people: Parameters<typeof farmHost>[1];
  readonly secrets: Secrets;
  readonly source: SourceRepository;
}
