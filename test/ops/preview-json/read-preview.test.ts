import { describe, expect, it } from "vitest";
import { propertyChanges } from "../../../ops/preview-json/property-changes.ts";
import { parsePreview, readPreview, UnreadablePreview } from "../../../ops/preview-json/read-preview.ts";
import { fixture, fixtureText } from "../fixture.ts";

describe("reading a preview", () => {
  it.each(["cli-changes", "cli-refresh-drift"])("finds the same steps in both forms of %s", (name) => {
    const digest = fixture(`${name}.json`);
    const events = fixture(`${name}.jsonl`);
    const essence = (preview: typeof digest) =>
      preview.steps.map((step) => [
        step.op,
        step.urn,
        step.newState?.inputs,
        step.oldState?.inputs,
        propertyChanges(step),
      ]);
    expect(essence(events)).toEqual(essence(digest));
    expect(events.changeSummary).toEqual(digest.changeSummary);
    expect(events.config).toEqual(digest.config);
    expect(events.succeeded).toBe(true);
  });

  it.each([
    "cli-program-failure.json",
    "cli-check-failure.json",
    "cli-provider-failure.jsonl",
    "providers-removals-protected.json",
  ])("knows that %s failed and keeps what was said", (name) => {
    const preview = fixture(name);
    expect(preview.succeeded).toBe(false);
    expect(preview.diagnostics.filter(({ severity }) => severity === "error")).not.toEqual([]);
  });

  it("tells drift from what is as it should be in a refresh", () => {
    const ops = fixture("cli-refresh-drift.json").steps.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
    expect(ops).toContain("update web");
    expect(ops).toContain("delete record");
    expect(ops).toContain("refresh plain");
  });

  it.each([
    ["a digest that is cut off", fixtureText("cli-changes.json").slice(0, 3000), /is cut off/],
    [
      "a digest that is cut off after a brace",
      `${fixtureText("cli-changes.json").slice(0, 1200)}}`,
      /is (cut off|not JSON)/,
    ],
    [
      "events that are cut off",
      fixtureText("cli-changes.jsonl").split("\n").slice(0, 8).join("\n"),
      /cut off: the events end/,
    ],
    ["events of which the last is cut off", fixtureText("cli-changes.jsonl").slice(0, -40), /is (cut off|not JSON)/],
    ["nothing", "\n", /is empty/],
    ["an npm banner", "> foss-infra@0.1.0 rehearse\n{}", /is not JSON: it begins with "> foss/],
    ["an error message", "error: no stack named 'prod' found", /is not JSON/],
    ["other JSON", '{"version":3,"deployment":{}}', /not a preview: at steps/],
    ["steps of another shape", '{"steps":[{"op":"create"}]}', /at steps\.0\.urn/],
    ["a list", "[]", /is not JSON|not a preview/],
  ])("refuses %s and says why in two lines", (_, text, message) => {
    const read = () => parsePreview(text, "preview.json");
    expect(read).toThrow(UnreadablePreview);
    expect(read).toThrow(message);
    expect(read).toThrow(/\n {2}Expected: the output of pulumi preview --json/);
  });

  it("says which file is missing and how to make one", () => {
    expect(() => readPreview("nowhere.json")).toThrow(/nowhere\.json.*\n.*pulumi preview --json > nowhere\.json/s);
  });
});
