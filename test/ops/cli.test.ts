import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixturePath, fixtureText } from "./fixture.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ops-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function ops(args: readonly string[], input = "", environment: Record<string, string> = {}) {
  const env = {
    PATH: process.env["PATH"] ?? "",
    NODE_COMPILE_CACHE: join(tmpdir(), "ops-test-compile-cache"),
    ...environment,
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "ops/cli.ts"), ...args], {
    input,
    env,
    cwd: ROOT,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("ops", () => {
  it("lists its commands, and loads none for that", () => {
    const { status, stdout } = ops([]);
    expect(status).toBe(0);
    for (const name of ["review", "digest", "cost", "drift", "adopt"]) expect(stdout).toContain(`\n  ${name} `);
  });

  it.each(["review", "digest", "cost"])("%s explains itself with examples and exit codes", (name) => {
    const { status, stdout } = ops([name, "--help"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Examples\n[\s\S]*Exit codes\n/);
    expect(ops(["help", name]).stdout).toBe(stdout);
  });

  it.each([
    [["revue"], /unknown command 'revue'/],
    [["review"], /missing required argument/],
    [["review", "a.json", "b.json"], /too many arguments/],
    [["cost", "--extra-workers", "two"], /a whole number/],
    [["cost", "--stack", "nowhere"], /no stack "nowhere"/],
    [["digest", fixturePath("cli-changes.json"), "--expect", "abc"], /--expect abc is no digest/],
    [["digest", fixturePath("cli-changes.json"), "--key-file", "/nowhere/key"], /Cannot read the key file/],
  ])("ends with 2 for %j", (args, message) => {
    const { status, stderr, stdout } = ops(args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe("ops review", () => {
  it.each([
    ["rehearsed-two-workers.json", 0],
    ["cli-clean.json", 0],
    ["providers-changes.json", 10],
    ["providers-removals-protected.json", 1],
  ])("ends for %s with %i and writes the comment", (name, exit) => {
    const output = join(folder, `${name}.md`);
    const { status, stdout } = ops(["review", fixturePath(name), "--output", output, "--title", "pull request"]);
    expect(status).toBe(exit);
    expect(stdout).toBe("");
    expect(readFileSync(output, "utf8")).toMatch(/^<!-- ops review of prod -->\n\n### .* – `pull request`\n/);
  });

  it("reads standard input, and writes nothing for a file that cannot be read", () => {
    expect(ops(["review", "-"], fixtureText("cli-clean.json")).stdout).toContain("✅ No changes");
    const output = join(folder, "none.md");
    const { status, stderr } = ops(["review", "-", "--output", output], fixtureText("cli-clean.json").slice(0, 200));
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error {2}standard input is cut off/);
    expect(existsSync(output)).toBe(false);
    expect(readdirSync(folder).filter((file) => file.endsWith(".part"))).toEqual([]);
  });
});

describe("ops digest", () => {
  it("waits for a slow Node process at the other end of the pipe", () => {
    const [node, cli] = [process.execPath, join(ROOT, "ops/cli.ts")];
    // The text comes in two pieces, the first of them only once the reader waits.
    const slow = `const text = require("node:fs").readFileSync(process.argv[1], "utf8"); setTimeout(() => process.stdout.write(text.slice(0, 500)), 900); setTimeout(() => process.stdout.write(text.slice(500)), 1100);`;
    const plan = fixturePath("cli-changes.json");
    const { stdout, stderr } = spawnSync(
      "sh",
      ["-c", '"$0" -e "$1" "$2" | "$0" "$3" digest -', node, slow, plan, cli],
      {
        encoding: "utf8",
      },
    );
    expect(stderr).toBe("");
    expect(stdout).toBe(ops(["digest", plan]).stdout);
  });

  it("passes the reviewed plan, and stops another one with what differs", () => {
    const list = join(folder, "reviewed.json");
    const digest = ops(["digest", fixturePath("cli-changes.json"), "--list", list]).stdout.trim();
    expect(ops(["digest", fixturePath("cli-changes.jsonl"), "--expect", digest])).toMatchObject({ status: 0 });
    const other = join(folder, "other.json");
    writeFileSync(other, fixtureText("cli-changes.json").replaceAll('"size": 20', '"size": 30'));
    const { status, stdout } = ops(["digest", other, "--expect", digest, "--reviewed", list]);
    expect(status).toBe(3);
    expect(stdout).toMatch(/The plan is not the reviewed one/);
    expect(stdout).toMatch(/differs: replace urn:.*::disk\n {4}size: reviewed 10 → 20, now 10 → 30/);
  });

  it("takes its key from a file or the environment, and does not compare keyed with unkeyed", () => {
    const key = "0123456789abcdef0123456789abcdef";
    const file = join(folder, "key");
    writeFileSync(file, `${key}\n`);
    const plan = fixturePath("cli-changes.json");
    const keyed = ops(["digest", plan, "--key-file", file]).stdout;
    expect(keyed).toMatch(/^keyed-sha256:/);
    expect(ops(["digest", plan], "", { PLAN_DIGEST_KEY: key }).stdout).toBe(keyed);
    expect(ops(["digest", plan, "--expect", keyed.trim()])).toMatchObject({ status: 2 });
    expect(ops(["digest", plan], "", { PLAN_DIGEST_KEY: "short" }).stderr).toMatch(/has 5 characters/);
  });

  it("has none for a preview that failed", () => {
    expect(ops(["digest", fixturePath("cli-program-failure.json")])).toMatchObject({ status: 1, stdout: "" });
  });
});

describe("ops cost", () => {
  it("prints each host, the cap and the age of the prices, for people and machines", () => {
    const { status, stdout } = ops(["cost"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Hetzner, against the cap +\d+\.\d\d EUR {2}cap \d+\.\d\d, \d+\.\d\d left/);
    const json = JSON.parse(ops(["cost", "--json", "--extra-workers", "1"]).stdout);
    expect(json.hetzner.cents).toBeGreaterThan(0);
    expect(json.pricesAgeInDays).toHaveProperty("hetzner");
  });

  it("refuses --live without a token", () => {
    const { status, stderr } = ops(["cost", "--live"]);
    expect(stderr).toMatch(/HCLOUD_TOKEN is not set/);
    expect(status).toBe(2);
  });
});
