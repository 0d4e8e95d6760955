import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { command, type Surroundings } from "../../../ops/roll/command.ts";
import { type FakeRollingClouds, fakeRollingClouds } from "./fake-rolling-clouds.ts";

const PROJECT = join(import.meta.dirname, "../../..");
const EXAMPLES = parse(readFileSync(join(PROJECT, "rehearsal/settings/examples.yaml"), "utf8")).config;
const BACKUP = ["--last-backup", "2026-11-21T03:17Z"];

let clouds: FakeRollingClouds;
let folder: string;
let converged: string[][];
let convergeExit: number;

beforeEach(async () => {
  clouds = await fakeRollingClouds();
  folder = mkdtempSync(join(tmpdir(), "roll-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: foss-infra\n");
  writeFileSync(
    join(folder, "Pulumi.prod.yaml"),
    stringify({ config: { estate: "openwrt", storageBoxPassword: { secure: "v1:x" }, ...EXAMPLES } }),
  );
  converged = [];
  convergeExit = 0;
});
afterEach(async () => {
  await clouds.close();
  rmSync(folder, { recursive: true, force: true });
});

async function roll(args: readonly string[], given: Partial<Surroundings> = {}) {
  let output = "";
  const program = command({
    environment: clouds.environment,
    write: (text) => {
      output += text;
    },
    ask: undefined,
    now: () => new Date("2026-11-21T12:00Z"),
    patience: { attempts: 3, timeout: 5, longestPause: 60, pause: async () => {} },
    connect: async () => true,
    converge: async (args) => {
      converged.push([...args]);
      return convergeExit;
    },
    ...given,
  })
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  process.exitCode = undefined;
  try {
    await program.parseAsync([...args, "--cwd", folder], { from: "user" });
    return { exit: Number(process.exitCode ?? 0), output };
  } catch (error) {
    const { exit, message } = error as { exit?: number; message: string };
    return { exit: exit ?? 2, output: output + message };
  } finally {
    process.exitCode = undefined;
  }
}

const journalFile = (host = "downloads-01") => join(folder, ".cache/roll/prod", `${host}.json`);
const writes = () => clouds.writes.map((write) => write.split("/").at(-1));
const start = (...more: string[]) => roll(["downloads-01", ...BACKUP, "--yes", ...more]);

describe("a Hetzner server", () => {
  test("is rebuilt with today's image and user data, unprotected only meanwhile, then converged with its new key", async () => {
    const { exit, output } = await start("--user", "alice", "--accept-fingerprint", "SHA256:abc");
    expect(output).toContain("debian-12 → debian-13");
    expect(exit).toBe(0);
    expect(writes()).toEqual(["change_protection", "rebuild", "change_protection"]);
    expect(clouds.server.protection).toEqual({ delete: true, rebuild: true });
    expect(clouds.rebuilds).toEqual([
      { image: "debian-13", user_data: expect.stringMatching(/^#cloud-config\n# downloads-01/) },
    ]);
    expect(converged[0]).toEqual(
      expect.arrayContaining(["downloads-01", "--repin", "--user", "alice", "--accept-fingerprint", "--yes"]),
    );
    expect(existsSync(journalFile())).toBe(false);
    expect(output).not.toContain("zCWbFhnu950dUTko5f40");
  });

  test("that was not protected does not become so", async () => {
    clouds.server.protection = { delete: false, rebuild: false };
    expect((await start()).exit).toBe(0);
    expect(writes()).toEqual(["rebuild"]);
  });
});

test("a droplet is rebuilt from its image; today's configuration comes by converging", async () => {
  const { exit, output } = await roll(["wiki-01", ...BACKUP, "--yes"]);
  expect(output).toContain("user data of the droplet's creation");
  expect(exit).toBe(0);
  expect(clouds.rebuilds).toEqual([{ type: "rebuild", image: "debian-13-x64" }]);
  expect(converged).toHaveLength(1);
});

test("a droplet whose rebuild got no answer, and then fails, is not rebuilt twice at once", async () => {
  clouds.fail("POST /v2/droplets/4242/actions", { status: 504, afterwards: true });
  clouds.rebuild.ends = "error";
  expect((await roll(["wiki-01", ...BACKUP, "--yes"])).output).toContain("may be running all the same");
  const { exit, output } = await roll(["wiki-01", "--yes"]);
  expect(output).toContain("The rebuild failed");
  expect(exit).toBe(1);
  expect(clouds.rebuilds).toHaveLength(1);
  expect(converged).toEqual([]);
});

test("converging begins when SSH answers at the host's address", async () => {
  const asked: string[] = [];
  const pauses: number[] = [];
  const { exit } = await roll(["downloads-01", ...BACKUP, "--yes", "--address", "downloads-01=192.0.2.12"], {
    connect: async (address, port) => {
      asked.push(`${address}:${port}`);
      return asked.length > 2;
    },
    patience: { attempts: 1, timeout: 5, longestPause: 60, pause: async (seconds) => void pauses.push(seconds) },
  });
  expect(exit).toBe(0);
  expect(asked).toEqual(Array(3).fill("192.0.2.12:22"));
  expect(pauses.filter((seconds) => seconds === 10)).toHaveLength(2);
  expect(converged).toHaveLength(1);
});

describe("nothing is done", () => {
  afterEach(() => {
    expect(clouds.writes).toEqual([]);
    expect(converged).toEqual([]);
    expect(existsSync(journalFile())).toBe(false);
  });

  test("by --dry-run, which shows what would be", async () => {
    const { exit, output } = await roll(["downloads-01", "--dry-run"]);
    expect(output).toMatch(/kept {8}addresses, firewall, volume downloads-01-data \(600 GB\)/);
    expect(output).toMatch(/This would be refused: downloads-01 has \d+ backups/);
    expect(exit).toBe(0);
  });

  test.each([
    ["nobody is there to agree", [...BACKUP], {}, /Give --yes/, 2],
    ["somebody says no", [...BACKUP], { ask: async () => false }, /Cancelled/, 8],
    ["nobody says how old the backup is", ["--yes"], {}, /nobody says when/, 2],
    ["the backup is too old", ["--yes", "--last-backup", "2026-11-19T03:00Z"], {}, /57 hours old; allowed are 26/, 2],
    ["the backup is from the future", ["--yes", "--last-backup", "2027-01-01T00:00Z"], {}, /in the future/, 2],
    ["a time has no zone", ["--yes", "--last-backup", "2026-11-21T03:17"], {}, /with its zone/, 2],
    ["the token is missing", [...BACKUP, "--yes"], { environment: {} }, /HCLOUD_TOKEN is not set/, 2],
    [
      "the stack's outputs can't be read",
      [...BACKUP, "--yes", "--outputs", "none.json"],
      {},
      /Cannot use none.json/,
      2,
    ],
    ["nothing was begun that could be abandoned", ["--abandon"], {}, /nothing to abandon/, 2],
  ] as const)("when %s", async (_, args, given, words, code) => {
    const { exit, output } = await roll(["downloads-01", ...args], given);
    expect(output).toMatch(words);
    expect(exit).toBe(code);
  });

  test("for a host that is none", async () => {
    const { exit, output } = await roll(["download-01", "--yes"]);
    expect(output).toContain("Allowed: build-01");
    expect(exit).toBe(2);
  });

  test("with an image that the cloud gives up or no longer has", async () => {
    clouds.images.hetzner[0]!.deprecated = "2026-10-01T00:00:00+00:00";
    expect((await start()).output).toContain("gives up debian-13 (2026-10-01");
    clouds.images.hetzner.length = 0;
    expect((await start()).output).toContain("no image debian-13 for x86");
  });

  test("with a project that has no such server", async () => {
    clouds.server.name = "another";
    expect((await start()).output).toContain("0 servers called downloads-01");
  });

  test("while another action runs on it", async () => {
    clouds.server.locked = true;
    expect((await start()).output).toContain("locked");
  });

  test("by a token that may only read", async () => {
    const denied = { error: { code: "token_readonly", message: "token is only allowed to perform read requests" } };
    clouds.fail("change_protection", { status: 403, body: denied });
    const { exit, output } = await start();
    expect(output).toContain("May HCLOUD_TOKEN write?");
    expect(exit).toBe(1);
    expect((await roll(["downloads-01", "--abandon"])).exit).toBe(0);
    clouds.writes.length = 0;
  });
});

describe("a roll that stops", () => {
  test("because the rebuild is refused puts the protection back, and can be tried again", async () => {
    clouds.fail("/rebuild", { status: 412, body: { error: { code: "resource_unavailable", message: "no capacity" } } });
    const { exit, output } = await start();
    expect(output).toMatch(/no capacity[\s\S]*protection is back/);
    expect(exit).toBe(1);
    expect(clouds.server.protection.rebuild).toBe(true);
    expect((await roll(["downloads-01", "--yes"])).exit).toBe(0);
    expect(clouds.rebuilds).toHaveLength(1);
  });

  test("without an answer to the rebuild does not rebuild twice", async () => {
    clouds.fail("/rebuild", { status: 0, afterwards: true });
    const { exit, output } = await start();
    expect(output).toContain("may be running all the same, and the protection is lifted");
    expect(exit).toBe(1);
    const again = await roll(["downloads-01", "--yes"]);
    expect(again.output).toContain("going on with the roll to debian-13");
    expect(again.exit).toBe(0);
    expect(clouds.rebuilds).toHaveLength(1);
    expect(clouds.server.protection.rebuild).toBe(true);
  });

  test("before the rebuild was heard sends it again, and takes no older rebuild for its own", async () => {
    clouds.fail("/rebuild", { status: 502 });
    expect((await start()).exit).toBe(1);
    expect(clouds.rebuilds).toHaveLength(0);
    expect((await roll(["downloads-01", "--yes"])).exit).toBe(0);
    expect(clouds.rebuilds).toHaveLength(1);
  });

  test("because the cloud's rebuild failed is protected, says so, and rebuilds anew", async () => {
    clouds.rebuild.ends = "error";
    const { exit, output } = await start();
    expect(output).toMatch(/The rebuild failed: no disk/);
    expect(exit).toBe(1);
    expect(clouds.server.protection.rebuild).toBe(true);
    clouds.rebuild.ends = "success";
    expect((await roll(["downloads-01", "--yes"])).exit).toBe(0);
    expect(clouds.rebuilds).toHaveLength(2);
  });

  test("while the rebuild runs goes on waiting, and can't be abandoned meanwhile", async () => {
    clouds.rebuild.looks = 1000;
    expect((await start()).output).toContain("still runs, and its protection is lifted");
    const { exit, output } = await roll(["downloads-01", "--abandon"]);
    expect(output).toContain("can't be called back");
    expect(exit).toBe(1);
    const again = await roll(["downloads-01", "--yes"]);
    expect(again.output).toContain("next: wait for the rebuild");
    expect(clouds.rebuilds).toHaveLength(1);
  });

  test("because the protection can't be put back says so, and does that next", async () => {
    clouds.fail("change_protection", { status: 500, onceRebuilding: true });
    const { exit, output } = await start();
    expect(output).toContain("The protection could not be put back");
    expect(exit).toBe(1);
    expect(clouds.server.protection.rebuild).toBe(false);
    const again = await roll(["downloads-01", "--yes"]);
    expect(again.output).toContain("next: protect it again");
    expect(again.exit).toBe(0);
    expect(clouds.rebuilds).toHaveLength(1);
    expect(clouds.server.protection.rebuild).toBe(true);
  });

  test("because converging failed only converges the next time", async () => {
    convergeExit = 1;
    const { exit, output } = await start();
    expect(output).toContain("it only converges");
    expect(exit).toBe(1);
    expect(clouds.server.protection.rebuild).toBe(true);
    clouds.writes.length = 0;
    convergeExit = 0;
    expect((await roll(["downloads-01", "--yes"])).exit).toBe(0);
    expect(clouds.writes).toEqual([]);
    expect(converged).toHaveLength(2);
    expect(existsSync(journalFile())).toBe(false);
  });

  test("goes on only with the machine that it began with", async () => {
    convergeExit = 1;
    await start();
    clouds.server.id = 43;
    const { exit, output } = await roll(["downloads-01", "--yes"]);
    expect(output).toContain("another machine of this name (42, now 43)");
    expect(exit).toBe(1);
  });

  test("asks again before it goes on", async () => {
    convergeExit = 1;
    await start();
    expect((await roll(["downloads-01"])).output).toContain("Give --yes");
    expect(converged).toHaveLength(1);
  });

  test("and left a record that nobody understands is not guessed at", async () => {
    convergeExit = 1;
    await start();
    writeFileSync(journalFile(), '{"version": 2}');
    expect((await roll(["downloads-01", "--yes"])).output).toContain(
      "no record of a roll that this version understands",
    );
  });
});

test("a request that the cloud could not take yet is sent again", async () => {
  clouds.fail("change_protection", { status: 423, body: { error: { code: "locked", message: "server is locked" } } });
  clouds.fail("GET /v1/servers", { status: 503 });
  expect((await start()).exit).toBe(0);
  expect(clouds.rebuilds).toHaveLength(1);
});
