import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { blueprintOf } from "../../blueprint/blueprint.ts";
import { estates } from "../../estates/estates.ts";
import type { Estate } from "../../model/estate.ts";
import { parseSettings } from "../../model/parse-settings.ts";

const ROOT = join(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "docs/adding-a-project.md"), "utf8");

/** The n-th block of a language on the page. */
function block(language: string, index = 0): string {
  const found = [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))][index]?.[1];
  if (found === undefined) throw new Error(`docs/adding-a-project.md has no block ${index + 1} of ${language}.`);
  return found;
}

const folder = mkdtempSync(join(tmpdir(), "small-estate-"));
let harbour: Estate;

/** A module outside of the project: its imports name the project's folder. */
function moduleOf(name: string, text: string): string {
  const file = join(folder, `${name}.mts`);
  writeFileSync(file, text.replaceAll('from "../', `from "${ROOT}/`));
  return file;
}

beforeAll(async () => {
  const module: unknown = await import(pathToFileURL(moduleOf("harbour", block("ts"))).href);
  harbour = (module as { readonly harbour: Estate }).harbour;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the rehearsal hands to the program: the page's settings and the examples for the rest. */
function settingsOf(): Readonly<Record<string, string>> {
  const { config: own } = parse(block("yaml")) as { readonly config: Record<string, unknown> };
  const { config: examples } = parse(readFileSync(join(ROOT, "rehearsal/settings/examples.yaml"), "utf8")) as {
    readonly config: Record<string, unknown>;
  };
  const values = { ...examples, ...own };
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key.replace(/^foss-infra:/, ""),
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function compilerMessages(file: string): string[] {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const program = ts.createProgram([file], { ...options, types: ["node"] });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("the project that docs/adding-a-project.md builds", () => {
  test("compiles, and not with a host that does not exist", () => {
    expect(compilerMessages(moduleOf("right", block("ts")))).toEqual([]);
    const wrong = moduleOf("wrong", block("ts").replace('website({ on: "main-01"', 'website({ on: "main-02"'));
    expect(compilerMessages(wrong)).toEqual([expect.stringContaining('"main-02"')]);
  });

  test("is listed by the same words as ours", () => {
    expect(block("ts", 1)).toContain("export const estates: Readonly<Record<string, Estate>> = {");
    expect(readFileSync(join(ROOT, "estates/estates.ts"), "utf8")).toContain(
      "export const estates: Readonly<Record<string, Estate>> = {",
    );
    expect(block("ts", 1)).toContain(`{ …, ${harbour.name} }`);
  });

  test("is planned from its settings and the examples, within its budget", () => {
    const { settings, estate } = parseSettings(settingsOf(), { ...estates, harbour });
    const plan = blueprintOf(estate, settings);
    expect(plan.hosts.map(({ fqdn }) => fqdn)).toEqual([
      "main-01.infra.harbour.example",
      "backup-01.infra.harbour.example",
    ]);
    expect(plan.backups.map(({ repository }) => repository)).toEqual(["backup-01:/srv/data/backups/main-01/git"]);
    expect(plan.cost.hetzner.cents).toBe(713);
    expect(plan.zones.map(({ name }) => name)).toEqual(["harbour.example"]);
  });

  test("is taken down as the page says", () => {
    const { settings } = parseSettings({ ...settingsOf(), unprotected: "all" }, { harbour });
    const { hetzner, digitalOcean, zones } = blueprintOf(harbour, settings);
    const guarded = [...hetzner.servers, ...digitalOcean.droplets, ...zones].filter(({ protect }) => protect);
    expect(guarded).toEqual([]);
  });
});
