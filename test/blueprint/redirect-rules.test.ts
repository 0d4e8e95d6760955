import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redirectLoops, redirectProblems, redirectRules, redirectTarget } from "../../blueprint/redirect-rules.ts";
import { lede } from "../../estates/lede.ts";
import type { RedirectRulePlan } from "../../model/blueprint.ts";
import type { Redirect, Zone } from "../../model/zone.ts";
import { edgeRequest, matches, textOf } from "./cloudflare-expression.ts";

const zoneOf = (...redirects: Redirect[]): Zone => ({ yearlyFee: 15, redirects });

/** What Cloudflare answers: the first rule that matches. */
const answer = (rules: readonly RedirectRulePlan[], url: string): string | undefined => {
  const request = edgeRequest(url);
  const rule = rules.find(({ expression }) => matches(expression, request));
  if (rule === undefined) return undefined;
  return `${textOf(rule.target, request)}${rule.preserveQuery && request.query !== "" ? `?${request.query}` : ""}`;
};

/** The URL as rules see it, for the reference. */
const seen = (url: string) => {
  const { ssl, host, path, query } = edgeRequest(url);
  return `http${ssl ? "s" : ""}://${host}${path}${query === "" ? "" : `?${query}`}`;
};

describe("redirects of a former name", () => {
  const rules = redirectRules("lede-project.org", lede);

  test.each([
    ["http://lede-project.org/toh/start?do=search", "https://openwrt.org/toh/start?do=search"],
    ["https://www.lede-project.org/", "https://openwrt.org/"],
    ["https://forum.lede-project.org/t/some-topic/17", "https://forum.openwrt.org/t/some-topic/17"],
    ["http://downloads.lede-project.org/releases/17.01.7/", "http://downloads.openwrt.org/releases/17.01.7/"],
    ["https://downloads.lede-project.org/releases/17.01.7/", "https://downloads.openwrt.org/releases/17.01.7/"],
    ["http://release-builds.lede-project.org/17.01/images/", "http://release-builds.openwrt.org/17.01/images/"],
  ])("lead %s to %s", (url, target) => {
    expect(answer(rules, url)).toBe(target);
    expect(redirectTarget(lede, url)).toBe(target);
  });

  test("leave to a service what the edge has no certificate for", () => {
    const url = "http://phase1.builds.lede-project.org/builders/x";
    expect(answer(rules, url)).toBeUndefined();
    expect(redirectTarget(lede, url)).toBe("https://buildbot.openwrt.org/master/images/builders/x");
  });

  test("let certificate authorities through", () => {
    expect(answer(rules, "http://lede-project.org/.well-known/acme-challenge/token")).toBeUndefined();
    expect(redirectTarget(lede, "http://lede-project.org/.well-known/acme-challenge/token")).toBeUndefined();
  });

  test("share a rule where they lead to one place, and leave rules to spare", () => {
    expect(rules.find(({ ref }) => ref === "redirect_to_openwrt_org")?.expression).toContain(
      '{"lede-project.org" "www.lede-project.org"}',
    );
    expect(rules).toHaveLength(7);
    expect(new Set(rules.map(({ ref }) => ref)).size).toBe(7);
  });

  test("end", () => {
    expect(redirectLoops({ "lede-project.org": lede })).toEqual([]);
  });
});

const paths = ["/", "/old/", "/old/deep/", "/lists/"] as const;
const redirect: fc.Arbitrary<Redirect> = fc
  .record({
    from: fc.constantFrom("a.example.org", "b.example.org", "c-d.example.org"),
    prefix: fc.constantFrom(...paths),
    to: fc.constantFrom("https://new.example", "https://new.example/x", "https://other-1.example/y/z"),
    keep: fc.boolean(),
    at: fc.boolean(),
  })
  .map(({ from, prefix, to, keep, at }) => ({
    from,
    to: prefix === "/" ? to : `${to}/`,
    ...(prefix === "/" ? {} : { path: prefix }),
    ...(keep ? { keepScheme: true as const } : {}),
    ...(at ? { at: "web" } : {}),
  })) as fc.Arbitrary<Redirect>;
const zone = fc
  .uniqueArray(redirect, { selector: ({ from, path }) => `${from}${path}`, maxLength: 6 })
  .map((redirects) => zoneOf(...redirects))
  .filter((each) => redirectProblems("example.org", each).length === 0);
const url = fc
  .tuple(
    fc.constantFrom("http", "https"),
    fc.constantFrom("a.example.org", "B.example.org", "c-d.example.org", "d.example.org"),
    fc.constantFrom(
      "/",
      "/old",
      "/old/",
      "/old/deep/",
      "/old/deep/page",
      "/lists/x/../y",
      "/.well-known/acme-challenge/t",
    ),
    fc.constantFrom("", "/", "x", "%20y", "@evil.example", ".evil.example", "//evil.example/"),
    fc.constantFrom("", "?q=1", "?a=/old/&b"),
  )
  .map(([scheme, host, path, rest, query]) => `${scheme}://${host}${path}${rest}${query}`);

describe("redirect rules", () => {
  test("agree with what the zone says, for every URL that the edge answers", () => {
    fc.assert(
      fc.property(zone, fc.array(url, { minLength: 5, maxLength: 10 }), (each, urls) => {
        const edge = { ...each, redirects: (each.redirects ?? []).filter(({ at }) => at === undefined) };
        const rules = redirectRules("example.org", each);
        for (const asked of urls) expect(answer(rules, asked)).toBe(redirectTarget(edge, seen(asked)));
      }),
      { numRuns: 300 },
    );
  });

  test("never lead to a name that the zone does not say, whatever the visitor asks for", () => {
    fc.assert(
      fc.property(zone, url, (each, asked) => {
        const target = answer(redirectRules("example.org", each), asked);
        if (target !== undefined) expect(["new.example", "other-1.example"]).toContain(new URL(target).hostname);
      }),
    );
  });

  test("take the longest path first", () => {
    const rules = redirectRules(
      "example.org",
      zoneOf(
        { from: "a.example.org", to: "https://new.example" },
        { from: "a.example.org", path: "/old/", to: "https://old.example/" },
        { from: "a.example.org", path: "/old/deep/", to: "https://deep.example/at/" },
      ),
    );
    expect(answer(rules, "https://a.example.org/old/deep/")).toBe("https://deep.example/at/");
    expect(answer(rules, "https://a.example.org/old/x?y")).toBe("https://old.example/x?y");
    expect(answer(rules, "https://a.example.org/older")).toBe("https://new.example/older");
  });

  const many = (count: number) =>
    zoneOf(
      ...Array.from({ length: count }, (_, i) => ({ from: `n${i}.example.org`, to: `https://t${i}.example` as const })),
    );

  test("are ten at most: an eleventh is refused with what to do", () => {
    expect(redirectRules("example.org", many(10))).toHaveLength(10);
    expect(() => redirectRules("example.org", many(11))).toThrow(
      /zones\.example\.org\.redirects: they need 11 rules, allowed on the free plan: 10\.\n {2}Set at/,
    );
  });

  test("count only what the edge answers", () => {
    const eleven = many(11);
    const served = zoneOf(...(eleven.redirects ?? []).map((each, i) => (i === 0 ? { ...each, at: "web" } : each)));
    expect(redirectRules("example.org", served)).toHaveLength(10);
  });

  test("hold long lists of names in expressions of the allowed length", () => {
    const names = Array.from({ length: 400 }, (_, i) => `former-name-${i}.example.org`);
    const rules = redirectRules(
      "example.org",
      zoneOf(...names.map((from) => ({ from, to: "https://new.example" as const }))),
    );
    expect(rules.length).toBeLessThan(10);
    expect(new Set(rules.map(({ ref }) => ref)).size).toBe(rules.length);
    for (const { expression } of rules) expect(expression.length).toBeLessThanOrEqual(4_096);
    for (const name of [names[0], names[200], names[399]])
      expect(answer(rules, `https://${name}/x`)).toBe("https://new.example/x");
  });

  test.each<[string, Redirect]>([
    ["a path without a slash at its end", { from: "a.example.org", path: "/old", to: "https://new.example/" }],
    ["a target without one behind a path", { from: "a.example.org", path: "/old/", to: "https://new.example" }],
    ["a target with a query", { from: "a.example.org", to: "https://new.example/?x" }],
    ["a target with a user", { from: "a.example.org", to: "https://new.example@evil.example" }],
  ])("refuse %s", (_, bad) => {
    expect(() => redirectRules("example.org", zoneOf(bad))).toThrow(/zones\.example\.org\.redirects: a\.example\.org/);
  });

  test("report all mistakes of a zone at once, a doubled name among them", () => {
    const twice = { from: "a.example.org", to: "https://new.example" } as const;
    expect(redirectProblems("example.org", zoneOf(twice, twice, { ...twice, path: "/x" }))).toHaveLength(2);
  });
});

describe("redirect loops", () => {
  test("are found within a zone, through another zone, and through a service's redirect", () => {
    expect(redirectLoops({ z: zoneOf({ from: "a.example.org", to: "https://a.example.org" }) })).toEqual([
      ["https://a.example.org/", "https://a.example.org/"],
    ]);
    expect(
      redirectLoops({
        "example.org": zoneOf({ from: "a.example.org", to: "https://b.example.net" }),
        "example.net": zoneOf({ from: "b.example.net", to: "https://a.example.org", at: "web" }),
      }),
    ).toEqual([["https://a.example.org/", "https://b.example.net/", "https://a.example.org/"]]);
  });

  test("are found where only http runs in a circle", () => {
    const zones = {
      "example.org": zoneOf(
        { from: "a.example.org", to: "https://b.example.org", keepScheme: true },
        { from: "b.example.org", to: "https://a.example.org", keepScheme: true },
      ),
    };
    expect(redirectLoops(zones)).toHaveLength(1);
  });

  test("are found where a path leads back below itself, and where it grows", () => {
    const back = zoneOf(
      { from: "a.example.org", path: "/x/", to: "https://b.example.org/" },
      { from: "b.example.org", path: "/y/", to: "https://a.example.org/x/y/" },
    );
    expect(redirectLoops({ "example.org": back })).toHaveLength(1);
    const growing = zoneOf({ from: "a.example.org", to: "https://a.example.org/x" });
    expect(redirectLoops({ "example.org": growing })[0]?.at(-1)).toBe("…");
  });

  test("are not seen in chains that end, nor in a path that moves within its name", () => {
    const zones = {
      "example.org": zoneOf(
        { from: "a.example.org", to: "https://b.example.org" },
        { from: "b.example.org", to: "https://c.example.org", keepScheme: true },
        { from: "c.example.org", path: "/old/", to: "https://c.example.org/new/" },
      ),
    };
    expect(redirectLoops(zones)).toEqual([]);
  });

  test("never trap a browser where none is reported", () => {
    const inside = fc
      .record({
        from: fc.constantFrom("a.example.org", "b.example.org", "c.example.org"),
        to: fc.constantFrom(
          "https://a.example.org",
          "https://b.example.org",
          "https://c.example.org",
          "https://d.example.org",
        ),
        keep: fc.boolean(),
      })
      .map(({ from, to, keep }) => ({ from, to, ...(keep ? { keepScheme: true as const } : {}) }) as Redirect);
    fc.assert(
      fc.property(fc.uniqueArray(inside, { selector: ({ from }) => from, maxLength: 3 }), url, (redirects, asked) => {
        const only = zoneOf(...redirects);
        fc.pre(redirectLoops({ "example.org": only }).length === 0);
        let at: string | undefined = seen(asked);
        let hops = 0;
        for (; at !== undefined; at = redirectTarget(only, at)) hops++;
        expect(hops).toBeLessThanOrEqual(4);
      }),
    );
  });
});
