import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { estates } from "../../estates/estates.ts";

/** Names, titles and domains of all estates, and the other names that their projects go by. */
const NAMES = [
  ...Object.values(estates).flatMap(({ name, title, zones }) => [name, title, ...Object.keys(zones)]),
  "lede",
  "rdoproject",
  "lede-project",
];
const AS_WORDS = new RegExp(
  `(?<![a-z0-9])(${[...new Set(NAMES.map((name) => name.toLowerCase().replaceAll(".", "\\.")))].join("|")})(?![a-z0-9])`,
  "i",
);
const ROOT = join(import.meta.dirname, "../..");

/** `file:line: text` of each line that names a project. */
function named(rooms: readonly string[], allowed?: RegExp): string[] {
  return rooms.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap(({ parentPath, name }) => {
        const file = join(parentPath, name);
        return readFileSync(file, "utf8")
          .split("\n")
          .flatMap((line, index) =>
            AS_WORDS.test(allowed ? line.replaceAll(allowed, "") : line)
              ? [`${file.slice(ROOT.length + 1)}:${index + 1}: ${line.trim().slice(0, 100)}`]
              : [],
          );
      }),
  );
}

test("the search finds projects by name, title and domain, and no words that only contain them", () => {
  for (const text of ["OpenWrt's", "openwrt.org", "LEDE 17.01", "x.lede-project.org", "RDO", "trunk.rdoproject.org"])
    expect(AS_WORDS.test(text), text).toBe(true);
  for (const text of ["resOpFailedEvent", "called", "hardorder", "pulled"])
    expect(AS_WORDS.test(text), text).toBe(false);
});

test("neither model, blueprint, components, rehearsal nor the entrypoint know any project", () => {
  expect(named(["model", "blueprint", "components", "rehearsal"])).toEqual([]);
  expect(AS_WORDS.test(readFileSync(join(ROOT, "index.ts"), "utf8"))).toBe(false);
});

test("roles know no project either, except where they cite one's issue or commit as the source of a fact", () => {
  expect(named(["roles"], /[\w-]+\/[\w.-]+[#@][0-9a-f]+/g)).toEqual([]);
});
