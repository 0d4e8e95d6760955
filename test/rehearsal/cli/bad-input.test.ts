import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { scratchProject } from "./scratch-project.ts";

const project = scratchProject();
afterAll(() => project.remove());

describe("a command line that cannot be run", () => {
  it.each([
    [["preview", "--stack", "nope"], 6, /no stack "nope".*\n.*Stacks: prod/],
    [["preview", "--config", "workers"], 2, /a key and a value are needed.*\n.*--config key=value/],
    [["preview", "--colour"], 2, /unknown option '--colour'\n.*preview --help/],
    [["frobnicate"], 2, /no verb "frobnicate".*\n.*preview, up, refresh, destroy, reset, cancel/],
    [["preview", "--engine", "terraform"], 2, /'terraform' is invalid.*auto, local, pulumi/],
    [["reset", "--stack", "../../etc"], 2, /no name for a stack/],
  ])("%j exits with %i and says what to do", (args, exit, message) => {
    const ran = project.rehearse(args);
    expect(ran.stderr).toMatch(message);
    expect(ran.stdout).toBe("");
    expect(ran.exit).toBe(exit);
    expect(existsSync(join(project.folder, ".rehearsal"))).toBe(false);
  });
});

describe("reset", () => {
  it("removes the rehearsal of its stack and nothing else", () => {
    for (const stack of ["prod", "rdo"])
      mkdirSync(join(project.folder, ".rehearsal", stack, "clouds"), { recursive: true });
    expect(project.rehearse(["reset"]).exit).toBe(0);
    expect(readdirSync(join(project.folder, ".rehearsal"))).toEqual(["rdo"]);
  });

  it("does not follow a link", () => {
    const precious = join(project.folder, "precious");
    mkdirSync(precious);
    writeFileSync(join(precious, "file"), "");
    symlinkSync(precious, join(project.folder, ".rehearsal/prod"));
    const ran = project.rehearse(["reset"]);
    expect(ran.exit).toBe(1);
    expect(ran.stderr).toMatch(/not a folder of the rehearsal \(a link\)/);
    expect(readdirSync(precious)).toEqual(["file"]);
  });
});
