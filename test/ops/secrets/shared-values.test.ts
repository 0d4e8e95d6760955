import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { estates } from "../../../estates/estates.ts";
import { parseSettings } from "../../../model/parse-settings.ts";
import { hostSecrets } from "../../../ops/converge/host-secrets.ts";
import { chosen, type PlannedHost, plannedHosts } from "../../../ops/host-plan/planned-hosts.ts";
import { Refusal } from "../../../ops/refusal.ts";
import { command } from "../../../ops/secrets/command.ts";
import { identities } from "../../../ops/secrets/identity.ts";
import { SecretStore } from "../../../ops/secrets/secret-store.ts";

const { config } = parse(readFileSync(join(import.meta.dirname, "../../../rehearsal/settings/examples.yaml"), "utf8"));
const SETTINGS = {
  ...config,
  estate: "openwrt",
  extraWorkers: 1,
  donatedWorkers: [{ name: "donor-01", ipv4: "198.51.100.77", owner: "Example University" }],
  storageBoxPassword: "Only-For-Tests-1",
};

let project: string;
let hosts: readonly PlannedHost[];
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "shared-"));
  const { estate, settings } = parseSettings(SETTINGS, estates);
  hosts = plannedHosts({ estate, settings, directory: project });
});
afterEach(() => rmSync(project, { recursive: true }));

const store = () => new SecretStore(project, "openwrt");
const identity = () => join(project, "identity");

async function secrets(args: string, input = ""): Promise<string> {
  if (!existsSync(identity())) {
    const own = await generateX25519Identity();
    writeFileSync(identity(), `${own}\n`, { mode: 0o600 });
    await store().encryptFor([{ name: "alice", key: await identityToRecipient(own) }], []);
  }
  let out = "";
  const run = command({
    environment: { AGE_IDENTITY_FILE: identity() },
    input: (async function* () {
      yield input;
    })(),
    write: (text) => {
      out += Buffer.from(text).toString();
    },
    plan: () => ({ directory: project, estate: { name: "openwrt" }, hosts }),
  });
  try {
    await run.parseAsync(args.split(" "), { from: "user" });
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    out += cause.message;
  }
  return out;
}

/** What a host gets as one of its secrets, where nothing else is missing; by user, or alone. */
async function delivered(host: string, place: string): Promise<Record<string, string>> {
  const [planned] = chosen(hosts, [host]);
  if (!planned) throw new Error(host);
  const only = { ...planned, secrets: planned.secrets.filter((secret) => secret.place === place) };
  const values = await hostSecrets(only, store(), () => identities(identity()));
  const text = Buffer.from(values.get(place) ?? "").toString();
  expect(text).toMatch(/\n$/);
  const lines = text.trimEnd().split("\n");
  return Object.fromEntries(lines.map((line) => (line.includes(":") ? line.split(":", 2) : ["", line])));
}

describe("a value that several services know", () => {
  test("is made once, and is the same wherever it is delivered", async () => {
    await secrets("create-shared");
    const atMaster = await delivered("services-01", "buildbot-master/worker-passwords");
    expect(Object.keys(atMaster)).toEqual(["build-01", "build-02", "donor-01"]);
    for (const host of ["build-01", "build-02"])
      expect(await delivered(host, "buildbot-worker/worker-password")).toEqual({ "": atMaster[host] });
    const uploads = await delivered("downloads-01", "downloads/upload-passwords");
    const { sources, ...branches } = uploads;
    expect(sources).toMatch(/^[\w-]{43}$/);
    expect(await delivered("services-01", "buildbot-master/upload-passwords")).toEqual(branches);
    expect(Object.keys(branches)).toContain("19.07");
    const values = [...Object.values(atMaster), ...Object.values(uploads)];
    expect(new Set(values).size).toBe(values.length);
    expect(await secrets("create-shared")).toBe("Every shared value is there.\n");
  });

  test("is rotated once for both sides, and it is said who must learn it first", async () => {
    await secrets("create-shared");
    const before = await delivered("services-01", "buildbot-master/worker-passwords");
    const said = await secrets("rotate shared worker-build-02 --generate");
    expect(said).toContain("then: ops converge services-01 build-02\n");
    expect(said).toContain("In this order: services-01 must know it before build-02 presents it.");
    const after = await delivered("services-01", "buildbot-master/worker-passwords");
    expect(after["build-02"]).not.toBe(before["build-02"]);
    expect({ ...after, "build-02": "" }).toEqual({ ...before, "build-02": "" });
    expect(await delivered("build-02", "buildbot-worker/worker-password")).toEqual({ "": after["build-02"] });
    expect(await secrets("rotate shared upload-19.07 --generate")).toContain("ops converge downloads-01 services-01\n");
  });

  test("that only somebody else's machine presents is to be given to its owner", async () => {
    await secrets("create-shared");
    const said = await secrets("rotate shared worker-donor-01 --generate");
    expect(said).toContain("then: ops converge services-01\n");
    expect(said).toContain("over a safe channel: ops secrets show shared worker-donor-01 --reveal");
    const { "donor-01": atMaster } = await delivered("services-01", "buildbot-master/worker-passwords");
    expect(await secrets("show shared worker-donor-01 --reveal")).toBe(`${atMaster}\n`);
  });

  test("is listed with everyone who knows it, and removed once nobody does", async () => {
    expect(await secrets("list")).toMatch(/^- +shared +worker-build-01 +MISSING +presented by build-01 /m);
    await secrets("create-shared");
    expect(await secrets("list")).toMatch(
      /^- +shared +worker-build-01 +there +presented by build-01 \(worker-password\), checked by services-01 \(worker-passwords\)$/m,
    );
    expect(await secrets("list")).toMatch(/^services-01 +buildbot +worker-passwords +there/m);
    expect(await secrets("remove shared worker-build-01")).toContain(
      "worker-01 on build-01, buildbot on services-01 needs",
    );
    hosts = chosen(hosts, ["services-01", "downloads-01"]).map((host) => ({ ...host, secrets: [] }));
    expect(await secrets("list")).toMatch(/^- +shared +worker-build-01 +not needed$/m);
    expect(await secrets("remove shared worker-build-01")).toContain("is removed");
  });

  test("is one word of a line, as it becomes a part of others' files", async () => {
    for (const bad of ["two words", "two\nlines\n", "ünicode"])
      expect(await secrets("create shared worker-build-01", bad)).toContain("is not one word");
    expect(store().has({ service: "shared", name: "worker-build-01" })).toBe(false);
    await secrets("create shared worker-build-01", "given\n");
    expect(await delivered("build-01", "buildbot-worker/worker-password")).toEqual({ "": "given" });
  });
});

test("what is made of shared values has no file of its own: the values are named instead", async () => {
  await secrets("create-shared");
  for (const args of [
    "create buildbot worker-passwords",
    "rotate buildbot worker-passwords",
    "show worker-01 worker-password",
  ])
    expect(await secrets(args, "x")).toMatch(
      /is made of values that other services know too[\s\S]*shared worker-build-01/,
    );
});

test("a host that lacks one is told the command that makes it", async () => {
  await secrets("list");
  const [worker] = chosen(hosts, ["build-01"]);
  await expect(hostSecrets(worker!, store(), () => [])).rejects.toThrow(
    "ops secrets create-shared    # worker-01 worker-password: worker-build-01\n",
  );
});

test("a secret whose name has a dot, as branches have, can be rotated", async () => {
  await secrets("create buildbot signing-key-19.07", "one");
  expect(await secrets("rotate buildbot signing-key-19.07", "two")).toContain("has another value");
});

test("no service may be named as the folder of shared values", () => {
  const { estate, settings } = parseSettings(SETTINGS, estates);
  const { wiki, ...others } = estate.services;
  const named = { ...estate, services: { ...others, shared: wiki! } };
  expect(() => plannedHosts({ estate: named, settings, directory: project })).toThrow(
    /^wiki-01: a service is named shared/,
  );
});

test("hosts are converged in the order in which they are named", () => {
  expect(chosen(hosts, ["services-01", "build-01", "services-01"]).map(({ key }) => key)).toEqual([
    "services-01",
    "build-01",
  ]);
});
