import { activeEstate } from "../../blueprint/active-estate.ts";
import { backups } from "../../blueprint/backups.ts";
import { hostPlans } from "../../blueprint/hosts.ts";
import { addressesOf } from "../host-plan/options.ts";
import { chosen, plannedHosts } from "../host-plan/planned-hosts.ts";
import { stackSettings } from "../host-plan/stack-settings.ts";
import { EXIT, Refusal } from "../refusal.ts";
import { untilSshAnswers } from "./answering.ts";
import { type BackupFacts, backupProblem } from "./backup-age.ts";
import type { RollFlags, Surroundings } from "./command.ts";
import { digitalOceanRolling } from "./digitalocean.ts";
import { hetznerRolling } from "./hetzner.ts";
import { type Journal, journal, type Progress } from "./journal.ts";
import { guardAgain, type RollMeans, rollMachine } from "./roll-machine.ts";
import type { Machine, NewSystem, RollingCloud } from "./rolling-cloud.ts";
import { WritingApi } from "./writing-api.ts";

const CANCELLED = 8;

/** Seconds between two looks at a rebuild, and how many: half an hour. */
const LOOK_EVERY = 5;
const LOOKS = 360;

/** Rolls a host, or goes on with a roll that was stopped. @returns the exit code */
export async function roll(key: string, flags: RollFlags, outside: Surroundings): Promise<number> {
  const stack = stackSettings(flags);
  const [host] = chosen(plannedHosts(stack), [key]);
  const active = activeEstate(stack.estate, stack.settings);
  const { servers, droplets } = hostPlans(active);
  const plan = [...servers, ...droplets].find((each) => each.key === key);
  if (!host || !plan) throw new Error(`${key} is among the hosts, but no cloud has it: chosen() lets none such pass`);
  const addresses = addressesOf(flags);
  const cloud = cloudOf(host.configuration.cloud, plan, outside);
  const notes = journal(stack.directory, flags.stack, key);
  const say = (line: string) => outside.write(`${key}  ${line}\n`);
  const means = {
    cloud,
    journal: notes,
    say,
    pause: () => outside.patience.pause(LOOK_EVERY),
    looks: LOOKS,
    converge: async () => {
      if (host.through === undefined)
        await untilSshAnswers(addresses.reach(key, host.fqdn), outside.connect, outside.patience);
      return (await outside.converge(convergeArguments(key, flags))) === EXIT.done;
    },
  };

  const earlier = notes.read();
  const machine = await cloud.machine();
  if (earlier && earlier.machine !== machine.id)
    throw new Refusal(
      EXIT.failed,
      `The roll that was begun was of another machine of this name (${earlier.machine}, now ${machine.id}).\n  If that one is gone, remove ${notes.file}.`,
    );
  if (flags.abandon) return abandon(earlier, means);
  if (earlier) {
    outside.write(`${key}: going on with the roll to ${earlier.image} that was begun; next: ${STEP[earlier.next]}.\n`);
  } else {
    if (machine.busy)
      throw new Refusal(
        EXIT.failed,
        `${key} is locked, as another action runs on it.\n  Wait until the cloud's console shows it done, then run this again.`,
      );
    await cloud.checkImage();
  }
  const facts: BackupFacts = {
    planned: backups(active).filter((each) => each.host === key),
    last: flags.lastBackup,
    oldest: flags.oldestBackup,
    now: outside.now(),
  };
  if (!earlier) outside.write(`${whatHappens(machine, cloud, plan, facts)}\n`);
  const problem = earlier ? undefined : backupProblem(key, facts);
  if (flags.dryRun) {
    outside.write(`${problem === undefined ? "" : `This would be refused: ${problem}\n`}Dry run: nothing was done.\n`);
    return EXIT.done;
  }
  if (problem !== undefined) throw new Refusal(EXIT.badUsage, problem);
  if (!(await agreed(key, flags, outside))) {
    outside.write("Cancelled: nothing was done.\n");
    return CANCELLED;
  }
  const { id, guarded } = machine;
  await rollMachine(earlier ?? { version: 1, machine: id, image: plan.image, guarded, next: "lift" }, means);
  say("has its new system and its configuration");
  return EXIT.done;
}

const STEP: Record<Progress["next"], string> = {
  lift: "lift its protection and rebuild it",
  rebuild: "rebuild it, unless that was begun already",
  wait: "wait for the rebuild",
  guard: "protect it again",
  converge: "converge it",
};

async function agreed(key: string, { yes }: RollFlags, { ask }: Surroundings): Promise<boolean> {
  if (yes) return true;
  if (ask) return ask(`Roll ${key} now?`);
  throw new Refusal(
    EXIT.badUsage,
    "Nobody is at a terminal to agree, and nothing was done.\n  Give --yes to roll without a question.",
  );
}

/** Back to where nothing is begun: protected, and without a journal. */
async function abandon(
  earlier: Progress | undefined,
  means: RollMeans & { readonly journal: Journal },
): Promise<number> {
  if (!earlier)
    throw new Refusal(
      EXIT.badUsage,
      "No roll of this host was begun: there is nothing to abandon.\n  Its record would be in .cache/roll.",
    );
  const { machine, before } = earlier;
  const action = earlier.action ?? (before === undefined ? undefined : await means.cloud.rebuildAfter(machine, before));
  if (action !== undefined && (await means.cloud.state(machine, action)) === "running")
    throw new Refusal(
      EXIT.failed,
      "Its rebuild is running and can't be called back.\n  Run the command without --abandon: it waits and goes on.",
    );
  await guardAgain(earlier, means);
  means.journal.remove();
  means.say(
    action === undefined
      ? "nothing was rebuilt; the roll is forgotten"
      : "the roll is forgotten; its system is new: converge it",
  );
  return EXIT.done;
}

function cloudOf(
  kind: "hetzner" | "digitalOcean",
  system: NewSystem,
  { environment, patience }: Surroundings,
): RollingCloud {
  const pause = () => patience.pause(1);
  switch (kind) {
    case "hetzner":
      return hetznerRolling(new WritingApi(account(HETZNER, environment), patience), system, pause);
    case "digitalOcean":
      return digitalOceanRolling(new WritingApi(account(DIGITALOCEAN, environment), patience), system);
    default:
      return kind satisfies never;
  }
}

const HETZNER = {
  cloud: "Hetzner Cloud",
  tokenVariable: "HCLOUD_TOKEN",
  endpointVariable: "HCLOUD_ENDPOINT",
  endpoint: "https://api.hetzner.cloud/v1",
};
const DIGITALOCEAN = {
  cloud: "DigitalOcean",
  tokenVariable: "DIGITALOCEAN_TOKEN",
  endpointVariable: "DIGITALOCEAN_API_URL",
  endpoint: "https://api.digitalocean.com",
};

function account({ endpointVariable, ...known }: typeof HETZNER, environment: NodeJS.ProcessEnv) {
  const token = environment[known.tokenVariable];
  if (!token)
    throw new Refusal(
      EXIT.badUsage,
      `${known.tokenVariable} is not set.\n  Set it in the environment, never in a file of the project; to roll it must be allowed to write.`,
    );
  const endpoint = (environment[endpointVariable] || known.endpoint).replace(/\/+$/, "");
  return { ...known, endpoint, token };
}

function whatHappens(
  { id, name, image, guarded }: Machine,
  { cloud, firstBoot }: RollingCloud,
  plan: NewSystem & { readonly volume?: { readonly name: string; readonly size: number } },
  { planned, last }: BackupFacts,
): string {
  const lines = [
    `${name} (${cloud} ${id}) is rebuilt in place, and is down meanwhile:`,
    `  image       ${image ?? "one that the cloud no longer names"} → ${plan.image}`,
    `  first boot  ${firstBoot}`,
    `  kept        addresses, firewall, ${plan.volume ? `volume ${plan.volume.name} (${plan.volume.size} GB)` : "no volume"}`,
    "  lost        everything on its own disk, its host keys too",
    `  protection  ${guarded ? "lifted for this host during the rebuild, then put back" : "none in the cloud"}`,
    ...planned.map(({ path, repository }) => `  backup      ${path} → ${repository}`),
    `  last one    ${planned.length === 0 ? "none planned: it keeps nothing that could not be made again" : (last?.toISOString() ?? "not given")}`,
    "  then        it is converged and its services are checked",
  ];
  return lines.join("\n");
}

function convergeArguments(key: string, flags: RollFlags): string[] {
  const { stack, cwd, config, address, outputs, user, acceptFingerprint } = flags;
  return [
    key,
    "--repin",
    key,
    "--stack",
    stack,
    "--cwd",
    cwd,
    ...config.flatMap((pair) => ["--config", pair]),
    ...address.flatMap((pair) => ["--address", pair]),
    ...(outputs === undefined ? [] : ["--outputs", outputs]),
    ...(user === undefined ? [] : ["--user", user]),
    ...acceptFingerprint.flatMap((fingerprint) => ["--accept-fingerprint", fingerprint]),
    ...(flags.yes ? ["--yes"] : []),
  ];
}
