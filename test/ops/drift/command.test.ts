import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { command } from "../../../ops/drift/command.ts";
import { exampleClouds } from "../listings/example-clouds.ts";
import { type CloudContent, type FakeClouds, fakeClouds } from "../listings/fake-clouds.ts";

const fixture = (name: string) => join(import.meta.dirname, "../fixtures/drift", name);
const ourDs = `42 13 2 ${"aa".repeat(32)}`;
let folder = "";
let clouds: FakeClouds | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drift-"));
});
afterEach(async () => {
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
  await clouds?.close();
  clouds = undefined;
});

async function drift(args: string[], { content = exampleClouds, parent = [ourDs] as string[] | Error } = {}) {
  clouds ??= await fakeClouds(content);
  let text = "";
  const resolveDs = async () => (parent instanceof Error ? Promise.reject(parent) : parent);
  const write = (more: string) => {
    text += more;
  };
  await command({ environment: clouds.environment, resolveDs, write })
    .exitOverride()
    .parseAsync(args, { from: "user" });
  return { text, exit: process.exitCode };
}

/** The clouds without what the fixture's state does not know. */
function onlyManaged(): CloudContent {
  const ids = new Set(readFileSync(fixture("real-clean.json"), "utf8").match(/(?<="id": ")[^"]+/g));
  const known = (all: readonly object[] | object | undefined) =>
    Array.isArray(all) ? all.filter((thing: { id: string | number }) => ids.has(String(thing.id))) : (all ?? []);
  const zone = Object.keys(exampleClouds.cloudflare ?? {});
  return {
    hetzner: { servers: known(exampleClouds.hetzner?.["servers"]) as object[] },
    cloudflare: Object.fromEntries(zone.map((path) => [path, known(exampleClouds.cloudflare?.[path])])),
  };
}

describe("ops drift", () => {
  it.each([
    ["real-clean.json", 0],
    ["real-drift.json", 7],
    ["real-all-gone.json", 1],
    ["program-failure.json", 1],
  ])("ends for %s with exit code %i", async (name, exit) => {
    expect((await drift([fixture(name)])).exit).toBe(exit);
  });

  it("asks no cloud and no name server unless --list says so", async () => {
    await drift([fixture("real-drift.json")], { parent: new Error("asked") });
    expect(clouds?.requests).toEqual([]);
  });

  it("refuses what contradicts itself", async () => {
    await expect(drift([fixture("real-clean.json"), "--json", "--markdown"])).rejects.toMatchObject({ exit: 2 });
    await expect(drift([fixture("real-clean.json"), "--dry-run"])).rejects.toMatchObject({ exit: 2 });
    await expect(drift([join(folder, "none.json")])).rejects.toMatchObject({ exit: 1 });
  });
});

describe("ops drift --list", () => {
  const clean = fixture("real-clean.json");

  it("is clean when the clouds hold nothing else and the parent has our DS record", async () => {
    const { text, exit } = await drift([clean, "--list"], { content: onlyManaged() });
    expect(text).toContain("nothing unmanaged");
    expect(exit).toBe(0);
  });

  it("names to maintainers what no state knows, with its id", async () => {
    const { text, exit } = await drift([clean, "--list", "--markdown"]);
    expect(exit).toBe(7);
    expect(text).toContain("- Hetzner `Server` `forgotten` (`900`)");
    expect(text).toContain("- DigitalOcean `ReservedIp` `198.51.100.41`");
    expect(text).toContain("`example.org MX mail.example.net`");
    expect(text).not.toContain("Hetzner `Server` `git`");
    expect(clouds?.writes).toEqual([]);
  });

  it.each([["--markdown"], ["--json"]])("only counts it in public (%s)", async (form) => {
    const { text } = await drift([clean, "--list", "--public", form]);
    expect(text).toMatch(form === "--json" ? /"unmanaged": \d+/ : /- 1 × Hetzner Server/);
    for (const secret of ["forgotten", "900", "198.51.100.41", "mail.example.net", "old.example.net"])
      expect(text).not.toContain(secret);
  });

  it("takes for managed what the state of another stack knows", async () => {
    const file = join(folder, "other.json");
    const server = { type: "hcloud:index/server:Server", id: "900", custom: true, urn: "urn:x" };
    writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources: [server] } }));
    const { text } = await drift([clean, "--list", "--state", file]);
    expect(text).not.toContain("forgotten");
    expect(text).toContain("198.51.100.41");
    writeFileSync(file, "{}");
    await expect(drift([clean, "--list", "--state", file])).rejects.toThrow(/no exported state: at deployment/);
  });

  it("leaves the records of a zone that nobody manages to their owner", async () => {
    const foreign = { id: "f".repeat(32), name: "example.net" };
    const content: CloudContent = {
      ...exampleClouds,
      cloudflare: {
        ...exampleClouds.cloudflare,
        zones: [...((exampleClouds.cloudflare?.["zones"] ?? []) as object[]), foreign],
        [`zones/${foreign.id}/dns_records`]: [
          { id: "e".repeat(32), name: "private.example.net", type: "A", content: "192.0.2.1" },
        ],
      },
    };
    const { text } = await drift([clean, "--list"], { content });
    expect(text).toContain(`Cloudflare Zone example.net (${foreign.id})`);
    expect(text).not.toContain("private.example.net");
  });

  it("finds a DS record at the parent that is not ours", async () => {
    const { text, exit } = await drift([clean, "--list"], { content: onlyManaged(), parent: ["1 8 2 00"] });
    expect(text).toMatch(/example\.org: the parent's DS record \(1 8 2 00\) is not ours/);
    expect(exit).toBe(7);
  });

  it("is broken, not clean, when no name server answers", async () => {
    const { text, exit } = await drift([clean, "--list"], { content: onlyManaged(), parent: new Error("no answer") });
    expect(text).toContain("example.org could not be looked up: no answer");
    expect(exit).toBe(1);
  });

  it("does not list the clouds when the credentials are in doubt", async () => {
    expect((await drift([fixture("real-all-gone.json"), "--list"])).exit).toBe(1);
    expect(clouds?.requests).toEqual([]);
  });
});
