import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cacheRules } from "../../blueprint/cache-rules.ts";
import type { CacheRulePlan } from "../../model/blueprint.ts";
import { type CachePolicy, type Caching, cacheClass, type PathPattern } from "../../model/cache-policy.ts";
import { downloadCachePolicy } from "../../roles/downloads/cache-policy.ts";
import { edgeRequest, matches } from "./cloudflare-expression.ts";

const DOWNLOADS = "downloads.example.org";
const SOURCES = "sources.example.org";
const names = [DOWNLOADS, SOURCES];
const policy = downloadCachePolicy({ sources: [SOURCES] });
const rules = cacheRules({ names, policy });

/** What Cloudflare does: every matching rule sets its settings anew, so the last one stays. */
const outcome = (planned: readonly CacheRulePlan[], url: string) => {
  const request = edgeRequest(url);
  const rule = planned.findLast(({ expression }) => matches(expression, request));
  return rule && { cache: rule.cache, edgeTtl: rule.edgeTtl };
};

const settings = (caching: Caching) =>
  caching === "bypass"
    ? { cache: false, edgeTtl: undefined }
    : caching === "immutable"
      ? { cache: true, edgeTtl: 31_536_000 }
      : { cache: true, edgeTtl: caching.edge < 7_200 ? undefined : caching.edge };

/** The URL as rules see it, for the reference. */
const seen = (url: string) => {
  const { ssl, host, path } = edgeRequest(url);
  return `http${ssl ? "s" : ""}://${host}${path}`;
};

const KEPT = { cache: true, edgeTtl: 31_536_000 };
const NOT_KEPT = { cache: false, edgeTtl: undefined };

describe("the rules of a download tree", () => {
  const image = "targets/ath79/generic/example-23.05.5-ath79-generic-router-squashfs-sysupgrade.bin";

  test.each([
    `/releases/23.05.5/${image}`,
    "/releases/23.05.5/targets/x86/64/example-23.05.5-x86-64-generic-ext4-combined.img.gz",
    "/releases/17.01.7/targets/ar71xx/generic/lede-17.01.7-ar71xx-generic-archer-c7-v2-squashfs-factory.bin",
    "/releases/24.10.0-rc1/targets/mediatek/filogic/example-sdk-24.10.0-rc1-mediatek-filogic.Linux-x86_64.tar.zst",
    "/releases/23.05.10/targets/x86/64/example-imagebuilder-23.05.10-x86-64.Linux-x86_64.tar.xz",
  ])("keep %s for a year, by http as by https", (path) => {
    for (const scheme of ["http", "https"]) expect(outcome(rules, `${scheme}://${DOWNLOADS}${path}`)).toEqual(KEPT);
  });

  test.each([
    "/releases/23.05.5/targets/ath79/generic/sha256sums",
    "/releases/23.05.5/targets/ath79/generic/sha256sums.asc",
    "/releases/23.05.5/targets/ath79/generic/sha256sums.sig",
    "/releases/23.05.5/targets/ath79/generic/profiles.json",
    "/releases/23.05.5/targets/ath79/generic/",
    "/releases/23.05.5/targets/ath79/generic/packages/Packages.gz",
    "/releases/23.05.5/targets/ath79/generic/packages/kernel_5.15.167-1_mips_24kc.ipk",
    "/releases/23.05.5/targets/ath79/generic/kmods/5.15.167-1-0/Packages",
    "/releases/23.05.5/targets/ath79/generic/kmods/5.15.167-1-0/driver.bin",
    "/releases/23.05.5/packages/mips_24kc/base/Packages.manifest",
    "/releases/packages-23.05/mips_24kc/base/packages.adb",
    "/releases/packages-23.05/mips_24kc/targets/firmware.bin",
    "/releases/24.10-SNAPSHOT/targets/x86/64/example-x86-64.img.gz",
    "/releases/17.01-SNAPSHOT/targets/ar71xx/generic/example.bin",
    "/releases/24.10.0-SNAPSHOT/targets/x86/64/example-x86-64.img.gz",
    "/releases/24.10/targets/x86/64/example-alias-of-the-latest.img.gz",
    "/releases/faillogs-19.07/mips_24kc/targets/build.tar",
    "/snapshots/targets/x86/64/example-x86-64.img.gz",
    "/snapshots/packages/x86_64/base/index.json",
    "/snapshots/faillogs/mips_24kc/base/log.tar",
    "/.versions.json",
    "/releases/",
    "/",
    "/some.tar.gz",
  ])("never keep %s", (path) => {
    expect(outcome(rules, `https://${DOWNLOADS}${path}`)).toEqual(NOT_KEPT);
  });

  test("keep source archives, but not what vouches for them", () => {
    expect(outcome(rules, `http://${SOURCES}/gcc-13.3.0.tar.xz`)).toEqual(KEPT);
    expect(outcome(rules, `http://${SOURCES}/gcc-13.3.0.tar.xz.sig`)).toEqual(NOT_KEPT);
    expect(outcome(rules, `http://${SOURCES}/`)).toEqual(NOT_KEPT);
  });

  test("judge a path after its dot segments, not by how it begins", () => {
    const tricks = ["../../../../snapshots/x.bin", "%2e%2e/../../../snapshots/x.bin", "..\\..\\..//../snapshots/x.bin"];
    for (const trick of tricks) {
      const url = `https://${DOWNLOADS}/releases/23.05.5/targets/x/${trick}`;
      expect(edgeRequest(url).path).toMatch(/^(\/releases)?\/snapshots\/x\.bin$/);
      expect(outcome(rules, url)).toEqual(NOT_KEPT);
    }
  });

  test("do not trust a path in which a slash is hidden", () => {
    expect(outcome(rules, `https://${DOWNLOADS}/releases/23.05.5/targets/x/y/kmods%2f5.15/z.bin`)).toEqual(NOT_KEPT);
    expect(outcome(rules, `https://${DOWNLOADS}/releases/23.05.5/targets/..%2f..%2fsnapshots/z.bin`)).toEqual(NOT_KEPT);
  });

  test("apply to a name written in capitals, and to no other name", () => {
    expect(outcome(rules, `https://${DOWNLOADS.toUpperCase()}/releases/23.05.5/${image}`)).toEqual(KEPT);
    expect(outcome(rules, `https://wiki.example.org/releases/23.05.5/${image}`)).toBeUndefined();
  });

  test("say the same of a URL with a query", () => {
    expect(outcome(rules, `https://${DOWNLOADS}/releases/23.05.5/${image}?mirror=1`)).toEqual(KEPT);
    expect(outcome(rules, `https://${DOWNLOADS}/snapshots/?x=/releases/23.05.5/${image}`)).toEqual(NOT_KEPT);
  });

  test("say in their descriptions what they are for", () => {
    expect(rules.find(({ ref }) => ref === "cache_releases")?.description).toBe(
      "Kept for a year: images, SDK and ImageBuilder of numbered releases and their candidates; source archives",
    );
  });

  test("have references that stay while texts change, and room for rules of others", () => {
    expect(rules.map(({ ref }) => ref)).toEqual(["cache_otherwise", "cache_releases", "cache_acme_challenges"]);
  });
});

/** Trees as release builds, package builds and uploads make them; what each file is, is known from how it was made. */
const word = fc
  .stringMatching(/^[a-z][a-z0-9_-]{0,7}$/)
  .filter((text) => !/^(kmods|packages|faillogs|targets)/.test(text));
const version = fc
  .tuple(
    fc.integer({ min: 17, max: 39 }),
    fc.integer({ min: 1, max: 12 }),
    fc.nat(15),
    fc.option(fc.integer({ min: 1, max: 12 })),
  )
  .map(([year, month, number, candidate]) => ({
    series: `${year}.${String(month).padStart(2, "0")}`,
    release: `${year}.${String(month).padStart(2, "0")}.${number}${candidate === null ? "" : `-rc${candidate}`}`,
  }));
const ending = fc.constantFrom(".bin", ".img.gz", ".itb", ".tar.xz", ".tar.zst", ".vmdk", ".ubi");
const signed = fc.constantFrom(
  ...["sha256sums", "sha256sums.asc", "sha256sums.sig", "profiles.json", "Packages", "Packages.gz", "Packages.sig"],
  ...["packages.adb", "index.json", ""],
);
const board = fc.tuple(word, word).map((parts) => parts.join("/"));
const file = fc.oneof(
  fc.tuple(word, ending).map((parts) => parts.join("")),
  signed,
);

const immutable = fc.oneof(
  fc
    .tuple(version, board, word, ending)
    .map(([{ release }, at, name, end]) => `${DOWNLOADS}/releases/${release}/targets/${at}/${name}-${release}${end}`),
  fc
    .tuple(word, version, fc.constantFrom(".tar.gz", ".tar.xz", ".tar.bz2", ".zip"))
    .map(([name, { release }, end]) => `${SOURCES}/${name}-${release}${end}`),
);
const changing = fc
  .oneof(
    fc.tuple(version, board, signed).map(([{ release }, at, name]) => `releases/${release}/targets/${at}/${name}`),
    fc
      .tuple(version, board, fc.constantFrom("kmods/6.6", "packages"), file)
      .map(([{ release }, at, folder, name]) => `releases/${release}/targets/${at}/${folder}/${name}`),
    fc.tuple(version, board, file).map(([{ series }, at, name]) => `releases/${series}-SNAPSHOT/targets/${at}/${name}`),
    fc.tuple(version, board, file).map(([{ series }, at, name]) => `releases/${series}/targets/${at}/${name}`),
    fc.tuple(version, board, file).map(([{ series }, at, name]) => `releases/packages-${series}/${at}/${name}`),
    fc.tuple(version, board, file).map(([{ release }, at, name]) => `releases/${release}/packages/${at}/${name}`),
    fc.tuple(version, board, file).map(([{ series }, at, name]) => `releases/faillogs-${series}/${at}/${name}`),
    fc
      .tuple(fc.constantFrom("targets", "packages", "faillogs"), board, file)
      .map(([tree, at, name]) => `snapshots/${tree}/${at}/${name}`),
    fc.tuple(board, file).map((parts) => parts.join("/")),
  )
  .map((path) => `${DOWNLOADS}/${path}`);

/** Anything that a client may send after a name. */
const fragment = fc.oneof(
  fc.constantFrom(
    ...[
      "releases",
      "snapshots",
      "targets",
      "packages",
      "kmods",
      "23.05.5",
      "24.10.0-rc1",
      "17.01-SNAPSHOT",
      "24.10",
      "..",
    ],
    ...[".", "", "%2e%2e", "a%2Fb", "x.img.gz", "X.BIN", "sha256sums", "faillogs-19.07", "\\", "é", "a b", "#"],
    ...[".well-known", "acme-challenge"],
  ),
  fc.string({ maxLength: 6 }).map((text) => text.replace(/[?#]/g, "")),
);
const weird = fc
  .tuple(fc.constantFrom(...names), fc.array(fragment, { maxLength: 7 }))
  .map(([name, parts]) => `${name}/${parts.join("/")}`);
const scheme = fc.constantFrom("http", "https");

describe("rules made from a policy", () => {
  test("keep what a release made once and nothing that changes under its name", () => {
    fc.assert(
      fc.property(scheme, immutable, changing, (by, kept, notKept) => {
        expect(outcome(rules, `${by}://${kept}`)).toEqual(KEPT);
        expect(outcome(rules, `${by}://${notKept}`)).toEqual(NOT_KEPT);
      }),
    );
  });

  test("agree with the table on every URL, however odd", () => {
    fc.assert(
      fc.property(scheme, fc.oneof(weird, immutable, changing), (by, rest) => {
        const url = `${by}://${rest}`;
        expect(outcome(rules, url)).toEqual(settings(cacheClass(policy, seen(url)).caching));
      }),
      { numRuns: 500 },
    );
  });

  test("agree with any other table, also when its classes overlap", () => {
    const text = fc.constantFrom("/a", "/a/", "/b", "a", "b", "/1", "c.x", ".x", "/a/b");
    const path = fc.constantFrom(
      "/a",
      "/a/",
      "/b/1",
      "/#/a" as const,
      "/a/##" as const,
      "/1",
    ) as fc.Arbitrary<`/${string}`>;
    const list = <T>(each: fc.Arbitrary<T>) =>
      fc.option(fc.array(each, { minLength: 1, maxLength: 3 }), { nil: undefined });
    const pattern = fc
      .record({ prefix: list(path), contains: list(text), suffix: list(text), exact: list(path) })
      .map(
        (parts) => Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as PathPattern,
      );
    const caching = fc.oneof<fc.Arbitrary<Caching>[]>(
      fc.constantFrom("bypass" as const, "immutable" as const),
      fc.constantFrom(60, 7_200).map((edge) => ({ edge })),
    );
    const arbitrary: fc.Arbitrary<CachePolicy> = fc.record({
      classes: fc
        .array(
          fc.record({ paths: fc.array(pattern, { minLength: 1, maxLength: 3 }), caching, hosts: fc.subarray(names) }),
          { maxLength: 7 },
        )
        .map((classes) =>
          classes.map(({ hosts, ...rest }, index) => ({
            ...rest,
            ...(hosts.length > 0 ? { hosts } : {}),
            id: `c${index}`,
            what: "",
          })),
        ),
      otherwise: caching,
    });
    const url = fc
      .tuple(
        fc.constantFrom(...names),
        fc.array(fc.constantFrom("a", "b", "1", "12", "c.x", "", "1/a"), { maxLength: 4 }),
      )
      .map(([name, parts]) => `https://${name}/${parts.join("/")}`);
    fc.assert(
      fc.property(arbitrary, fc.array(url, { minLength: 5, maxLength: 10 }), (table, urls) => {
        const planned = cacheRules({ names, policy: table });
        for (const each of urls)
          expect(outcome(planned, each)).toEqual(settings(cacheClass(table, seen(each)).caching));
      }),
      { numRuns: 300 },
    );
  });

  test("let certificate authorities through, whatever the policy keeps", () => {
    const greedy: CachePolicy = {
      classes: [{ id: "all", what: "all", paths: [{}], caching: "immutable" }],
      otherwise: "immutable",
    };
    const planned = cacheRules({ names, policy: greedy });
    expect(outcome(planned, `http://${DOWNLOADS}/.well-known/acme-challenge/token`)).toEqual(NOT_KEPT);
    expect(outcome(planned, `http://${DOWNLOADS}/token`)).toEqual(KEPT);
  });

  test("split lists that are too long for one expression, and stay right", () => {
    const many = Array.from({ length: 400 }, (_, index) => `mirror-${index}.example.org`);
    const long: CachePolicy = {
      classes: [
        {
          id: "files",
          what: "files",
          paths: [{ suffix: Array.from({ length: 150 }, (_, index) => `.x${index}`) }],
          caching: "immutable",
        },
      ],
      otherwise: "bypass",
    };
    for (const planned of [
      cacheRules({ names: many, policy: { classes: [], otherwise: "bypass" } }),
      cacheRules({ names, policy: long }),
    ]) {
      expect(planned.length).toBeGreaterThan(1);
      expect(new Set(planned.map(({ ref }) => ref)).size).toBe(planned.length);
      for (const { expression } of planned) expect(expression.length).toBeLessThanOrEqual(4_096);
    }
    for (const ending of ["x0", "x75", "x149"])
      expect(outcome(cacheRules({ names, policy: long }), `https://${DOWNLOADS}/f.${ending}`)).toEqual(KEPT);
  });

  test("refuse a policy that needs more rules than the plan has, saying how many", () => {
    const classes = Array.from({ length: 10 }, (_, index) => ({
      id: `c${index}`,
      what: "",
      paths: [{ prefix: [`/${index}/`] as const }],
      caching: index % 2 === 0 ? ("immutable" as const) : ("bypass" as const),
    }));
    const ten = { classes: classes.slice(0, 8), otherwise: "immutable" } as const;
    expect(cacheRules({ names, policy: ten })).toHaveLength(10);
    expect(() => cacheRules({ names, policy: { classes, otherwise: "immutable" } })).toThrow(
      /found 12, allowed on the free plan: 10\.\n {2}Put classes/,
    );
  });

  test("refuse a single text that no expression can hold", () => {
    const policyOf = (contains: string): CachePolicy => ({
      classes: [{ id: "long", what: "", paths: [{ contains: [contains] }], caching: "immutable" }],
      otherwise: "bypass",
    });
    expect(() => cacheRules({ names, policy: policyOf("x".repeat(4_096)) })).toThrow(
      /cache class long: .* allowed: 4096/,
    );
  });
});
