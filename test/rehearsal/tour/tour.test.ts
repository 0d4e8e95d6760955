import { readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { columnsOf } from "../../../rehearsal/display/terminal-text.ts";
import { scratchProject } from "../cli/scratch-project.ts";

const project = scratchProject();
afterAll(() => project.remove());

const scratchFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("rehearsal-tour-"));

describe("the tour", () => {
  it("shows plan, deployment, drift and repair of the program, within 100 columns, and leaves nothing behind", () => {
    const before = scratchFolders();
    const { exit, stdout } = project.rehearse(["--engine", "local"]);
    const shown = [
      "Plan  4 to create",
      "Done  4 created",
      "No changes  4 unchanged",
      "line ",
      '"web" → "changed-by-hand"',
      "Done  1 updated",
    ];
    let at = 0;
    for (const part of shown) {
      expect(stdout.slice(at), part).toContain(part);
      at = stdout.indexOf(part, at);
    }
    for (const line of stdout.split("\n")) expect(columnsOf(line), line).toBeLessThanOrEqual(100);
    expect(scratchFolders()).toEqual(before);
    expect(readdirSync(project.folder)).not.toContain(".rehearsal");
    expect(exit).toBe(0);
  });

  it("exits 1 and says which step was not as expected when the program fails", () => {
    writeFileSync(join(project.folder, "Pulumi.prod.yaml"), "config:\n  label: web\n  fail: true\n");
    const { exit, stdout, stderr } = project.rehearse(["--engine", "local"]);
    expect(exit).toBe(1);
    expect(stdout).toContain("the estate has no master");
    expect(stderr).toMatch(/Step 1 .* was not as expected: exit code 1/);
  });
});
