import { setTimeout } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { planOf, type ReachFlags, repeatable, withReachOptions } from "../host-plan/options.ts";
import { HOST_KEY } from "../ssh/trouble.ts";
import { ask } from "./ask.ts";
import { CHECKS, convergeHosts, WOULD_CHANGE } from "./converge-hosts.ts";
import { probe } from "./outside-checks.ts";
import type { Surroundings } from "./surroundings.ts";

/** Flags as the command line gives them. */
export interface ConvergeFlags extends ReachFlags {
  readonly all?: true;
  readonly dryRun?: true;
  readonly check?: true;
  readonly again?: true;
  readonly yes?: true;
  readonly diff: boolean;
  readonly checks: boolean;
  readonly secrets: boolean;
  readonly identity?: string;
  readonly parallel: number;
  readonly acceptFingerprint: readonly string[];
  readonly repin: readonly string[];
}

const HELP = `
What a host gets is computed from the estate and the stack's settings, so it has the digest that the stack's output
\`digests\` says. Only what differs is sent. Until all of it has arrived the host is untouched; from then on it goes
through to the end by itself, whatever happens here (/var/log/converge.log there). Whatever interrupts it, the next
run does what is left. Hosts follow each other, and after one that fails no other is begun.

The host's key is pinned in estates/<estate>.known_hosts at first contact, once you say that it is the right one.

Examples
  npm run ops -- converge git-01 --dry-run
  npm run ops -- converge git-01 downloads-01 --outputs outputs.json
  npm run ops -- converge git-01 --address git-01=192.0.2.11 --accept-fingerprint SHA256:…
  npm run ops -- converge git-01 --repin git-01                      after the host was rebuilt

Exit codes (of several hosts' the first that applies, in the order 4 1 5 7 0)
  0  every host has its configuration
  1  a host could not be converged: its line says why, and what was done before stands
  2  a flag, an argument or the settings are wrong; nothing was done
  ${HOST_KEY}  the key of a host is not pinned, or is another one; nothing was sent to it
  ${CHECKS}  converged, but a check of its roles does not hold there, or a service does not answer as it should
  ${WOULD_CHANGE}  --dry-run, --check: something would change
  8  cancelled: at the question, nothing was changed; later, the host that had been begun goes on by itself`;

/** `ops converge`: brings hosts to their current configuration. */
export function command(given: Partial<Surroundings> = {}): Command {
  const limit = (text: string) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= 16) return value;
    throw new InvalidArgumentError("Allowed: 1 to 16.");
  };
  return withReachOptions(
    new Command("converge")
      .description("Brings hosts to their current configuration over SSH, after showing what changes.")
      .argument("[host...]", "hosts of the estate")
      .option("--all", "all hosts of the estate")
      .option("--dry-run", "show what would change, and change nothing")
      .option("--check", "as --dry-run without the diffs, and run the checks")
      .option("-y, --yes", "do not ask at a terminal"),
  )
    .option("--parallel <n>", "hosts that are changed at the same time", limit, 1)
    .option("--again", "apply the roles also where nothing differs")
    .option("--no-diff", "name changed files without their diffs")
    .option("--no-checks", "do not try the services from here afterwards")
    .option("--no-secrets", "leave the hosts' secrets as they are")
    .option("--identity <file>", "your private age key")
    .addOption(repeatable("--accept-fingerprint <SHA256:…>", "a host key that you have compared"))
    .addOption(repeatable("--repin <host>", "pin the host's key anew"))
    .addHelpText("after", HELP)
    .action(async (hosts: string[], flags: ConvergeFlags) => {
      process.exitCode = await convergeHosts(hosts, flags, {
        environment: process.env,
        write: (text) => process.stdout.write(text),
        screen: {
          write: (text) => process.stderr.write(text),
          isTerminal: process.stderr.isTTY === true,
          width: process.stderr.columns ?? 80,
        },
        ask: process.stdin.isTTY && process.stdout.isTTY ? ask : undefined,
        probe,
        pause: (seconds) => setTimeout(seconds * 1000),
        plan: planOf,
        ...given,
      });
    });
}
