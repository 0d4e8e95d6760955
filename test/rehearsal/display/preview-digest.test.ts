import { describe, expect, it } from "vitest";
import { digestText, previewDigest } from "../../../rehearsal/display/preview-digest.ts";
import { recordedEvents, recordedJson } from "./recorded.ts";

/** What the event log does not say, and what differs between two runs. */
const NOT_IN_EVENTS = new Set([
  "created",
  "modified",
  "sourcePosition",
  "stackTrace",
  "dependencies",
  "propertyDependencies",
  "pendingReplacement",
  "duration",
]);

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (NOT_IN_EVENTS.has(key) ? [] : [[key, comparable(item)]])),
  );
}

/** Warnings on where a plugin was found come in any order, and so do independent steps. */
function inOneOrder(digest: unknown): unknown {
  const { steps, diagnostics, ...rest } = digest as { steps: { urn: string }[]; diagnostics: { message: string }[] };
  return {
    ...rest,
    steps: steps.toSorted((a, b) => a.urn.localeCompare(b.urn)),
    diagnostics: diagnostics.toSorted((a, b) => a.message.localeCompare(b.message)),
  };
}

describe("the digest of recorded events", () => {
  it.each(["preview-changes", "refresh-drift"])("is what the CLI prints for %s", (name) => {
    const digest = previewDigest(recordedEvents(name), 1.5);
    expect(inOneOrder(comparable(digest))).toEqual(inOneOrder(comparable(recordedJson(name))));
  });

  it("has its keys in the order of the CLI", () => {
    const keys = (value: unknown): unknown =>
      JSON.stringify(comparable(value), (_, item) => (typeof item === "string" ? "" : item));
    const [ours, theirs] = [
      previewDigest(recordedEvents("preview-changes")),
      recordedJson("preview-changes") as { steps: unknown[] },
    ];
    expect(keys(ours.steps)).toEqual(keys(theirs.steps));
  });

  it("gives the duration in nanoseconds, from the summary when nothing better is known", () => {
    expect(previewDigest(recordedEvents("preview-changes"), 1.25).duration).toBe(1_250_000_000);
    expect(previewDigest(recordedEvents("preview-changes")).duration).toBe(2_000_000_000);
  });

  it("never contains a secret's mark or ciphertext", () => {
    const text = digestText(previewDigest(recordedEvents("up-first")));
    expect(text).toContain('"[secret]"');
    expect(text).not.toContain("4dabf18193072939515e22adb298388d");
    expect(text).not.toContain("ciphertext");
  });
});
