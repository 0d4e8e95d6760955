import { type Command, Option } from "commander";
import { addresses } from "./addresses.ts";
import { type PlannedHost, plannedHosts } from "./planned-hosts.ts";
import { stackSettings } from "./stack-settings.ts";

/** Options of every command that works with a stack's settings. */
export interface StackFlags {
  readonly stack: string;
  readonly config: readonly string[];
  readonly cwd: string;
}

/** Options of those that reach hosts over SSH. */
export interface ReachFlags extends StackFlags {
  readonly address: readonly string[];
  readonly outputs?: string;
  readonly user?: string;
}

/** An option that may be given several times. */
export const repeatable = (flags: string, description: string): Option =>
  new Option(flags, `${description}; may be repeated`)
    .argParser((value: string, previous: readonly string[]) => [...previous, value])
    .default([], "none");

export function withStackOptions(command: Command): Command {
  return command
    .option("-s, --stack <name>", "stack whose settings hold", "prod")
    .addOption(repeatable("-c, --config <key=value>", "a setting, over those of the stack's file"))
    .option("--cwd <folder>", "the project's folder", process.cwd());
}

export function withReachOptions(command: Command): Command {
  return withStackOptions(command)
    .addOption(repeatable("--address <host=address>", "where to reach a host, if not where the outputs or DNS say"))
    .option("--outputs <file>", "output of pulumi stack output --json")
    .option("--user <name>", "user name on the hosts (default: as for ssh)");
}

/** A stack's hosts, and whose they are. */
export interface StackPlan {
  /** Folder of `Pulumi.yaml`. */
  readonly directory: string;
  readonly estate: { readonly name: string };
  readonly hosts: readonly PlannedHost[];
}

export function planOf(flags: StackFlags): StackPlan {
  const found = stackSettings(flags);
  return { ...found, hosts: plannedHosts(found) };
}

export const addressesOf = ({ address, outputs }: ReachFlags) => addresses(address, outputs);
