import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Plan, planDifferences, planDigest, planOf } from "../../../ops/digest/plan.ts";
import { parsePreview } from "../../../ops/preview-json/read-preview.ts";
import { fixture, fixtureText } from "../fixture.ts";
import { previewOf, type StepOf, UNKNOWN } from "../preview-of.ts";

const KEY = "a key of more than sixteen characters";
const digest = (preview: Parameters<typeof planOf>[0], key?: string) => planDigest(planOf(preview, key));
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

describe("a plan's digest", () => {
  it("is the same in whatever order independent steps and properties come", () => {
    const preview = fixture("providers-changes.json");
    fc.assert(
      fc.property(fc.shuffledSubarray([...preview.steps], { minLength: preview.steps.length }), (steps) => {
        expect(digest({ ...preview, steps })).toBe(digest(preview));
      }),
    );
    const reversed = JSON.parse(fixtureText("providers-changes.json"), (_, value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    );
    expect(digest(parsePreview(JSON.stringify(reversed), "reversed"))).toBe(digest(preview));
  });

  it("does not know times, ids, messages or what the cloud alone sets", () => {
    const text = fixtureText("providers-changes.json");
    const later = text
      .replaceAll("2026-11-20T00:00:00Z", "2027-01-01T00:00:00Z")
      .replaceAll(/"id": "\d+"/g, '"id": "4711"')
      .replaceAll(/::[0-9a-f]{8}-[0-9a-f-]{27}/g, "::00000000-0000-4000-8000-000000000000")
      .replaceAll("warning: using", "warning: now using");
    expect(later).not.toBe(text);
    expect(digest(parsePreview(later, "later"))).toBe(digest(fixture("providers-changes.json")));
  });

  it("is the same for both forms of the CLI's output", () => {
    expect(digest(fixture("cli-changes.jsonl"))).toBe(digest(fixture("cli-changes.json")));
  });

  it.each([
    ["another value", { type: "a:b:C", before: { x: 1 }, after: { x: 3 } }],
    ["another operation", { type: "a:b:C", op: "replace", before: { x: 1 }, after: { x: 2 } }],
    ["another resource", { type: "a:b:C", name: "other", before: { x: 1 }, after: { x: 2 } }],
    ["another value before", { type: "a:b:C", before: { x: 0 }, after: { x: 2 } }],
    ["one more property", { type: "a:b:C", before: { x: 1 }, after: { x: 2, y: [] } }],
    ["a value that is not known", { type: "a:b:C", before: { x: 1 }, after: { x: UNKNOWN } }],
    ["a lifted guard", { type: "a:b:C", before: { x: 1 }, after: { x: 2 }, protect: [true, false] }],
  ] as const satisfies [string, StepOf][])("differs for %s", (_, step) => {
    expect(digest(previewOf([step]))).not.toBe(
      digest(previewOf([{ type: "a:b:C", before: { x: 1 }, after: { x: 2 } }])),
    );
  });

  it("does not count what stays as it is, but a guard that is lifted", () => {
    const same = (protect: [boolean, boolean]) =>
      previewOf([{ type: "a:b:C", op: "same", before: {}, after: {}, protect }]);
    expect(digest(same([true, true]))).toBe(digest(previewOf([])));
    expect(digest(same([true, false]))).not.toBe(digest(previewOf([])));
  });

  it("compares long texts whole", () => {
    const long = (end: string) => previewOf([{ type: "a:b:C", after: { text: `${"x".repeat(9000)}${end}` } }]);
    expect(digest(long("a"))).not.toBe(digest(long("b")));
    expect(JSON.stringify(planOf(long("a"))).length).toBeLessThan(500);
  });
});

describe("secrets in a plan", () => {
  const withSecret = (plaintext: string) =>
    previewOf([{ type: "a:b:C", after: { x: { ...SECRET, plaintext }, list: [{ password: plaintext }] } }]);

  it("are compared with a key and only counted without", () => {
    expect(digest(withSecret("one"), KEY)).not.toBe(digest(withSecret("two"), KEY));
    expect(digest(withSecret("one"))).toBe(digest(withSecret("two")));
    expect(digest(withSecret("one"), KEY)).not.toBe(digest(withSecret("one"), `${KEY}!`));
    expect(digest(withSecret("one"), KEY)).toMatch(/^keyed-sha256:/);
  });

  it("are never in the list of steps", () => {
    for (const key of [undefined, KEY])
      expect(JSON.stringify(planOf(withSecret("hunter2hunter2"), key))).not.toContain("hunter2");
  });
});

describe("the difference between two plans", () => {
  const plan = (...steps: StepOf[]): Plan => planOf(previewOf(steps));

  it("names steps that come, go and differ", () => {
    const reviewed = plan(
      { type: "a:b:C", name: "kept", before: { x: 1 }, after: { x: 2 } },
      { type: "a:b:C", name: "left-out", before: {} },
    );
    const now = plan(
      { type: "a:b:C", name: "kept", before: { x: 1 }, after: { x: 9 } },
      { type: "a:b:C", name: "added", after: {} },
    );
    expect(planDifferences(reviewed, now)).toEqual([
      "was not reviewed: create urn:pulumi:prod::example::a:b:C::added",
      "was reviewed, but would not happen: delete urn:pulumi:prod::example::a:b:C::left-out",
      "differs: update urn:pulumi:prod::example::a:b:C::kept\n    x: reviewed 1 → 2, now 1 → 9",
    ]);
    expect(planDifferences(reviewed, reviewed)).toEqual([]);
  });

  it("is empty exactly when the digests agree", () => {
    const steps = fc.array(fc.record({ name: fc.constantFrom("a", "b", "c"), value: fc.integer({ min: 0, max: 2 }) }), {
      maxLength: 3,
    });
    const of = (made: readonly { name: string; value: number }[]) =>
      plan(
        ...[...new Map(made.map((each) => [each.name, each])).values()].map(
          ({ name, value }): StepOf => ({ type: "a:b:C", name, before: { x: 5 }, after: { x: value } }),
        ),
      );
    fc.assert(
      fc.property(steps, steps, (one, other) => {
        expect(planDifferences(of(one), of(other)).length === 0).toBe(planDigest(of(one)) === planDigest(of(other)));
      }),
    );
  });
});
