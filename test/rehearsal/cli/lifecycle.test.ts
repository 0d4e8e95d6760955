import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDrift } from "../../../rehearsal/tour/hand-made-drift.ts";
import { scratchProject } from "./scratch-project.ts";

const project = scratchProject();
const rehearse = (...args: string[]) => project.rehearse([...args, "--engine", "local"]);
const cloud = join(project.folder, ".rehearsal/prod/clouds/hcloud.json");

interface Digest {
  steps: { op: string; urn: string; newState?: { inputs?: { labels?: object } } }[];
  changeSummary: Record<string, number>;
}

afterAll(() => project.remove());

describe("a rehearsal kept between commands", () => {
  it("previews creations only, as JSON alone on stdout, and leaves nothing behind", () => {
    const { exit, stdout, stderr } = rehearse("preview", "--json", "--config", "workers=2");
    expect(exit).toBe(0);
    const { steps, changeSummary } = JSON.parse(stdout) as Digest;
    expect(new Set(steps.map((step) => step.op))).toEqual(new Set(["create"]));
    expect(steps.filter(({ urn }) => urn.includes("hcloud:index/server:Server::"))).toHaveLength(2);
    expect(changeSummary).toEqual({ create: 7 });
    expect(stderr).toMatch(/^Rehearsal of small\/prod: local engine, simulated clouds/);
    expect(existsSync(cloud)).toBe(false);
  });

  it("writes a long plan whole, also into a pipe that is slow to take it", () => {
    const { stdout } = rehearse("preview", "--json", "--config", "workers=150");
    expect(stdout.length).toBeGreaterThan(1 << 17);
    expect((JSON.parse(stdout) as Digest).changeSummary["create"]).toBeGreaterThan(300);
  });

  it("shows cost, counts and what to do next within 100 columns", () => {
    const { stdout } = rehearse("up");
    expect(stdout).toMatch(/Done {2}4 created/);
    expect(stdout).toMatch(/Example project {2}7\.50 EUR a month/);
    expect(stdout).toMatch(/Next: npm run rehearse -- preview/);
    for (const line of stdout.split("\n"))
      if (!line.includes(project.folder)) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("has nothing to do after that", () => {
    expect(rehearse("preview", "--expect-no-changes").exit).toBe(0);
  });

  it("finds a change made by hand in the cloud's file, names the property, and repairs it", () => {
    const { property, after } = makeDrift(cloud);
    const found = rehearse("refresh", "--preview-only", "--expect-no-changes");
    expect(found.exit).toBe(7);
    expect(found.stdout).toContain(property);
    expect(found.stdout).toContain(after);
    expect(rehearse("up", "--refresh").stdout).toMatch(/Done {2}1 updated/);
    expect(rehearse("refresh", "--preview-only", "--expect-no-changes").exit).toBe(0);
  });

  it("exits 1 and keeps its state when the program throws", () => {
    const before = readFileSync(cloud, "utf8");
    const { exit, stdout } = rehearse("up", "--config", "fail=true");
    expect(exit).toBe(1);
    expect(stdout).toContain("the estate has no master");
    expect(readFileSync(cloud, "utf8")).toBe(before);
    expect(rehearse("preview", "--expect-no-changes").exit).toBe(0);
  });

  it("exits 1 and changes nothing when the state cannot be read", () => {
    const folder = join(project.folder, ".rehearsal/prod");
    const state = join(folder, readdirSync(folder).find((name) => name.endsWith(".json")) ?? "");
    const [whole, clouds] = [readFileSync(state, "utf8"), readFileSync(cloud, "utf8")];
    writeFileSync(state, whole.slice(0, 100));
    const { exit, stderr } = rehearse("up");
    expect(exit).toBe(1);
    expect(stderr).toContain(state);
    expect(readFileSync(state, "utf8")).toBe(whole.slice(0, 100));
    expect(readFileSync(cloud, "utf8")).toBe(clouds);
    writeFileSync(state, whole);
  });
});

describe("preview --against", () => {
  const git = (...args: string[]) =>
    spawnSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], {
      cwd: project.folder,
      encoding: "utf8",
    });
  const scratchFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("rehearsal-against-"));

  beforeAll(() => {
    writeFileSync(join(project.folder, ".gitignore"), ".rehearsal\nnode_modules\n");
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-q", "-m", "Begin");
  });

  it("shows what the working tree changes of another revision, without touching the rehearsal's state", () => {
    const before = readFileSync(cloud, "utf8");
    const folders = scratchFolders();
    writeFileSync(join(project.folder, "Pulumi.prod.yaml"), "config:\n  label: www\n  workers: 2\n");
    const { exit, stdout } = rehearse("preview", "--against", "main", "--json");
    expect(exit).toBe(0);
    expect((JSON.parse(stdout) as Digest).changeSummary).toEqual({ create: 3, same: 2, update: 2 });
    expect(readFileSync(cloud, "utf8")).toBe(before);
    expect(scratchFolders()).toEqual(folders);
    expect(git("worktree", "list").stdout.trim().split("\n")).toHaveLength(1);
  });

  it("says which revision cannot be rehearsed, and cleans up", () => {
    const folders = scratchFolders();
    git("checkout", "-q", "-b", "broken");
    writeFileSync(join(project.folder, "index.ts"), 'throw new Error("not yet");\n');
    git("commit", "-q", "-a", "-m", "Break");
    const { exit, stdout, stderr } = rehearse("preview", "--against", "broken");
    expect(exit).toBe(1);
    expect(stdout).toContain("not yet");
    expect(stderr).toMatch(/program of broken could not be rehearsed/);
    expect(scratchFolders()).toEqual(folders);
    expect(git("worktree", "list").stdout.trim().split("\n")).toHaveLength(1);
  });

  it.each(["nowhere", "--output=x"])("refuses %s, which is no revision", (revision) => {
    const { exit, stderr } = rehearse("preview", `--against=${revision}`);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/no such revision/);
  });
});
