import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPreview } from "../../../ops/preview-json/read-preview.ts";
import { skeletonOf } from "../adopt/skeleton.ts";
import { fakeGitHub } from "../github/fake-github.ts";
import { exampleClouds } from "../listings/example-clouds.ts";
import { fakeClouds } from "../listings/fake-clouds.ts";

const repository = join(import.meta.dirname, "../../..");
const fixtures = join(import.meta.dirname, "../fixtures");
const runbook = (name: string) => readFileSync(join(repository, "docs/runbooks", name), "utf8");
/** Indented lines of a runbook: what one types. */
const commandsOf = (name: string) =>
  runbook(name)
    .split("\n")
    .filter((line) => /^ {4}\S/.test(line))
    .map((line) => line.trim());

const folder = mkdtempSync(join(tmpdir(), "runbooks-"));
// No zone: the name servers of this machine must not be asked.
const running = Promise.all([fakeClouds({ ...exampleClouds, cloudflare: {} }), fakeGitHub()]);

beforeAll(() => {
  cpSync(join(fixtures, "drift/real-drift.json"), join(folder, "refresh.json"));
  writeFileSync(join(folder, "other.json"), '{"version":3,"deployment":{"resources":[]}}');
  cpSync(join(fixtures, "adopt/real-preview.json"), join(folder, "preview.json"));
  const skeleton = skeletonOf(readPreview(join(folder, "preview.json")));
  writeFileSync(join(folder, "import-skeleton.json"), JSON.stringify(skeleton));
});

afterAll(async () => {
  for (const server of await running) await server.close();
  rmSync(folder, { recursive: true });
});

async function run(command: string): Promise<{ exit: number | null; output: string }> {
  const args = command.replace(/^npm run (--silent )?ops -- /, "").split(" ");
  const [clouds, github] = await running;
  const env = { ...process.env, ...clouds.environment, ...github.environment };
  const child = spawn(process.execPath, [join(repository, "ops/cli.ts"), ...args], { cwd: folder, env });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  return new Promise((resolve) => child.on("close", (exit) => resolve({ exit, output })));
}

const ours = (name: string) =>
  commandsOf(name).filter((line) => /^npm run (--silent )?ops -- (drift|adopt) /.test(line));

describe("the commands of the runbooks", () => {
  it.each([...ours("drift.md"), ...ours("adoption.md")])("%s", async (command) => {
    const { exit, output } = await run(command);
    expect([0, 7], output).toContain(exit);
    expect(output).not.toMatch(/^error/m);
  });

  it("write the import file and nothing to any cloud", async () => {
    expect(existsSync(join(folder, "import.json"))).toBe(true);
    const [clouds, github] = await running;
    expect(clouds.writes).toEqual([]);
    expect(github.issues).toEqual([]);
    expect(clouds.requests.length).toBeGreaterThan(20);
  });

  it("refresh only with --preview-only, and with the program", () => {
    const refreshes = [...commandsOf("drift.md"), ...commandsOf("adoption.md")].filter((line) =>
      line.includes("pulumi refresh"),
    );
    expect(refreshes.length).toBeGreaterThan(0);
    for (const line of refreshes) expect(line).toMatch(/--preview-only --run-program --expect-no-changes --json/);
  });

  it("lead to files that exist", () => {
    for (const name of ["drift.md", "adoption.md"])
      for (const [, target = ""] of runbook(name).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g))
        expect(existsSync(join(repository, "docs/runbooks", target)), target).toBe(true);
  });
});
