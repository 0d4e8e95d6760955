import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plainText } from "../../../ops/drift/document.ts";
import { driftOf } from "../../../ops/drift/drift.ts";
import { reportOf, verdictOf } from "../../../ops/drift/report.ts";
import { parsePreview } from "../../../ops/preview-json/read-preview.ts";
import { makeDrift } from "../../../rehearsal/tour/hand-made-drift.ts";
import { scratchProject } from "../../rehearsal/cli/scratch-project.ts";

const project = scratchProject();
const cloud = join(project.folder, ".rehearsal/prod/clouds/hcloud.json");

function drift(...args: string[]) {
  const { stdout } = project.rehearse(["--engine", "local", "refresh", "--preview-only", "--json", ...args]);
  return { ...driftOf(parsePreview(stdout, "refresh"), "refresh"), unmanaged: undefined, ds: [] };
}

beforeAll(() => expect(project.rehearse(["--engine", "local", "up"]).exit).toBe(0));
afterAll(() => project.remove());

describe("a rehearsed refresh", () => {
  it("is clean after a deployment", () => {
    const found = drift();
    expect(verdictOf(found)).toBe("clean");
    expect(found.compared).toBe(2);
  });

  it("names what was changed by hand in the simulated cloud", () => {
    const { property, after } = makeDrift(cloud);
    const found = drift();
    expect(verdictOf(found)).toBe("drift");
    expect(plainText(reportOf(found, false))).toMatch(new RegExp(`${property}.*→ ${after}`));
  });
});
