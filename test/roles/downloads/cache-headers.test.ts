import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CachePolicy, cacheClass } from "../../../model/cache-policy.ts";
import { cacheControl, cacheHeaders } from "../../../roles/downloads/cache-headers.ts";
import { downloadCachePolicy } from "../../../roles/downloads/cache-policy.ts";

const NAMES = ["downloads.example.org", "sources.example.org"];
const policy = downloadCachePolicy({ sources: ["sources.example.org"] });

/** What nginx would do: the first expression of the map that fits name and path. */
function answered(text: string, name: string, path: string): string {
  const map = /map \$host\$downloads_path \$downloads_class \{\n([\s\S]*?)\n\}/.exec(text)?.[1] ?? "";
  const rules = [...map.matchAll(/^ {4}"~(.*)" "(.*)";$/gm)];
  const [, , value] = rules.find(([, expression = ""]) => new RegExp(expression).test(`${name}${path}`)) ?? [];
  return value ?? "no rule";
}

const part = fc.constantFrom(
  ...[
    "snapshots",
    "releases",
    "targets",
    "packages",
    "packages-19.07",
    "kmods",
    "faillogs-19.07",
    "19.07.5",
    "24.10.0-rc1",
  ],
  ...[
    "24.10",
    "24.10-SNAPSHOT",
    "23x05.1",
    "x86",
    "64",
    "Packages",
    "sha256sums",
    "profiles.json",
    ".versions.json",
    "a%2Fb",
  ],
  ...["image.bin", "image.img.gz", "imagexbin", "image.BIN", "tool.tar.xz", "tool.tar.gz.asc", "a.tgz", "a.bin.sha256"],
);
const paths = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 6 }), fc.boolean())
  .map(([parts, folder]) => `/${parts.join("/")}${folder ? "/" : ""}`);

describe("cache headers", () => {
  const text = cacheHeaders(policy);

  test("say the same as the policy that the CDN's rules come from, for any URL", () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), paths, (name, path) => {
        expect(answered(text, name, path)).toBe(cacheControl(cacheClass(policy, `https://${name}${path}`).caching));
      }),
      { numRuns: 2_000 },
    );
  });

  test("keep an image of a release for a year, and its checksums not at all", () => {
    const folder = "/releases/24.10.0/targets/x86/64";
    expect(answered(text, NAMES[0]!, `${folder}/a.img.gz`)).toBe("public, max-age=31536000, immutable");
    expect(answered(text, NAMES[0]!, `${folder}/sha256sums`)).toBe("no-cache");
  });

  test("keep nothing that is asked for in a way which the CDN would rewrite", () => {
    for (const path of [
      "//releases/24.10.0/targets/a.bin",
      "/releases/24.10.0/targets/../../a.bin",
      "/./a.bin",
      "/a/..",
    ])
      expect(answered(text, NAMES[1]!, path)).toBe("no-cache");
  });

  test("any kind of condition, with characters that mean something to expressions, means itself", () => {
    const strange: CachePolicy = {
      classes: [
        { id: "a", what: "", paths: [{ exact: ["/a+b(c).d"] }], caching: { edge: 60 } },
        {
          id: "b",
          what: "",
          hosts: ["b.example.org"],
          paths: [{ prefix: ["/v#/"], suffix: ["$"] }],
          caching: "immutable",
        },
      ],
      otherwise: "bypass",
    };
    const made = cacheHeaders(strange);
    expect(answered(made, "x.example.org", "/a+b(c).d")).toBe("public, max-age=0, s-maxage=60");
    expect(answered(made, "x.example.org", "/a+b(c)xd")).toBe("no-cache");
    expect(answered(made, "b.example.org", "/v1/x$")).toBe("public, max-age=31536000, immutable");
    expect(answered(made, "bxexample.org", "/v1/x$")).toBe("no-cache");
  });

  test("only answers that are files may be kept", () => {
    expect(text).toMatch(
      /map \$status \$downloads_caching \{\n {4}default "no-cache";\n {4}~\^\(200\|206\|304\)\$ \$downloads_class;/,
    );
  });
});
