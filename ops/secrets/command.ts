import { existsSync } from "node:fs";
import { Command } from "commander";
import { planOf, type StackFlags, type StackPlan, withStackOptions } from "../host-plan/options.ts";
import type { PlannedHost } from "../host-plan/planned-hosts.ts";
import { EXIT, Refusal } from "../refusal.ts";
import { IDENTITY_VARIABLE, type Identity, identities, identityFile, ownRecipient } from "./identity.ts";
import { newValue, type ValueSource } from "./new-value.ts";
import { isRecipient } from "./recipients.ts";
import { type SecretId, SecretStore } from "./secret-store.ts";
import { secretTable } from "./secret-table.ts";
import { afterwards, oneLine, type SharedValue, sharedValues } from "./shared-values.ts";
import { existing, hostOf, isNeeded, known, needIn, sharedBy, whole } from "./which-secret.ts";

/** What the command needs from outside; replaced in tests. */
export interface Surroundings extends ValueSource {
  readonly write: (text: string | Uint8Array) => void;
  readonly plan: (flags: StackFlags) => StackPlan;
}

interface Flags extends StackFlags {
  readonly identity?: string;
  readonly generate?: true;
  readonly reveal?: true;
}

const HELP = `
A secret is a file secrets/<estate>/<service>/<name>.age, encrypted with age for every admin in
secrets/<estate>/recipients. ops converge delivers it as /etc/secrets/<role>/<name>. Which there must be, the roles say.
A value that several services know is one file, secrets/<estate>/shared/<name>.age: each of their secrets is made of it
when it is delivered, so the two sides cannot differ.
Your own key is the file that --identity or ${IDENTITY_VARIABLE} names, else ~/.config/foss-infra/age-identity.

Examples
  npm run ops -- secrets list
  npm run ops -- secrets create git mirror-deploy-keys < keys        or in your editor, or with --generate
  npm run ops -- secrets rotate wiki relay-password --generate && npm run ops -- converge wiki-01
  npm run ops -- secrets create-shared                               passwords between services, those that are missing
  npm run ops -- secrets rotate shared worker-build-01 --generate    says which hosts converge then, in which order
  npm run ops -- secrets add-recipient bob age1…                     then commit, and let another admin look at it

Exit codes
  0  done; check: all is in order
  1  a secret cannot be read or written; check: something is not in order
  2  a flag, an argument or the settings are wrong; nothing was done`;

/** `ops secrets`: the hosts' encrypted secrets. No value is printed unless `show --reveal` asks for it. */
export function command(given: Partial<Surroundings> = {}): Command {
  const outside: Surroundings = {
    environment: process.env,
    input: process.stdin,
    write: (text) => process.stdout.write(text),
    plan: planOf,
    ...given,
  };
  const top = new Command("secrets")
    .description("The hosts' encrypted secrets: list, create, rotate, and who can read them.")
    .addHelpText("after", HELP)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "error  ")) })
    .showHelpAfterError("  See: npm run ops -- secrets --help");
  const add = (usage: string, description: string, action: (store: Work, args: string[]) => Promise<void> | void) => {
    const [name = "", ...args] = usage.split(" ");
    const sub = withStackOptions(top.command(name).description(description)).option(
      "--identity <file>",
      "your private key",
    );
    for (const arg of args) sub.argument(arg);
    sub.action(async (...given: unknown[]) => {
      const flags = given[args.length] as Flags;
      await action(work(flags, outside), given.slice(0, args.length).map(String));
    });
    return sub;
  };

  add("list", "what each host's services need, and what is missing", (work) => work.outside.write(secretTable(work)));
  add("create <service> <name>", "a new secret: from standard input, an editor, or --generate", (work, [s, n]) =>
    create(work, { service: s ?? "", name: n ?? "" }),
  ).option("--generate", "32 random bytes, as 43 letters, digits, - and _, and a line end");
  add("create-shared", "every shared value that is missing, at random", (work) => createShared(work));
  add("rotate <service> <name>", "another value for a secret", (work, [s, n]) =>
    rotate(work, { service: s ?? "", name: n ?? "" }),
  ).option("--generate", "32 random bytes, as 43 letters, digits, - and _, and a line end");
  add("show <service> <name>", "what a secret is for, who can read it, how long it is", (work, [s, n]) =>
    show(work, { service: s ?? "", name: n ?? "" }),
  ).option("--reveal", "print the value itself, and nothing else");
  add("remove <service> <name>", "remove a secret that no service needs any more", (work, [s, n]) =>
    remove(work, { service: s ?? "", name: n ?? "" }),
  );
  add("add-recipient <admin> <key>", "let an admin read all secrets: encrypts them anew", (work, [name, key]) =>
    addRecipient(work, name ?? "", key ?? ""),
  );
  add("remove-recipient <admin>", "encrypt all secrets anew, without an admin", (work, [name]) =>
    removeRecipient(work, name ?? ""),
  );
  add("check", "whether every file is encrypted for exactly the listed recipients", (work) => check(work));
  top
    .command("identity")
    .description("your own public key for add-recipient; makes the private one if there is none")
    .option("--identity <file>", "your private key")
    .action(async (flags: Pick<Flags, "identity">) => {
      const file = identityFile(flags.identity, outside.environment);
      const { recipient, made } = await ownRecipient(file);
      if (made) process.stderr.write(`Made ${file}. Keep a copy where only you can read it.\n`);
      outside.write(`${recipient}\n`);
    });
  return top;
}

/** What all subcommands work with. */
interface Work {
  readonly flags: Flags;
  readonly store: SecretStore;
  readonly hosts: readonly PlannedHost[];
  readonly shared: readonly SharedValue[];
  readonly outside: Surroundings;
  readonly own: () => Identity[];
}

function work(flags: Flags, outside: Surroundings): Work {
  const { directory, estate, hosts } = outside.plan(flags);
  const own = () => identities(identityFile(flags.identity, outside.environment));
  return { flags, hosts, shared: sharedValues(hosts), outside, own, store: new SecretStore(directory, estate.name) };
}

async function create(work: Work, secret: SecretId): Promise<void> {
  const { store, outside } = work;
  known(work, secret);
  if (store.has(secret))
    throw new Refusal(
      EXIT.badUsage,
      `${store.shown(secret)} is there already.\n  For another value: ops secrets rotate ${secret.service} ${secret.name}`,
    );
  await write(work, secret);
  outside.write(`${store.shown(secret)} is written. ${next(work, secret)}`);
}

async function createShared(work: Work): Promise<void> {
  const { store, shared, outside } = work;
  const missing = shared.filter(({ id }) => !store.has(id));
  for (const { id } of missing) await store.write(id, await newValue(outside, true));
  outside.write(
    missing.length === 0
      ? "Every shared value is there.\n"
      : missing.map((each) => `${store.shown(each.id)} is written. ${afterwards(each)}`).join(""),
  );
}

async function rotate(work: Work, secret: SecretId): Promise<void> {
  const { store, outside } = work;
  whole(work, secret);
  existing(store, secret);
  await write(work, secret);
  outside.write(
    `${store.shown(secret)} has another value. ${next(work, secret)}` +
      "The old value stays in the repository's history: make it worthless where it was used.\n",
  );
}

async function write({ store, shared, outside, flags }: Work, secret: SecretId): Promise<void> {
  const value = await newValue(outside, flags.generate === true);
  if (sharedBy(shared, secret)) oneLine(value, secret);
  await store.write(secret, value);
}

function next({ hosts, shared }: Work, secret: SecretId): string {
  const value = sharedBy(shared, secret);
  return value ? afterwards(value) : `Commit it, then: ops converge ${hostOf(hosts, secret)}\n`;
}

async function show(work: Work, secret: SecretId): Promise<void> {
  const { store, hosts, shared, outside, own, flags } = work;
  whole(work, secret);
  existing(store, secret);
  const value = await store.read(secret, own());
  if (flags.reveal) {
    outside.write(value);
    return;
  }
  const need = needIn(hosts, secret);
  const uses = sharedBy(shared, secret)?.uses.map(({ host, name, here }) => `${here} by ${host} (${name})`);
  const readers = store.recipients().map(({ name }) => name);
  outside.write(
    `${store.shown(secret)}: ${need?.what ?? (uses ? "known to several services" : "no service needs it")}\n` +
      `  ${value.length} bytes; ${need ? `/etc/secrets/${need.place} on ${hostOf(hosts, secret)}` : (uses?.join(", ") ?? "delivered nowhere")}\n` +
      `  encrypted for ${readers.join(", ")}; --reveal prints it\n`,
  );
}

function remove({ store, hosts, shared, outside }: Work, secret: SecretId): void {
  existing(store, secret);
  if (isNeeded({ hosts, shared }, secret)) {
    const users = sharedBy(shared, secret)?.uses ?? [{ host: hostOf(hosts, secret), service: secret.service }];
    throw new Refusal(
      EXIT.badUsage,
      `${users.map(({ service, host }) => `${service} on ${host}`).join(", ")} needs ${secret.name}.\n  Take the service out of the estate first, or rotate the secret.`,
    );
  }
  store.remove(secret);
  outside.write(`${store.shown(secret)} is removed. It stays in the repository's history.\n`);
}

async function addRecipient({ store, outside, own }: Work, name: string, key: string): Promise<void> {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name))
    throw new Refusal(
      EXIT.badUsage,
      `${JSON.stringify(name)} is no admin's name.\n  Allowed: the name in the settings.`,
    );
  if (!isRecipient(key))
    throw new Refusal(
      EXIT.badUsage,
      `${JSON.stringify(key.slice(0, 30))} is no age recipient.\n  Allowed: age1… or age1pq1…, which ops secrets identity prints on that admin's machine; SSH keys are not.`,
    );
  const others = store.recipients().filter((recipient) => recipient.name !== name);
  const written = await store.encryptFor([...others, { name, key }], store.all().length > 0 ? own() : []);
  outside.write(`${name} can read all secrets. Encrypted anew: ${written}. Commit secrets/.\n`);
}

async function removeRecipient({ store, outside, own }: Work, name: string): Promise<void> {
  const recipients = store.recipients();
  const rest = recipients.filter((recipient) => recipient.name !== name);
  if (rest.length === recipients.length)
    throw new Refusal(
      EXIT.badUsage,
      `${name} is no recipient.\n  There are: ${recipients.map((recipient) => recipient.name).join(", ") || "none"}.`,
    );
  if (rest.length === 0)
    throw new Refusal(EXIT.badUsage, `${name} is the last recipient.\n  Add another first: nobody could read them.`);
  const written = await store.encryptFor(rest, own());
  outside.write(
    `${name} is no recipient any more. Encrypted anew: ${written}. Commit secrets/.\n` +
      `${name} has been able to read every value so far, and still can in the repository's history. Rotate them:\n` +
      store
        .all()
        .map((secret) => `  ops secrets rotate ${secret.service} ${secret.name}\n`)
        .join(""),
  );
}

async function check({ store, outside, flags }: Work): Promise<void> {
  const file = identityFile(flags.identity, outside.environment);
  const mine = existsSync(file) ? identities(file) : undefined;
  const problems = await store.problems(mine);
  const files = store.all().length;
  const readers = store.recipients().map(({ name }) => name);
  if (problems.length === 0) {
    const opened = mine ? "each was opened with your identity" : "none was opened, as you have no identity here";
    outside.write(`${files} files, encrypted for ${readers.join(", ") || "nobody yet"}; ${opened}.\n`);
    return;
  }
  outside.write(problems.map(({ file, problem }) => `${file}: ${problem}\n`).join(""));
  throw new Refusal(
    EXIT.failed,
    `${problems.length} of ${files} files are not in order.\n  add-recipient with an admin who is listed already encrypts those anew that have other recipients.`,
  );
}
