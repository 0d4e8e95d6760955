import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { estates } from "../../estates/estates.ts";
import { FIELDS } from "../../model/setting-fields.ts";
import { type CommandLine, commandLines } from "./command-lines.ts";
import { GH, OTHERS, PULUMI } from "./known-programs.ts";

const PROJECT = join(import.meta.dirname, "../..");
const runbooks = readdirSync(join(PROJECT, "docs/runbooks")).filter((file) => file.endsWith(".md"));
const PAGES = ["README.md", "docs/README.md", "docs/deploying.md", ...runbooks.map((file) => `docs/runbooks/${file}`)];
const text = (page: string) => readFileSync(join(PROJECT, page), "utf8");
const commands = PAGES.flatMap((page) => commandLines(page, text(page), ["npm", "pulumi", "gh"]));
const scripts = Object.keys(JSON.parse(text("package.json")).scripts);

const settings = new Set([
  "estate",
  ...Object.keys(FIELDS),
  ...Object.values(estates).flatMap((estate) => [
    ...Object.values(estate.pools).map(({ setting }) => setting),
    ...(estate.donations ? [estate.donations.setting] : []),
  ]),
]);

const of = (program: string) => commands.filter(({ words }) => words[0] === program);
const shown = ({ page, line, words }: CommandLine) => `${page}:${line}: ${words.join(" ")}`;

test("the pages are found, and their commands", () => {
  expect(runbooks.length).toBeGreaterThan(10);
  expect(new Set(commands.map(({ page }) => page)).size).toBeGreaterThan(10);
});

test("every program is one that is known here", () => {
  const known = ["npm", "pulumi", "gh", ...OTHERS];
  const strange = commands.filter(({ words: [first = ""] }) => !known.includes(first) && !first.includes("/"));
  expect(strange.map(shown)).toEqual([]);
});

test("scripts of the project are there and can be run", () => {
  const own = commands.filter(({ words: [first = ""] }) => first.includes("/"));
  expect(own.length).toBeGreaterThan(0);
  for (const command of own)
    expect(statSync(join(PROJECT, command.words[0] ?? "")).mode & 0o111, shown(command)).toBeGreaterThan(0);
});

describe("npm", () => {
  const npm = of("npm").map((command) => ({ command, words: command.words.filter((word) => word !== "--silent") }));

  test("runs scripts that the project has", () => {
    for (const { command, words } of npm) {
      const script = words[1] === "run" ? words[2] : words[1];
      expect(["ci", "install", ...scripts], shown(command)).toContain(script);
    }
  });

  test("ops has the commands, subcommands and options that pages use", async () => {
    const used = npm.filter(({ words }) => words[1] === "run" && words[2] === "ops");
    for (const { command, words } of used) {
      expect(words[3], shown(command)).toBe("--");
      const [name = "", ...rest] = words.slice(4);
      if (name === "" || name === "<command>" || name === "help") continue;
      const file = join(PROJECT, "ops", name, "command.ts");
      expect(existsSync(file), shown(command)).toBe(true);
      const made = ((await import(file)) as { command: () => Command }).command();
      const below = made.commands.find((each) => each.name() === rest[0]);
      if (made.commands.length > 0) expect(below, `${shown(command)}: no such subcommand`).toBeDefined();
      const known = [made, ...(below ? [below] : [])].flatMap(({ options }) =>
        options.flatMap(({ long, short }) => [long, short]),
      );
      for (const flag of flagsIn(rest)) expect(["--help", ...known], shown(command)).toContain(flag);
    }
    expect(used.length).toBeGreaterThan(20);
  });

  test("rehearse has the verbs and options that pages use", () => {
    const help = new Map<string, string>();
    const used = npm.filter(({ words }) => words[1] === "run" && words[2] === "rehearse" && words.length > 3);
    for (const { command, words } of used) {
      expect(words[3], shown(command)).toBe("--");
      const [verb = "", ...rest] = words.slice(4);
      const known =
        help.get(verb) ??
        execFileSync(process.execPath, ["rehearsal/cli.ts", verb, "--help"], { cwd: PROJECT, encoding: "utf8" });
      help.set(verb, known);
      expect(known, shown(command)).toContain(`rehearse ${verb} `);
      for (const flag of flagsIn(rest)) expect(known, shown(command)).toMatch(new RegExp(`(^|[ ,])${flag}\\b`, "m"));
    }
    expect(used.length).toBeGreaterThan(5);
  });
});

const LONG: Readonly<Record<string, string>> = { "-s": "--stack", "-y": "--yes" };

test.each([
  ["pulumi", PULUMI],
  ["gh", GH],
])("%s has the commands and flags that pages use", (program, table) => {
  for (const command of of(program)) {
    const [, first = "", second = ""] = command.words;
    if (first.startsWith("--")) continue;
    const name = first in table ? first : `${first} ${second}`;
    expect(Object.keys(table), shown(command)).toContain(name);
    for (const flag of flagsIn(command.words)) expect(table[name], shown(command)).toContain(LONG[flag] ?? flag);
  }
});

test("pulumi config names settings that the program has", () => {
  const used = of("pulumi").filter(({ words }) => words[1] === "config");
  for (const command of used) {
    const key = command.words
      .slice(3)
      .filter((word, index, all) => !word.startsWith("-") && all[index - 1] !== "-s")[0];
    if (key !== undefined) expect(settings, shown(command)).toContain(key);
  }
  expect(used.length).toBeGreaterThan(5);
});

test("a stack that is named is one of the project's, or made on that page", () => {
  for (const command of [...of("pulumi"), ...of("npm")]) {
    const at = command.words.findIndex((word) => word === "-s" || word === "--stack");
    if (at < 0) continue;
    const stack = command.words[at + 1];
    const known =
      existsSync(join(PROJECT, `Pulumi.${stack}.yaml`)) || text(command.page).includes("name that stack's state");
    expect(known, shown(command)).toBe(true);
  }
});

test("files, workflows and pages that are mentioned are there", () => {
  for (const page of PAGES) {
    const links = [...text(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to = ""]) => join(dirname(page), to));
    const paths = [
      ...text(page).matchAll(/(?<![\w/.:-])((?:\.github|docs|ops|rehearsal|model|estates|test|roles)\/[\w./-]+)/g),
    ].map(([, path = ""]) => path.replace(/\.$/, ""));
    for (const path of [...links, ...paths]) {
      // Made by `ops converge` at first contact.
      if (/\.known_hosts$/.test(path)) continue;
      expect(existsSync(join(PROJECT, path)), `${page}: ${path}`).toBe(true);
    }
    for (const [, workflow] of text(page).matchAll(/\b([a-z]+\.yml)\b/g))
      if (workflow !== "Pulumi.yml")
        expect(existsSync(join(PROJECT, ".github/workflows", workflow ?? "")), `${page}: ${workflow}`).toBe(true);
  }
});

test("the index names every runbook", () => {
  for (const file of runbooks) expect(text("docs/README.md")).toContain(`runbooks/${file}`);
});

test("a page fits a screen or two", () => {
  for (const file of runbooks) expect(text(`docs/runbooks/${file}`).split("\n").length, file).toBeLessThanOrEqual(80);
});

/** `--flag`, `--flag=value`, `-s`; not what is after a lone `--`, nor values of options. */
function flagsIn(words: readonly string[]): string[] {
  return words.flatMap((word) => /^(--[a-z][\w-]*|-[a-zA-Z])(=|$)/.exec(word)?.[1] ?? []);
}
