import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { command } from "../../../ops/drift/command.ts";
import { type FakeGitHub, fakeGitHub } from "./fake-github.ts";

const fixture = (name: string) => join(import.meta.dirname, "../fixtures/drift", name);
let github: FakeGitHub;

beforeEach(async () => {
  github = await fakeGitHub();
});
afterEach(async () => {
  process.exitCode = undefined;
  await github.close();
});

async function drift(name: string, ...args: string[]): Promise<string> {
  let text = "";
  const note = (more: string) => {
    text += more;
  };
  await command({ environment: github.environment, write: () => {}, note }).parseAsync(
    [fixture(name), "--issue", ...args],
    {
      from: "user",
    },
  );
  return text.trim();
}

it("an issue lives from the first drift to the first clean refresh, in the public form", async () => {
  expect(await drift("real-drift.json")).toBe("issue: opened #1");
  expect(github.issues[0]).toMatchObject({ title: "Drift in prod" });
  expect(github.issues[0]?.body).toContain("`labels.role`\n");
  expect(github.issues[0]?.body).not.toContain("hacked");
  expect(await drift("real-drift.json")).toBe("issue: #1 is up to date");
  expect(await drift("real-clean.json")).toBe("issue: closed #1");
});

it("a check that failed neither opens nor closes it", async () => {
  await drift("real-drift.json");
  const before = structuredClone(github.issues);
  for (const broken of ["real-all-gone.json", "program-failure.json"])
    expect(await drift(broken)).toMatch(/left as it is/);
  expect(github.issues).toEqual(before);
});

it("a dry run only says what it would do", async () => {
  expect(await drift("real-drift.json", "--dry-run")).toMatch(/opened one \(dry run/);
  expect(github.issues).toEqual([]);
});
