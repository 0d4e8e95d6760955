import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Refusal } from "../../../ops/refusal.ts";
import { command } from "../../../ops/secrets/command.ts";
import { plannedHost } from "../ssh/fake-hosts.ts";

const SECRET = "correct-horse-battery-staple";
const need = (name: string, awaited = true) => ({
  service: "wiki",
  name,
  place: `wiki/${name}`,
  what: `the ${name}`,
  awaited,
});
const HOSTS = [plannedHost("web-01", {}, { secrets: [need("password"), need("token"), need("later", false)] })];

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "secrets-"));
});
afterEach(() => rmSync(project, { recursive: true }));

interface Admin {
  readonly recipient: string;
  readonly file: string;
}

async function admin(name: string): Promise<Admin> {
  const identity = await generateX25519Identity();
  const file = join(project, `${name}-identity`);
  writeFileSync(file, `# ${name}\n${identity}\n`, { mode: 0o600 });
  return { recipient: await identityToRecipient(identity), file };
}

/** What the command prints; of one that refuses, its message. */
async function secrets(who: Admin | undefined, args: string, input = ""): Promise<string> {
  let out = "";
  const run = command({
    environment: { AGE_IDENTITY_FILE: who?.file ?? join(project, "none") },
    input: (async function* () {
      yield input;
    })(),
    write: (text) => {
      out += Buffer.from(text).toString();
    },
    plan: () => ({ directory: project, estate: { name: "small" }, hosts: HOSTS }),
  });
  try {
    await run.parseAsync(args.split(" "), { from: "user" });
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    out += cause.message;
  }
  return out;
}

async function alone(): Promise<Admin> {
  const alice = await admin("alice");
  await secrets(alice, `add-recipient alice ${alice.recipient}`);
  return alice;
}

const sealed = (name: string) => join(project, "secrets/small/wiki", `${name}.age`);

describe("a secret", () => {
  test("is created from standard input, and read by its recipients alone", async () => {
    const [alice, mallory] = [await alone(), await admin("mallory")];
    expect(await secrets(alice, "create wiki password", `${SECRET}\n`)).toContain("ops converge web-01");
    expect(readFileSync(sealed("password"), "utf8")).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    expect(await secrets(alice, "show wiki password --reveal")).toBe(`${SECRET}\n`);
    expect(await secrets(mallory, "show wiki password --reveal")).toContain("cannot be decrypted with your identity");
  });

  test("is not printed by anything that does not ask for it, and lies nowhere in the clear", async () => {
    const [alice, bob] = [await alone(), await admin("bob")];
    const said = [
      await secrets(alice, "create wiki password", `${SECRET}\n`),
      await secrets(alice, "create wiki password", `${SECRET}\n`),
      await secrets(alice, "list"),
      await secrets(alice, "show wiki password"),
      await secrets(alice, `add-recipient bob ${bob.recipient}`),
      await secrets(alice, "check"),
      await secrets(alice, "remove-recipient bob"),
      await secrets(alice, "rotate wiki password", `${SECRET}\n`),
    ];
    expect(said.join("")).not.toContain(SECRET);
    for (const entry of readdirSync(project, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name), "utf8")).not.toContain(SECRET);
  });

  test("can be random, another one each time", async () => {
    const alice = await alone();
    await secrets(alice, "create wiki password --generate");
    const first = await secrets(alice, "show wiki password --reveal");
    expect(first).toMatch(/^[\w-]{43}\n$/);
    expect(await secrets(alice, "rotate wiki password --generate")).toContain("old value stays in the repository");
    expect(await secrets(alice, "show wiki password --reveal")).not.toBe(first);
  });

  test("keeps its bytes, whatever they are", async () => {
    const alice = await alone();
    await secrets(alice, "create wiki password", "-----BEGIN KEY-----\n\nÄ \n\n");
    expect(await secrets(alice, "show wiki password --reveal")).toBe("-----BEGIN KEY-----\n\nÄ \n\n");
  });

  test("is created under names that a service has asked for, once, and not empty", async () => {
    const alice = await alone();
    expect(await secrets(alice, "create wiki pasword", "x")).toContain("No service needs wiki pasword");
    expect(await secrets(alice, "create ../../../etc passwd", "x")).toContain("No service needs");
    expect(await secrets(alice, "create wiki password", "\n")).toContain("The value is empty");
    await secrets(alice, "create wiki password", "one");
    expect(await secrets(alice, "create wiki password", "two")).toContain("is there already");
    expect(await secrets(alice, "show wiki password --reveal")).toBe("one");
    expect(await secrets(alice, "show ../small/wiki password")).toContain("There is no secret");
  });

  test("needs a recipient first", async () => {
    expect(await secrets(undefined, "create wiki password", "x")).toContain("there are no recipients yet");
    expect(existsSync(sealed("password"))).toBe(false);
  });
});

test("what hosts need and lack is listed, apart from what no file of a role waits for, and what nobody needs", async () => {
  const alice = await alone();
  await secrets(alice, "create wiki password", "x");
  writeFileSync(sealed("old"), readFileSync(sealed("password")));
  const lines = (await secrets(alice, "list")).split("\n").map((line) => line.split(/ {2,}/));
  expect(lines.slice(0, 4)).toEqual([
    ["web-01", "wiki", "password", "there", "the password"],
    ["web-01", "wiki", "token", "MISSING", "the token"],
    ["web-01", "wiki", "later", "missing, not awaited yet", "the later"],
    ["-", "wiki", "old", "not needed"],
  ]);
  expect(await secrets(alice, "remove wiki password")).toContain("needs password");
  expect(await secrets(alice, "remove wiki old")).toContain("is removed");
});

describe("recipients", () => {
  test("who join read everything, also what was there before", async () => {
    const [alice, bob] = [await alone(), await admin("bob")];
    await secrets(alice, "create wiki password", "one");
    expect(await secrets(alice, `add-recipient bob ${bob.recipient}`)).toContain("Encrypted anew: 1");
    expect(await secrets(bob, "show wiki password --reveal")).toBe("one");
    expect(await secrets(bob, "check")).toBe(
      "1 files, encrypted for alice, bob; each was opened with your identity.\n",
    );
  });

  test("who leave cannot read what is written from then on, and it is said what they have read", async () => {
    const [alice, bob] = [await alone(), await admin("bob")];
    await secrets(alice, `add-recipient bob ${bob.recipient}`);
    await secrets(alice, "create wiki password", "one");
    const said = await secrets(alice, "remove-recipient bob");
    expect(said).toContain("Encrypted anew: 1");
    expect(said).toContain("bob has been able to read every value so far");
    expect(said).toContain("ops secrets rotate wiki password");
    expect(await secrets(bob, "show wiki password --reveal")).toContain("cannot be decrypted");
    expect(await secrets(alice, "remove-recipient alice")).toContain("is the last recipient");
  });

  test("change nothing when one of the files cannot be decrypted", async () => {
    const [alice, bob] = [await alone(), await admin("bob")];
    await secrets(alice, "create wiki password", "one");
    await secrets(alice, "create wiki token", "two");
    const before = readFileSync(sealed("password"), "utf8");
    writeFileSync(
      sealed("token"),
      readFileSync(sealed("token"), "utf8").replace(/.{20}(?=\n-----END)/, "A".repeat(20)),
    );
    expect(await secrets(alice, `add-recipient bob ${bob.recipient}`)).toContain("cannot be decrypted");
    expect(readFileSync(sealed("password"), "utf8")).toBe(before);
    expect(await secrets(alice, "check")).toContain("token.age");
  });

  test("that a file lacks, or has too many of, are found by check, and put right by adding once more", async () => {
    const [alice, bob] = [await alone(), await admin("bob")];
    await secrets(alice, "create wiki password", "one");
    await secrets(alice, "create wiki token", "two");
    const old = readFileSync(sealed("token"), "utf8");
    await secrets(alice, `add-recipient bob ${bob.recipient}`);
    const both = readFileSync(sealed("password"), "utf8");
    writeFileSync(sealed("token"), old);
    expect(await secrets(undefined, "check")).toContain("secrets/small/wiki/token.age: it is not encrypted for bob\n");
    expect(await secrets(alice, `add-recipient bob ${bob.recipient}`)).toContain("Encrypted anew: 1");
    await secrets(alice, "remove-recipient bob");
    writeFileSync(sealed("password"), both);
    expect(await secrets(alice, "check")).toContain("also encrypted for 1 who is not listed");
  });

  test("are keys of age: others are refused by their name", async () => {
    for (const key of ["ssh-ed25519", "age1qqq", "AGE-SECRET-KEY-1AAAA", "age1yubikey1q0"])
      expect(await secrets(undefined, `add-recipient bob ${key}`)).toContain("is no age recipient");
  });
});

describe("an identity", () => {
  test("is made once, readable by its owner alone, and its public half printed", async () => {
    const file = join(project, "home/identity");
    const first = await secrets(undefined, `identity --identity ${file}`);
    expect(first).toMatch(/^age1[0-9a-z]{58}\n$/);
    expect(await secrets(undefined, `identity --identity ${file}`)).toBe(first);
  });

  test("that others can read is refused", async () => {
    const alice = await alone();
    await secrets(alice, "create wiki password", "one");
    chmodSync(alice.file, 0o644);
    expect(await secrets(alice, "show wiki password --reveal")).toContain("can be read by others on this machine");
  });
});
