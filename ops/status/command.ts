import { Command, InvalidArgumentError } from "commander";
import {
  addressesOf,
  planOf,
  type ReachFlags,
  type StackFlags,
  type StackPlan,
  withReachOptions,
} from "../host-plan/options.ts";
import { chosen } from "../host-plan/planned-hosts.ts";
import { hostKeys } from "../ssh/host-keys.ts";
import { inParallel } from "../ssh/in-parallel.ts";
import { ssh } from "../ssh/ssh.ts";
import { targetsOf } from "../ssh/targets.ts";
import { Trouble } from "../ssh/trouble.ts";
import { hostHealth } from "./host-health.ts";
import { type HostStatus, statusTable } from "./status-table.ts";

/** What the command needs from outside; replaced in tests. */
export interface Surroundings {
  readonly write: (text: string) => void;
  readonly plan: (flags: StackFlags) => StackPlan;
}

interface Flags extends ReachFlags {
  readonly json?: true;
  readonly parallel: number;
  readonly timeout: number;
}

const HELP = `
Any admin of a host may ask, with or without root rights there. What its roles promise is checked on the host; what does
not hold is listed below the table. A host is
  current      it has recorded the digest that the estate and the settings give it
  behind       it has another one: ops converge
  unfinished   its roles are being applied, or were and it failed or was interrupted: ops converge
  unreachable  no answer, no access, or a host key that is not the pinned one; the reason is below the table

Examples
  npm run ops -- status
  npm run --silent ops -- status --outputs outputs.json --json

Exit codes
  0  every host is current, and its checks hold
  1  a host could not be asked
  2  a flag, an argument or the settings are wrong
  5  a check does not hold, or a disk is nearly full (90 %)
  7  a host is behind or unfinished
The first that applies, in the order 1 7 5 0.`;

/** `ops status`: which hosts must converge, and how they are. */
export function command(given: Partial<Surroundings> = {}): Command {
  const number = (text: string) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= 600) return value;
    throw new InvalidArgumentError("Allowed: 1 to 600.");
  };
  return withReachOptions(
    new Command("status")
      .description("For every host: whether it has its current configuration, and how it is.")
      .argument("[host...]", "hosts of the estate (default: all)")
      .option("--json", "as JSON"),
  )
    .option("--parallel <n>", "hosts that are asked at the same time", number, 8)
    .option("--timeout <seconds>", "for each host", number, 30)
    .addHelpText("after", HELP)
    .action(async (hosts: string[], flags: Flags) => {
      const outside: Surroundings = {
        write: (text) => process.stdout.write(text),
        plan: planOf,
        ...given,
      };
      const found = await statusOf(hosts, flags, outside);
      outside.write(flags.json ? `${JSON.stringify(found, undefined, 2)}\n` : statusTable(found));
      process.exitCode = exitCode(found);
    });
}

async function statusOf(
  names: readonly string[],
  flags: Flags,
  { plan: planned }: Surroundings,
): Promise<HostStatus[]> {
  const plan = planned(flags);
  const hosts = names.length === 0 ? plan.hosts : chosen(plan.hosts, names);
  const targets = targetsOf(hosts, plan.hosts, addressesOf(flags));
  const keys = hostKeys(plan.directory, plan.estate.name);
  const connection = ssh(targets, { knownHosts: keys.file, user: flags.user });
  try {
    const found = await inParallel(hosts, flags.parallel, async ({ key, bundle }): Promise<HostStatus> => {
      const target = targets.find((each) => each.key === key);
      const planned = bundle.digest;
      try {
        if (!target) throw new Trouble(`${key} has no address.`);
        const health = await hostHealth(connection, target, keys, flags.timeout);
        const state = health.unfinished ? "unfinished" : health.digest === planned ? "current" : "behind";
        return { host: key, state, planned, ...health };
      } catch (cause) {
        if (!(cause instanceof Trouble)) throw cause;
        return { host: key, state: "unreachable", planned, why: cause.message };
      }
    });
    return found.filter((each) => each !== undefined);
  } finally {
    await connection.close();
  }
}

/** Per cent from which a disk is a problem. */
export const FULL = 90;

function exitCode(found: readonly HostStatus[]): number {
  const is = (...states: HostStatus["state"][]) => found.some(({ state }) => states.includes(state));
  if (is("unreachable")) return 1;
  if (is("behind", "unfinished")) return 7;
  const ill = found.some(
    (host) =>
      host.state !== "unreachable" &&
      (host.checks.some(({ outcome }) => outcome === "failed") || host.disks.some(({ percent }) => percent >= FULL)),
  );
  return ill ? 5 : 0;
}
