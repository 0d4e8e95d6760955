import { describe, expect, it } from "vitest";
import { report } from "../../../rehearsal/display/report.ts";
import { StepList } from "../../../rehearsal/display/steps.ts";
import { columnsOf, type Paper } from "../../../rehearsal/display/terminal-text.ts";
import type { EventPayload } from "../../../rehearsal/engine/events.ts";
import { component, diagnostic, stackOutputs, step, summary } from "./build-events.ts";
import { recordedEvents } from "./recorded.ts";

const paper: Paper = { width: 100, paint: (_, text) => text };

function lines(
  events: EventPayload[],
  finished: Partial<Parameters<typeof report>[1]> = {},
  everything = false,
): string[] {
  const list = new StepList();
  for (const event of events) list.add(event);
  return report(list, { verb: "preview", planning: true, exit: 0, seconds: 1.25, ...finished }, paper, everything);
}

describe("the report of an operation", () => {
  it("shows recorded changes as a tree with old and new values, reasons and counts", () => {
    expect(lines(recordedEvents("preview-changes"))).toEqual([
      "   demo Component site",
      "    +- rich Volume disk  replaced because of size",
      "         size  10 → 20  forces replacement",
      "-  demo Thing old",
      "~  demo Thing plain",
      '     note  "web.demo.test" → [unknown until applied]',
      "+  rich Thing extra",
      "+- rich Thing record  replaced because of zone",
      '     zone  + "nbg1"  forces replacement',
      "~  rich Thing web",
      "     size        2 → 3",
      '     tags.role   "web" → "www"',
      '     tags.since  + "2026"',
      '     tags.team   - "infra"',
      "",
      "Outputs that change: size, token",
      "Plan  1 to create, 2 to update, 2 to replace, 1 to delete, 3 unchanged  1.3 s",
    ]);
  });

  it("says of a refresh what the cloud changed and what is gone", () => {
    expect(lines(recordedEvents("refresh-drift"), { verb: "refresh" })).toEqual([
      "-  rich Thing record  [gone from the cloud]",
      "~  rich Thing web",
      "     size       2 → 9",
      '     tags.team  "infra" → "someone else"',
      "",
      "In the clouds  1 changed, 1 gone, 7 as they should be  1.3 s",
    ]);
  });

  it("marks the step that failed, and says why", () => {
    const shown = lines(recordedEvents("provider-failure"), { verb: "up", planning: false, exit: 1 });
    expect(shown).toContain("+  rich Thing refused  [failed]");
    expect(shown).toContain("error  rich:index:Thing refused: the demo cloud refused to create refused");
    expect(shown.at(-1)).toBe("Failed  1 updated, 1 unchanged  1.3 s");
  });

  it("collapses a component in which everything is new to one line with counts", () => {
    const host = [
      ...component("git-01"),
      ...["a", "b"].flatMap((name) => step(name, { under: "git-01" })),
      ...step("data", { under: "git-01", type: "hcloud:index/volume:Volume", protect: true }),
    ];
    expect(lines(host)[0]).toBe("+  hosts Host git-01  3 resources, 1 protected: 2 Server, Volume");
  });

  it("opens a component in which something changes, and groups what is new in it", () => {
    const records = ["a", "b", "c", "d"].flatMap((name) =>
      step(name, { under: "git-01", type: "hcloud:index/rdns:Rdns" }),
    );
    const changed = step("server", {
      under: "git-01",
      op: "update",
      protect: true,
      before: { labels: { role: "git" } },
      after: { labels: { role: "www" } },
    });
    expect(lines([...component("git-01", "same"), ...records, ...changed]).slice(0, 4)).toEqual([
      "   hosts Host git-01",
      "    +  4 × hcloud Rdns       a, b, c, d",
      "    ~  hcloud Server server  [protected]",
      '         labels.role  "git" → "www"',
    ]);
  });

  it("does not show a component as new in which everything that changes is new", () => {
    const records = ["a", "b"].flatMap((name) => step(name, { under: "git-01" }));
    expect(lines([...component("git-01", "same"), ...records]).slice(0, 3)).toEqual([
      "   hosts Host git-01",
      "    +  hcloud Server a",
      "    +  hcloud Server b",
    ]);
  });

  it("says that an operation was cancelled, and no cost that is not reached", () => {
    const events = [...stackOutputs({ cost: [{ payer: "a", currency: "EUR", monthly: 1 }] }), summary({ create: 1 })];
    expect(lines(events, { exit: 8 })).toEqual(["Cancelled  1 to create  1.3 s"]);
  });

  it("keeps the indentation of a message", () => {
    expect(lines([diagnostic("error", "estate: found nope.\n  Allowed: openwrt.")]).slice(0, 2)).toEqual([
      "error  estate: found nope.",
      "         Allowed: openwrt.",
    ]);
  });

  it("previews 150 new resources in less than a screen", () => {
    const hosts = Array.from({ length: 10 }, (_, index) => `host-${index}`);
    const events = hosts.flatMap((host) => [
      ...component(host),
      ...Array.from({ length: 12 }, (_, index) => step(`${host}-${index}`, { under: host })).flat(),
    ]);
    const records = Array.from({ length: 30 }, (_, index) =>
      step(`record-${index}`, { type: "cloudflare:index/dnsRecord:DnsRecord" }),
    ).flat();
    expect(lines([...events, ...records]).length).toBeLessThan(24);
  });

  it("shows every resource with all inputs when asked to", () => {
    const shown = lines(
      [...component("git-01"), ...step("server", { under: "git-01", after: { name: "git-01", firewallIds: ["7"] } })],
      {},
      true,
    );
    expect(shown.slice(0, 4)).toEqual([
      "+  hosts Host git-01",
      "    +  hcloud Server server",
      '         name: "git-01"',
      '         firewallIds[0]: "7"',
    ]);
  });

  it("shows the cost per payer and currency that the program puts out", () => {
    const cost = [
      { payer: "OpenWrt", currency: "EUR", monthly: 147.51, limit: 150 },
      { payer: "Software Freedom Conservancy", currency: "USD", monthly: 48 },
    ];
    expect(lines([...stackOutputs({ cost }), summary({ same: 1 })]).slice(-3)).toEqual([
      "Cost",
      "  OpenWrt                       147.51 EUR a month (limit 150.00)",
      "  Software Freedom Conservancy   48.00 USD a month",
    ]);
  });

  it("says that nothing changes", () => {
    expect(lines([...step("a", { op: "same" }), summary({ same: 8 })])).toEqual(["No changes  8 unchanged  1.3 s"]);
  });

  it("never writes a control character, nor text that turns the line around, from a resource or a message", () => {
    const evil = "a\u001b[2Jb\u0007\u202ec\u200bd\u009be";
    const events = [
      ...step(evil, { op: "update", before: { [evil]: "x" }, after: { [evil]: evil } }),
      diagnostic("error", `bad ${evil}`),
      ...stackOutputs({ cost: [{ payer: evil, currency: evil, monthly: 1 }] }),
    ];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there
    expect(lines(events).join("\n")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b]/);
  });

  it("never shows a secret", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hunter2"' };
    const shown = lines(
      step("a", {
        op: "update",
        before: { password: secret },
        after: { password: "[secret]", deep: { token: secret } },
      }),
      {},
      true,
    ).join("\n");
    expect(shown).toContain("[secret]");
    expect(shown).not.toContain("hunter2");
  });

  it("leaves stack frames of libraries out of the program's errors", () => {
    const message =
      "Running program failed:\nError: no master\n    at file:///project/index.ts:5:7\n    at x (node:internal/modules/run:1:1)\n    at y (/project/node_modules/@pulumi/pulumi/cmd/run/run.js:1:1)\n";
    expect(lines([diagnostic("error", message)]).slice(0, 3)).toEqual([
      "error  Running program failed:",
      "       Error: no master",
      "           at file:///project/index.ts:5:7",
    ]);
  });

  it.each([false, true])("keeps every line within the paper (everything: %s)", (everything) => {
    const long = "x".repeat(300);
    const events = [
      ...recordedEvents("preview-changes"),
      ...step(long, {
        op: "replace",
        keys: [long, long],
        before: { a: long, [long]: 1 },
        after: { a: `${long}y`, [long]: long },
      }),
      ...Array.from({ length: 9 }, (_, index) =>
        step(`${long}${index}`, { under: long, type: `hcloud:index/x:${long}` }),
      ).flat(),
      ...step("宽".repeat(80), { after: { 宽: "字".repeat(90) } }),
      diagnostic("warning", `${long} ${"word ".repeat(60)}`),
      ...stackOutputs({ cost: [{ payer: long, currency: "EUR", monthly: 1, note: long }], [long]: 1 }),
      summary({ create: 1e15, update: 1e15, delete: 1e15, replace: 1e15, same: 1e15, import: 1e15 }),
    ];
    for (const line of lines(events, {}, everything)) expect(columnsOf(line), line).toBeLessThanOrEqual(100);
  });
});
