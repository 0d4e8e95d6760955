import { Command, InvalidArgumentError } from "commander";
import { ask } from "../converge/ask.ts";
import { type ReachFlags, repeatable, withReachOptions } from "../host-plan/options.ts";
import { PATIENT, type Patience } from "../listings/retries.ts";
import { type Connect, connect } from "./answering.ts";
import { convergeAnew } from "./converge-anew.ts";
import { roll } from "./roll.ts";

/** Flags as the command line gives them. */
export interface RollFlags extends ReachFlags {
  readonly lastBackup?: Date;
  /** Hours. */
  readonly oldestBackup: number;
  readonly acceptFingerprint: readonly string[];
  readonly dryRun?: true;
  readonly abandon?: true;
  readonly yes?: true;
}

/** What the command needs from outside; replaced in tests. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
  /** Undefined without a terminal. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  readonly now: () => Date;
  readonly patience: Patience;
  readonly connect: Connect;
  /** Runs `ops converge` with these arguments. @returns its exit code */
  readonly converge: (args: readonly string[]) => Promise<number>;
}

const HELP = `
The host is rebuilt where it is: its addresses, volume, firewall and DNS stay, its own disk is overwritten. Nothing is
deleted first. Its protection in the cloud is lifted for the rebuild and put back right after it. How far it has come
is written down in .cache/roll/<stack>/<host>.json: the same command goes on from there, whatever stopped it.

Environment
  HCLOUD_TOKEN or DIGITALOCEAN_TOKEN   of the host's cloud; must be allowed to write (for --dry-run, to read)

Examples
  npm run ops -- roll git-01 --dry-run
  npm run ops -- roll git-01 --last-backup 2026-11-21T03:17Z --outputs outputs.json
  npm run ops -- roll git-01 --abandon                    protect it again, and forget a roll that was stopped

Exit codes
  0  the host has its new system and its configuration, and its services answer; or --dry-run, --abandon
  1  a step failed: the message says what holds now and how to go on
  2  a flag, an argument or the settings are wrong; nothing was done
  8  cancelled at the question; nothing was done`;

/** `ops roll`: a new operating system for one host, in place. */
export function command(given: Partial<Surroundings> = {}): Command {
  return withReachOptions(
    new Command("roll")
      .description("Gives a host a new operating system, in place, then converges and checks it. Its own disk is lost.")
      .argument("<host>", "host of the estate"),
  )
    .option("--last-backup <time>", "when its last backup was made, as you have seen it: 2026-11-21T03:17Z", time)
    .option("--oldest-backup <hours>", "how old that may be", hours, 26)
    .addOption(repeatable("--accept-fingerprint <SHA256:…>", "its new host key, if you know it already"))
    .option("--dry-run", "show what would happen, and do nothing")
    .option("--abandon", "protect the host again and forget a roll that was stopped")
    .option("-y, --yes", "do not ask")
    .addHelpText("after", HELP)
    .action(async (host: string, flags: RollFlags) => {
      process.exitCode = await roll(host, flags, {
        environment: process.env,
        write: (text) => process.stdout.write(text),
        ask: process.stdin.isTTY && process.stdout.isTTY ? ask : undefined,
        now: () => new Date(),
        patience: PATIENT,
        connect,
        converge: convergeAnew,
        ...given,
      });
    });
}

function time(text: string): Date {
  const value = new Date(text);
  if (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text) &&
    !Number.isNaN(value.getTime())
  )
    return value;
  throw new InvalidArgumentError("Allowed: a time with its zone, such as 2026-11-21T03:17Z.");
}

function hours(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("Allowed: a number of hours.");
}
