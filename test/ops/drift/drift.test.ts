import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { markdown, plainText } from "../../../ops/drift/document.ts";
import { driftOf } from "../../../ops/drift/drift.ts";
import { reportOf, verdictOf } from "../../../ops/drift/report.ts";
import type { Preview, ResourceState, Step } from "../../../ops/preview-json/preview.ts";
import { readPreview } from "../../../ops/preview-json/read-preview.ts";

const fixture = (name: string) => join(import.meta.dirname, "../fixtures/drift", name);
const found = (refresh: Preview) => ({ ...driftOf(refresh, "refresh.json"), unmanaged: undefined, ds: [] });
const recorded = (name: string) => found(readPreview(fixture(name)));

describe("the report of a recorded refresh", () => {
  it.each([
    ["real-clean", "clean"],
    ["real-drift", "drift"],
    ["real-all-gone", "broken"],
    ["demo-drift", "drift"],
  ])("of %s says %s", async (name, verdict) => {
    const findings = recorded(`${name}.json`);
    expect(verdictOf(findings)).toBe(verdict);
    await expect(markdown(reportOf(findings, false))).toMatchFileSnapshot(fixture(`${name}.md`));
  });

  it("is the same with and without the program, and from the stream of events", () => {
    const report = (name: string) => markdown(reportOf(recorded(name), false));
    expect(report("demo-drift-without-program.json")).toBe(report("demo-drift.json"));
    expect(report("demo-drift.jsonl")).toBe(report("demo-drift.json"));
  });

  it("of a program that failed says that nothing is known, with the engine's words", () => {
    const findings = recorded("program-failure.json");
    expect(verdictOf(findings)).toBe("broken");
    expect(plainText(reportOf(findings, false))).toMatch(/failed with an unhandled exception: Error: \w+/);
  });

  it.each(["preview-clean.json", "preview-with-refresh.json"])("is refused for %s, which would seem clean", (name) => {
    expect(() => recorded(name)).toThrow(/is no refresh.*\n.*--preview-only --run-program/);
  });
});

describe("a refresh in which much is gone", () => {
  const gone = (count: number) => many(count, "delete", "hcloud");

  it("is a fault of credentials when everything is gone, be it one resource", () => {
    expect(found(refreshOf(gone(1))).broken).toMatchObject([{ kind: "credentials" }]);
  });

  it("is one above 30 %, and drift at 30 %", () => {
    expect(verdictOf(found(refreshOf([...gone(3), ...many(7, "refresh")])))).toBe("drift");
    expect(verdictOf(found(refreshOf([...gone(4), ...many(6, "refresh")])))).toBe("broken");
  });

  it("is one when all of one cloud is gone, and names that cloud", () => {
    const { broken } = found(refreshOf([...many(3, "delete", "digitalocean"), ...many(40, "refresh")]));
    expect(broken[0]?.says).toMatch(/All 3 resources of digitalocean/);
  });

  it("is drift when two of a small stack are gone", () => {
    expect(verdictOf(found(refreshOf([...gone(2), ...many(2, "refresh")])))).toBe("drift");
  });

  it("tells of nothing else, as all lists would be symptoms", () => {
    expect(markdown(reportOf(found(refreshOf(gone(9))), false))).not.toContain("Missing");
  });
});

// Places in sets: makeSetDiff in pkg/tfbridge/detailed_diff.go of pulumi-terraform-bridge, 2026-08. What went from the program
// is counted in its inputs, what came in the cloud in the outputs, which are sorted; the inputs never get it.
describe("a firewall changed by hand", () => {
  const rule = (port: string) => ({ direction: "in", protocol: "tcp", port, sourceIps: ["0.0.0.0/0"] });
  const program = [rule("443"), rule("22")];
  const changed = (outputs: ReturnType<typeof rule>[], detailedDiff: Step["detailedDiff"]) => {
    const before = { inputs: { rules: program }, outputs: { rules: [rule("22"), rule("443")] } };
    const after = { inputs: { rules: program }, outputs: { rules: outputs } };
    const firewall = step("update", "hcloud:index/firewall:Firewall", "git", before, after, detailedDiff);
    return found(refreshOf([firewall, ...many(3, "refresh")])).changed[0]?.properties[0];
  };

  it("shows the rule that was added, not the program's at that place", () => {
    const property = changed([rule("22"), rule("3389"), rule("443")], { "rules[1]": { kind: "add" } });
    expect(property).toMatchObject({ program: undefined, cloud: expect.stringContaining('"port":"3389"') });
  });

  it("shows the rule that was taken away, and nothing in its place", () => {
    const property = changed([rule("22")], { "rules[0]": { kind: "delete" } });
    expect(property).toMatchObject({ program: expect.stringContaining('"port":"443"'), cloud: undefined });
  });
});

describe("what is no drift", () => {
  const changed = (type: string, path: string, before: object, after: object) =>
    found(
      refreshOf([
        step(
          "update",
          type,
          "x",
          { inputs: before as never },
          { inputs: after as never },
          { [path]: { kind: "update" } },
        ),
        ...many(3, "refresh"),
      ]),
    );
  const record = "cloudflare:index/dnsRecord:DnsRecord";

  it("is noise that a provider is known for; it is named with its source", () => {
    const findings = changed(record, "modifiedOn", { modifiedOn: "a" }, { modifiedOn: "b" });
    expect(verdictOf(findings)).toBe("clean");
    expect(markdown(reportOf(findings, false))).toMatch(
      /`DnsRecord` `x`.*`modifiedOn`.*terraform-provider-cloudflare#5517/,
    );
  });

  it("is not a setting of a record that somebody switched on", () => {
    const flattened = changed(
      record,
      "settings.flattenCname",
      { settings: { flattenCname: false } },
      { settings: { flattenCname: true } },
    );
    expect(verdictOf(flattened)).toBe("drift");
  });

  it("is an image that reads back as a number, but not another image", () => {
    const server = "hcloud:index/server:Server";
    expect(verdictOf(changed(server, "image", { image: "debian-13" }, { image: "12345" }))).toBe("clean");
    expect(verdictOf(changed(server, "image", { image: "debian-13" }, { image: "debian-12" }))).toBe("drift");
  });

  it("is code that is not deployed; it is said apart", () => {
    const findings = found(refreshOf([...many(3, "refresh"), step("create", "hcloud:index/server:Server", "new")]));
    expect(verdictOf(findings)).toBe("clean");
    expect(plainText(reportOf(findings, false))).toMatch(/Not deployed yet\n.*\n {2}- create Server new/);
  });
});

describe("a change", () => {
  const rules = (port: string, note?: string) => ({
    rules: [{ port, sourceIps: ["192.0.2.0/24"] }],
    tags: { "a.b": note ?? null },
  });
  const findings = (path: string, kind = "update") =>
    found(
      refreshOf([
        step(
          "update",
          "hcloud:index/firewall:Firewall",
          "fw",
          { inputs: rules("22") },
          { inputs: rules("23", "x") },
          { [path]: { kind } },
        ),
        ...many(5, "refresh"),
      ]),
    );

  it.each([
    ["rules[0].port", "22", "23"],
    ['tags["a.b"]', undefined, "x"],
    ["rules[0].nothing", undefined, undefined],
    ["rules[0]", '{"port":"22","sourceIps":["192.0.2.0/24"]}', '{"port":"23","sourceIps":["192.0.2.0/24"]}'],
  ])("at %s has the values before and after", (path, program, cloud) => {
    expect(findings(path).changed[0]?.properties).toEqual([{ path, program, cloud }]);
  });

  it("shows its values to maintainers and only its property in public", () => {
    const [whole, published] = [false, true].map((isPublic) => markdown(reportOf(findings("rules[0].port"), isPublic)));
    expect(whole).toContain("`rules[0].port`: `22` → `23`");
    expect(published).toContain("  - `rules[0].port`\n");
    expect(published).not.toContain("23");
  });

  it("never shows a secret, at whatever depth", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hush"' };
    const refresh = refreshOf([
      step(
        "update",
        "x:y:Z",
        "z",
        { inputs: { a: { b: secret } } },
        { inputs: { a: { b: "[secret]" } } },
        { a: { kind: "update" } },
      ),
      ...many(3, "refresh"),
    ]);
    expect(JSON.stringify(found(refresh))).not.toContain("hush");
  });
});

describe("texts from resources", () => {
  const hostile = "@everyone <img src=x> ``` [x](http://example.net) |\n# heading \u001b[31m\u202e";
  const findings = found(
    refreshOf([
      step("update", "x:y:Z", hostile, { inputs: { a: hostile } }, { inputs: { a: "`" } }, { a: { kind: "update" } }),
      ...many(5, "refresh"),
    ]),
  );

  it("can't leave their code spans in Markdown", () => {
    const text = markdown(reportOf(findings, false));
    // Without code spans nothing foreign is left. A span ends at as many backticks as it began with.
    const outside = text.replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");
    expect(outside).not.toMatch(/everyone|<img|heading|example\.net/);
    expect(text.split("\n").some((line) => line.startsWith("# "))).toBe(false);
  });

  it("can't control a terminal", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(plainText(reportOf(findings, false))).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

it("a report with 600 changes fits into GitHub's limit, keeps its summary and says what is left out", () => {
  const long = "v".repeat(250);
  const changes = Array.from({ length: 600 }, (_, index) =>
    step(
      "update",
      "x:y:Z",
      `z${index}`,
      { inputs: { a: long } },
      { inputs: { a: `${long}2` } },
      { a: { kind: "update" } },
    ),
  );
  const text = markdown(reportOf(found(refreshOf([...changes, ...many(5, "refresh")])), false));
  expect(text.length).toBeLessThan(65_000);
  expect(text).toContain("600 changed");
  expect(text).toMatch(/… and \d+ more/);
  expect(text).toContain("### What to do");
});

function refreshOf(steps: readonly Step[]): Preview {
  const stack: Step = {
    op: "same",
    urn: "urn:pulumi:prod::p::pulumi:pulumi:Stack::p-prod",
    diffReasons: [],
    replaceReasons: [],
    detailedDiff: {},
  };
  return {
    config: {},
    steps: [stack, ...steps],
    diagnostics: [],
    changeSummary: {},
    maybeCorrupt: false,
    succeeded: true,
  };
}

function many(count: number, op: string, cloud = "hcloud"): Step[] {
  return Array.from({ length: count }, (_, index) =>
    step(op, `${cloud}:index/server:Server`, `${op}-${cloud}-${index}`),
  );
}

function step(
  op: string,
  type: string,
  name: string,
  before: Partial<ResourceState> = {},
  after: Partial<ResourceState> = {},
  detailedDiff: Step["detailedDiff"] = {},
): Step {
  const state = {
    type,
    custom: true,
    protect: false,
    retainOnDelete: false,
    inputs: {},
    outputs: {},
    ignoreChanges: [],
  };
  return {
    op,
    urn: `urn:pulumi:prod::p::${type}::${name}`,
    ...(op === "create" ? {} : { oldState: { ...state, id: "1", ...before } }),
    newState: { ...state, ...after },
    diffReasons: [],
    replaceReasons: [],
    detailedDiff,
  };
}
