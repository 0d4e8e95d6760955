import { describe, expect, it } from "vitest";
import { addressBook } from "../../components/addresses.ts";
import { DnsZone } from "../../components/cloudflare/dns-zone.ts";
import { DownloadCdn } from "../../components/cloudflare/download-cdn.ts";
import { ZoneRedirects } from "../../components/cloudflare/zone-redirects.ts";
import type { RecordPlan, ZonePlan } from "../../model/blueprint.ts";
import { run } from "./mock-engine.ts";
import { zonePlan } from "./plans.ts";
import { deployed } from "./whole-estate.ts";

const zoneOf = (plan: ZonePlan) =>
  new DnsZone(plan.name, { plan, accountId: "0".repeat(32), addresses: addressBook([]) });

describe("a zone", () => {
  it("belongs to the account and holds the records under their keys", async () => {
    const { resource } = await deployed();
    expect(resource("example.org-zone").inputs).toEqual({
      account: { id: "0".repeat(32) },
      name: "example.org",
      type: "full",
    });
    expect(resource("example.org-git.example.org/A/host").inputs).toMatchObject({
      name: "git.example.org",
      type: "A",
      content: expect.stringMatching(/^203\.0\.113\.\d+$/),
      proxied: true,
      ttl: 1,
      comment: "test",
    });
    expect(resource("example.org-example.org/MX/mail").inputs).toMatchObject({
      content: "mail.example.org",
      priority: 10,
      ttl: 300,
    });
    expect(resource("example.org-example.org/TXT/spf").inputs).toMatchObject({ content: '"v=spf1 -all"' });
  });

  it("gives a CAA record as data, never as content besides, and a comment that the plan allows", async () => {
    const { inputs } = (await deployed()).resource("example.org-example.org/CAA/issue-letsencrypt.org");
    expect(inputs["data"]).toEqual({ flags: 0, tag: "issue", value: "letsencrypt.org" });
    expect(inputs).not.toHaveProperty("content");
    expect(inputs["comment"]).toHaveLength(100);
  });

  it("keeps numbers in its settings numbers", async () => {
    const { resource } = await deployed();
    expect(resource("example.org-setting-browser_cache_ttl").inputs).toMatchObject({
      settingId: "browser_cache_ttl",
      value: 0,
    });
    expect(resource("example.org-setting-ssl").inputs["value"]).toBe("strict");
  });

  it("is signed when it is planned so, and has a DS record only then", async () => {
    const off = await run(() => zoneOf({ ...zonePlan, records: [], dnssec: "off" }));
    expect(off.result.dsRecord).toBeUndefined();
    expect(off.resources.some(({ type }) => type.includes("Dnssec"))).toBe(false);
    const signed = await run(() => zoneOf({ ...zonePlan, records: [] }));
    expect(signed.resource("example.org-dnssec").inputs["status"]).toBe("active");
    expect(signed.resource("example.org-dnssec").protect).toBe(false);
  });

  it.each<[string, Partial<RecordPlan>, RegExp]>([
    ["of another zone", { name: "example.net" }, /name is "example\.net"\.\n {2}Allowed: a full name in example\.org/],
    ["without content", { content: "" }, /content is ""/],
    ["that mixes address families", { content: { host: "git-01", address: "ipv6" } }, /content is "git-01"/],
    ["that is proxied with a TTL", { proxied: true, ttl: 300 }, /ttl is 300\.\n {2}Allowed: 1 \(automatic/],
    ["that is an MX without priority", { type: "MX", content: "mail.example.org" }, /priority is missing/],
    ["that is a CAA without its data", { type: "CAA", content: "x" }, /caa is "CAA"/],
    ["of a host that does not exist", { content: { host: "git-09", address: "ipv4" } }, /no host "git-09"/],
  ])("refuses a record %s", async (_, change, message) => {
    const record: RecordPlan = {
      key: "a.example.org/A/host",
      name: "a.example.org",
      type: "A",
      content: "192.0.2.1",
      proxied: false,
      ttl: 300,
      purpose: "test",
      ...change,
    };
    await expect(run(() => zoneOf({ ...zonePlan, records: [record] }))).rejects.toThrow(message);
  });

  it("refuses two records with one key", async () => {
    const [first] = zonePlan.records.filter(({ type }) => type === "TXT");
    const plan = { ...zonePlan, records: [first!, first!] };
    await expect(run(() => zoneOf(plan))).rejects.toThrow(
      /plan\.records is "example\.org\/TXT\/spf".*\n.*each key once/,
    );
  });
});

describe("the CDN of downloads", () => {
  it("has rules with stable references, in order, whose times say where they come from", async () => {
    const { resource } = await deployed();
    const { inputs } = resource("example.org-cache-rules");
    expect(inputs).toMatchObject({ kind: "zone", phase: "http_request_cache_settings" });
    expect(inputs["rules"]).toEqual([
      {
        ref: "images",
        description: "release images",
        expression: 'http.host eq "downloads.example.org"',
        enabled: true,
        action: "set_cache_settings",
        actionParameters: {
          cache: true,
          edgeTtl: {
            mode: "override_origin",
            default: 31_536_000,
            // A missing file is asked for again: it may be there a second later.
            statusCodeTtls: [
              { statusCodeRange: { from: 300, to: 303 }, value: -1 },
              { statusCodeRange: { from: 305, to: 599 }, value: -1 },
            ],
          },
          browserTtl: { mode: "respect_origin" },
        },
      },
      expect.objectContaining({ ref: "indexes", actionParameters: { cache: false } }),
    ]);
  });

  it("has tiers, and the upper one near the origin: the second switch alone does nothing", async () => {
    const { resource } = await deployed();
    expect(resource("example.org-tiered-caching").inputs["value"]).toBe("on");
    expect(resource("example.org-tiered-cache").inputs["value"]).toBe("on");
    expect(resource("example.org-tiered-cache").dependencies).toContain("example.org-tiered-caching");
  });

  it.each<[string, Partial<ZonePlan>, RegExp]>([
    ["two rules with one reference", { cacheRules: [rule("a"), rule("a")] }, /ref is "a, a"/],
    ["a rule without reference", { cacheRules: [rule("")] }, /ref is ""/],
    ["more rules than the plan allows", { cacheRules: Array.from({ length: 11 }, (_, n) => rule(`r${n}`)) }, /is 11/],
    ["an expression that is too long", { cacheRules: [rule("a", "x".repeat(4097))] }, /rule a is 4097/],
  ])("refuses %s", async (_, change, message) => {
    const plan = { ...zonePlan, ...change };
    await expect(run(() => new DownloadCdn("example.org", { plan, zoneId: "z" }))).rejects.toThrow(message);
  });
});

describe("the redirects of a zone", () => {
  it("make their target from an expression and keep the query", async () => {
    const { resource } = await deployed();
    const { inputs } = resource("example.org-redirect-rules");
    expect(inputs).toMatchObject({ kind: "zone", phase: "http_request_dynamic_redirect" });
    expect(inputs["rules"]).toEqual([
      {
        ref: "www",
        description: "www to the wiki",
        expression: 'http.host eq "www.example.org"',
        enabled: true,
        action: "redirect",
        actionParameters: {
          fromValue: {
            statusCode: 301,
            targetUrl: { expression: 'concat("https://wiki.example.org", http.request.uri.path)' },
            preserveQueryString: true,
          },
        },
      },
    ]);
  });

  it("make no ruleset when there are none, as an empty one would hold the phase", async () => {
    const plan = { ...zonePlan, redirectRules: [], cacheRules: [], tieredCache: false };
    const { resources } = await run(() => [
      new ZoneRedirects("example.org", { plan, zoneId: "z" }),
      new DownloadCdn("example.org", { plan, zoneId: "z" }),
    ]);
    expect(resources.every(({ type }) => type.startsWith("foss-infra:"))).toBe(true);
  });
});

function rule(ref: string, expression = "true") {
  return { ref, expression, description: "test", cache: true };
}
