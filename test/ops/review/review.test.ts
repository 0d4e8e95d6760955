import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMIT, marker, review } from "../../../ops/review/review.ts";
import { fixture } from "../fixture.ts";
import { HETZNER_FIREWALL, previewOf, RECORD, type StepOf } from "../preview-of.ts";

const comment = (name: string) => review(fixture(name), { stack: "prod" });
/** What a reader sees before opening anything. */
const visible = (markdown: string) => markdown.split("<details>")[0] ?? "";

describe("a review", () => {
  it.each([
    ["providers-first.json", "harmless"],
    ["cli-clean.json", "harmless"],
    ["rehearsed-two-workers.json", "harmless"],
    ["providers-changes.json", "risky"],
    ["rehearsed-replaced-host.json", "risky"],
    ["rehearsed-deleted-zone.json", "risky"],
    ["providers-preview-refresh.json", "risky"],
    ["providers-removals-protected.json", "failed"],
    ["cli-program-failure.json", "failed"],
    ["cli-check-failure.json", "failed"],
    ["cli-provider-failure.jsonl", "failed"],
  ])("of %s is %s and begins as written", async (name, verdict) => {
    const { markdown, verdict: found } = comment(name);
    await expect(visible(markdown)).toMatchFileSnapshot(`golden/${name.split(".")[0]}.md`);
    expect(found).toBe(verdict);
    expect(Buffer.byteLength(markdown)).toBeLessThan(LIMIT);
  });

  it("has verdict, counts and cost in its first three lines", () => {
    const [hidden, ...lines] = comment("rehearsed-two-workers.json").markdown.split("\n").filter(Boolean);
    expect(hidden).toBe(marker("prod"));
    expect(lines[0]).toMatch(/No risk found/);
    expect(lines[1]).toBe("**26 to create**; 196 unchanged.");
    expect(lines[2]).toContain("147.51 → **230.37 EUR** (+82.86) of a cap of 250.00 (before 150.00)");
  });

  it("says that two more workers replace nothing, who pays, and which hosts must converge", () => {
    const { markdown } = comment("rehearsed-two-workers.json");
    expect(markdown).not.toContain("replace");
    expect(markdown).toMatch(/\| `unfunded` \| EUR \| 0\.00 \| 82\.86 \| \+82\.86 \|/);
    expect(markdown).toMatch(/\*\*Converge\*\* `downloads-01`, `services-01`/);
    expect(markdown).toMatch(/\*\*New systems\*\* `build-02`, `build-03`/);
  });

  it("names the property that replaces a host, and that its data goes", () => {
    const { markdown } = comment("rehearsed-replaced-host.json");
    expect(markdown).toContain(
      "data volume `services-01-data` is replaced, **with all that it holds**: `location` from `fsn1` to `nbg1`",
    );
    expect(markdown).toContain("from `203.0.113.3` to an address known after the deployment");
  });

  it("gives a failed preview no digest", () => {
    const { markdown, digest } = comment("providers-removals-protected.json");
    expect(digest).toBeUndefined();
    expect(markdown).toContain("2 protected resources refused");
    expect(markdown).not.toContain("plan-sha256");
  });

  it("shows no secret, not even one that the program forgot to mark", () => {
    const secret = "hunter2hunter2";
    const signed = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: secret };
    const steps: StepOf[] = [
      {
        type: "hcloud:index/storageBox:StorageBox",
        before: { password: "old", size: 1 },
        after: { password: secret, size: 2 },
      },
      {
        type: "hcloud:index/server:Server",
        name: "new",
        after: { userData: `#!/bin/sh\n${secret}`, labels: { apiToken: secret } },
      },
      { type: "a:b/c:D", name: "marked", before: { x: "1" }, after: { x: signed, list: [signed, { y: signed }] } },
      { type: "a:b/c:E", name: "gone", before: { private_key: secret } },
    ];
    expect(review(previewOf(steps), { stack: "prod" }).markdown).not.toContain(secret);
  });

  it("is the same in whatever order the engine did independent steps", () => {
    const preview = fixture("rehearsed-deleted-zone.json");
    fc.assert(
      fc.property(fc.shuffledSubarray([...preview.steps], { minLength: preview.steps.length }), (steps) => {
        expect(review({ ...preview, steps }, { stack: "prod" })).toEqual(review(preview, { stack: "prod" }));
      }),
      { numRuns: 20 },
    );
  });
});

describe("a review of many changes", () => {
  const many = (count: number, content: string) =>
    previewOf(
      Array.from({ length: count }, (_, index) => ({
        type: RECORD,
        name: `record-${index}`,
        before: { name: `host-${index}.example.org`, type: "A", content: "192.0.2.1", comment: "x" },
        after: { name: `host-${index}.example.org`, type: "A", content, comment: content },
      })),
    );

  it("keeps the summary, stays under the limit and says what it left out", () => {
    const { markdown } = review(many(600, "192.0.2.2"), { stack: "prod" });
    expect(Buffer.byteLength(markdown)).toBeLessThan(LIMIT);
    expect(markdown).toContain("600 names removed or moved");
    expect(markdown).toContain("**600 to change**");
    expect(markdown).toMatch(/Changed in place: (\d+) of 600/);
    expect(markdown).toMatch(/\d+ more are left out: a comment may only be so long/);
    expect(markdown).toMatch(/Plan `plan-sha256:[0-9a-f]{64}`/);
    expect(markdown.match(/<details>/g)?.length).toBe(markdown.match(/<\/details>/g)?.length);
  });

  it("stays under the limit whatever the texts are and however many", () => {
    const texts = fc.constantFrom(
      "x".repeat(5000),
      "`".repeat(800),
      "\u202e".repeat(900),
      "𝕏".repeat(3000),
      "\n".repeat(700),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), texts, texts, (count, content, message) => {
        const diagnostics = Array.from({ length: 40 }, () => ({
          severity: "error",
          message: `${message}\n`.repeat(20),
        }));
        for (const said of [[], diagnostics])
          expect(
            Buffer.byteLength(
              review({ ...many(count, content), diagnostics: said, succeeded: said.length === 0 }, { stack: "prod" })
                .markdown,
            ),
          ).toBeLessThan(LIMIT);
      }),
      { numRuns: 15 },
    );
  });
});

describe("hostile texts", () => {
  const ATTACKS = [
    "@maintainers",
    "#1",
    "owner/repo#1",
    "GH-1",
    "<img src=x onerror=alert(1)>",
    "</details>",
    "</code>",
    "<!--",
    "-->",
    "[x](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "https://evil.example",
    "www.evil.example",
    "```",
    "````",
    "`",
    "``",
    "~~~",
    "|",
    "\\",
    "\\|",
    "\n\n# heading\n",
    "\n- [ ] task",
    "\r\n",
    "\u202e",
    "\u0000",
    "\u001b[31m",
    "\ud800",
    "&lt;b&gt;",
    "*b*",
    "_i_",
    "$x$",
    ":tada:",
    "PWNED",
    " ",
  ];
  const hostile = fc
    .array(fc.constantFrom(...ATTACKS), { minLength: 1, maxLength: 8 })
    .map((parts) => `PWNED${parts.join("")}PWNED`);

  it("appear in code spans and fences only: no tag, mention, link, reference or fence of theirs survives", () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 8, maxLength: 8 }), fc.boolean(), (texts, failed) => {
        const text = (index: number) => texts[index] ?? "";
        const preview = previewOf(
          [
            {
              type: RECORD,
              name: text(0),
              before: { name: text(1), type: "TXT", content: `"v=spf1 -all"` },
              after: { name: text(1), type: "TXT", content: `v=spf1 include:${text(2)} ~all` },
            },
            { type: RECORD, name: "b", before: { name: text(1), type: text(3), content: text(4) } },
            {
              type: RECORD,
              name: "c",
              before: { name: text(1), type: "A", content: text(4), proxied: true },
              after: { name: text(5), type: "A", content: text(2) },
            },
            {
              type: "cloudflare:index/zoneSetting:ZoneSetting",
              before: { settingId: "ssl", value: "strict" },
              after: { settingId: "ssl", value: text(0) },
            },
            {
              type: HETZNER_FIREWALL,
              name: text(0),
              before: { rules: [] },
              after: { rules: [{ protocol: text(1), port: text(2), sourceIps: [text(3), "::/0"] }] },
            },
            {
              type: `x:y:${text(6)}`,
              op: "replace",
              name: text(2),
              before: { [text(3)]: text(4) },
              after: { [text(3)]: text(5) },
              replaceReasons: [text(6)],
            },
            { type: "hcloud:index/volume:Volume", name: text(2), before: { size: text(1) }, after: { size: text(2) } },
            {
              type: "foss-infra:index:EstateReport",
              before: {},
              after: {
                digests: { [text(0)]: "d" },
                cost: {
                  perPayer: [{ payer: text(1), currency: text(2), monthly: 1 }],
                  capped: { provider: text(3), currency: text(4), monthly: 2, cap: 1 },
                  pricesOf: { [text(5)]: text(6) },
                },
              },
            },
            { type: "hcloud:index/server:Server", name: text(7), after: {} },
          ],
          [{ severity: failed ? "error" : "warning", urn: `urn:pulumi:a::b::c::${text(1)}`, message: text(7) }],
        );
        const { markdown } = review(preview, { stack: text(0), title: text(3) });
        const [hidden, ...lines] = markdown.split("\n");
        expect(hidden).toMatch(/^<!-- ops review of [\w.-]+ -->$/);
        const rest = withoutCode(lines.join("\n"));
        expect(rest).not.toMatch(/PWNED|@|evil|\]\(|onerror|:\/\/|www\./);
        expect([...new Set(rest.match(/<[^>]*>?/g))].filter((tag) => !OURS.test(tag))).toEqual([]);
        expect(rest).not.toMatch(/[\p{Cs}\p{Cf}]|[^\P{Cc}\n]/u);
        expect(markdown).not.toMatch(/[\p{Cs}\p{Cf}]|[^\P{Cc}\n]/u);
      }),
      { numRuns: 300 },
    );
  });
});

const OURS = /^<\/?(details|summary)>$/;

/** What is left of a comment without fenced blocks and code spans (CommonMark 0.31, sections 4.5 and 6.1). */
function withoutCode(markdown: string): string {
  let fence: string | undefined;
  const open = markdown.split("\n").filter((line) => {
    const mark = /^(`{3,})/.exec(line)?.[1];
    if (fence === undefined && mark !== undefined) {
      fence = mark;
      return false;
    }
    if (fence === undefined) return true;
    if (mark !== undefined && mark.length >= fence.length && /^`+\s*$/.test(line)) fence = undefined;
    return false;
  });
  expect(fence, "every fence is closed").toBeUndefined();
  // Spans of ours never go over the end of a line.
  return open.map((line) => line.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, "")).join("\n");
}
