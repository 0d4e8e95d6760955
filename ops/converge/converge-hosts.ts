import { addressesOf } from "../host-plan/options.ts";
import { chosen, type PlannedHost } from "../host-plan/planned-hosts.ts";
import { EXIT, Refusal } from "../refusal.ts";
import { identities, identityFile } from "../secrets/identity.ts";
import { SecretStore } from "../secrets/secret-store.ts";
import { firstContact } from "../ssh/first-contact.ts";
import { hostKeys } from "../ssh/host-keys.ts";
import { inParallel } from "../ssh/in-parallel.ts";
import { ssh, type Target } from "../ssh/ssh.ts";
import { targetsOf } from "../ssh/targets.ts";
import { HOST_KEY, Trouble } from "../ssh/trouble.ts";
import { hostHealth, shownCheck } from "../status/host-health.ts";
import { isCurrent } from "./changes.ts";
import type { ConvergeFlags } from "./command.ts";
import { converge, type Examined, examine, type Means, type Subject } from "./converge-host.ts";
import { describe } from "./describe.ts";
import { hostSecrets } from "./host-secrets.ts";
import { type Progress, progress } from "./progress.ts";
import type { Surroundings } from "./surroundings.ts";

/** Exit codes that are this command's own. */
export const CHECKS = 5;
export const WOULD_CHANGE = 7;
const CANCELLED = 8;

/** Hosts that are looked at at the same time. */
const LOOKS = 4;

/** @returns the exit code */
export async function convergeHosts(
  names: readonly string[],
  flags: ConvergeFlags,
  outside: Surroundings,
): Promise<number> {
  const plan = outside.plan(flags);
  const hosts = hostsMeant(plan.hosts, names, flags);
  const addresses = addressesOf(flags);
  const targets = targetsOf(hosts, plan.hosts, addresses);
  const keys = hostKeys(plan.directory, plan.estate.name);
  const store = new SecretStore(plan.directory, plan.estate.name);
  const connection = ssh(targets, { knownHosts: keys.file, user: flags.user });
  const means: Means = { ssh: connection, keys, addresses };
  const run = new Run(
    outside,
    progress(
      hosts.map(({ key }) => key),
      outside.screen,
    ),
  );
  const interrupted = () => {
    run.end();
    outside.screen.write("Cancelled. A host that had been begun goes through to the end by itself: ops status.\n");
    void connection.close().finally(() => process.exit(CANCELLED));
  };
  process.once("SIGINT", interrupted);
  const own = () => identities(identityFile(flags.identity, outside.environment));
  try {
    // One after the other: each may ask.
    const contacted = new Set<string>();
    for (const target of targets)
      await run.attempt(target.key, async () => {
        if (target.through !== undefined && !contacted.has(target.through))
          throw new Trouble(`${target.key} is reached through ${target.through}, which is not.`);
        const { acceptFingerprint: accepted, repin } = flags;
        const pinned = await firstContact(target, { ssh: connection, keys, accepted, repin, ask: outside.ask });
        contacted.add(target.key);
        if (pinned !== undefined) outside.write(`${target.key}: pinned ${pinned} in ${keys.file}. Commit that file.\n`);
      });
    const looked = await inParallel(hosts, LOOKS, async (host) =>
      contacted.has(host.key)
        ? run.attempt(host.key, async () => {
            run.step(host.key, "looking");
            const secrets = flags.secrets ? await hostSecrets(host, store, own) : undefined;
            const subject: Subject = { host, target: targetOf(targets, host), secrets };
            return { subject, ...(await examine(subject, means)) };
          })
        : undefined,
    );
    const found = looked.filter((each) => each !== undefined);
    for (const each of found) show(each, flags, run, outside);
    const due = found.filter(({ changes }) => flags.again || !isCurrent(changes));
    if (flags.dryRun || flags.check) {
      if (due.length > 0) run.note(WOULD_CHANGE);
      if (flags.check) await inParallel(found, LOOKS, ({ subject }) => check(subject, flags, means, run));
      return run.end();
    }
    if (due.length > 0 && !flags.yes && outside.ask) {
      const question = `Change ${due.map(({ subject }) => subject.host.key).join(", ")}?`;
      if (!(await outside.ask(question))) return CANCELLED;
    }
    await inParallel(
      due,
      flags.parallel,
      ({ subject, changes }) =>
        run.attempt(subject.host.key, async () => {
          const { key } = subject.host;
          run.begin(key);
          await converge(subject, changes, means, (line) => run.says(key, line));
          run.step(key, "converged");
          await check(subject, flags, means, run);
        }),
      () => !run.stopped,
    );
    for (const { subject } of due) run.leftOut(subject.host.key);
    return run.end();
  } finally {
    process.off("SIGINT", interrupted);
    await connection.close();
  }
}

function hostsMeant(hosts: readonly PlannedHost[], names: readonly string[], flags: ConvergeFlags): PlannedHost[] {
  if (flags.all && names.length === 0) return [...hosts];
  chosen(hosts, flags.repin);
  if (names.length > 0 && !flags.all) return chosen(hosts, names);
  throw new Refusal(
    EXIT.badUsage,
    `Which hosts? Name them, or all with --all.\n  There are: ${hosts.map(({ key }) => key).join(", ")}.`,
  );
}

function targetOf(targets: readonly Target[], { key }: PlannedHost): Target {
  const target = targets.find((each) => each.key === key);
  if (!target) throw new Error(`${key} has no target.`);
  return target;
}

function show(
  { subject, changes, notes }: { readonly subject: Subject } & Examined,
  flags: ConvergeFlags,
  run: Run,
  outside: Surroundings,
): void {
  const { key } = subject.host;
  if (isCurrent(changes)) run.step(key, "has its configuration");
  else {
    run.step(key, flags.dryRun || flags.check ? "would change" : "is to change");
    outside.write(describe(key, changes, flags.diff && !flags.check));
  }
  for (const note of notes) outside.write(`${key}: note: ${note}\n`);
}

/** Looks at a host's own checks before one counts as failed, and seconds between them: services need time to come up. */
const ATTEMPTS = 10;
const PAUSE = 3;
/** Seconds for one look: each role's checks may take twenty. */
const LOOK = 120;

/** What its roles promise, as the host itself finds it, and what its services promise to the world. */
async function check({ host, target }: Subject, flags: ConvergeFlags, means: Means, run: Run): Promise<void> {
  await run.attempt(host.key, async () => {
    const problems = await ownProblems(target, means, run);
    if (flags.checks)
      for (const problem of await Promise.all(host.checks.map((each) => run.outside.probe(each))))
        if (problem !== undefined) problems.push(problem);
    if (problems.length > 0) throw new Trouble(`${host.key}: ${problems.join("\n  ")}`, CHECKS);
    run.step(host.key, flags.check ? "its checks hold" : "converged, its checks hold");
  });
}

async function ownProblems(target: Target, { ssh, keys }: Means, { outside: { pause } }: Run): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    const { checks } = await hostHealth(ssh, target, keys, LOOK);
    const failed = checks.filter(({ outcome }) => outcome === "failed");
    if (failed.length === 0 || attempt === ATTEMPTS) return failed.map(shownCheck);
    await pause(PAUSE);
  }
}

/** What has happened so far, and the exit code that follows from it. */
class Run {
  readonly outside: Surroundings;
  readonly #progress: Progress;
  readonly #codes = new Set<number>();
  readonly #begun = new Set<string>();
  readonly #problems: string[] = [];
  #stopped = false;

  constructor(outside: Surroundings, shown: Progress) {
    this.outside = outside;
    this.#progress = shown;
  }

  /** A host that was begun has failed: no other is begun. */
  get stopped(): boolean {
    return this.#stopped;
  }

  begin(host: string): void {
    this.#begun.add(host);
    this.step(host, "applying its roles");
  }

  step(host: string, text: string): void {
    this.#progress.step(host, text);
  }

  says(host: string, line: string): void {
    this.#progress.says(host, line);
  }

  note(code: number): void {
    this.#codes.add(code);
  }

  /** A trouble of one host is reported at the end; the others go on. */
  async attempt<T>(host: string, task: () => Promise<T>): Promise<T | undefined> {
    try {
      return await task();
    } catch (cause) {
      if (!(cause instanceof Trouble) && !(cause instanceof Refusal)) throw cause;
      this.#codes.add(cause.exit);
      this.#problems.push(cause.message);
      if (this.#begun.has(host)) this.#stopped = true;
      this.#progress.step(host, cause.exit === CHECKS ? "converged, but its checks fail" : "failed");
      return undefined;
    }
  }

  leftOut(host: string): void {
    if (!this.#begun.has(host)) this.#progress.step(host, "not begun, as another failed");
  }

  end(): number {
    this.#progress.end();
    for (const problem of this.#problems) this.outside.screen.write(`error  ${problem}\n`);
    return [HOST_KEY, EXIT.failed, CHECKS, WOULD_CHANGE].find((code) => this.#codes.has(code)) ?? EXIT.done;
  }
}
