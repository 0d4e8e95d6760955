import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { EXIT, Refusal } from "./exit-codes.ts";

/** A stack as the rehearsal runs it: which program, with which configuration. */
export interface Stack {
  name: string;
  project: string;
  /** Folder of `Pulumi.yaml`. */
  directory: string;
  /** The program's entry, relative to the folder. */
  entry: string;
  /** By `namespace:key`, as text: what is not text is JSON. */
  config: Record<string, string>;
  secretKeys: string[];
  /** Keys whose values are the documented examples, without the project's name. */
  examples: string[];
}

/** Documented values of settings that only the owners of a stack know; part of the project. */
export const EXAMPLES_FILE = "rehearsal/settings/examples.yaml";

type Yaml = Record<string, unknown>;

/**
 * Reads a stack's configuration: the defaults of `Pulumi.yaml`, the examples for what neither file sets, the stack's own
 * file, and on top what the command line sets.
 * @param overrides `key=value` from the command line
 * @throws Refusal with exit 6 for an unknown stack, 2 for a file or value that cannot be used
 */
export function loadStack(directory: string, name: string, overrides: string[] = []): Stack {
  const project = readYaml(join(directory, "Pulumi.yaml"));
  const projectName = typeof project["name"] === "string" ? project["name"] : "";
  if (!projectName)
    throw new Refusal(
      EXIT.badUsage,
      `${join(directory, "Pulumi.yaml")} has no name.\n  Add the project's name: name: my-infra`,
    );
  const file = `Pulumi.${name}.yaml`;
  const known = stacksOf(directory);
  if (!known.includes(name)) {
    throw new Refusal(
      EXIT.noSuchStack,
      `There is no stack "${name}": ${file} does not exist.\n  Stacks: ${known.join(", ") || "none"}. Choose one with --stack.`,
    );
  }
  const qualified = (key: string) => (key.includes(":") ? key : `${projectName}:${key}`);
  const config: Record<string, string> = {};
  const take = (values: Yaml, from: string) => {
    for (const [key, value] of Object.entries(values)) config[qualified(key)] = text(value, `${from}: ${key}`);
  };
  take(defaultsOf(section(project, "config", "Pulumi.yaml")), "Pulumi.yaml");
  const own = section(readYaml(join(directory, file)), "config", file);
  take(own, file);
  const examples = readExamples(directory);
  const missing = (values: Yaml) =>
    Object.fromEntries(Object.entries(values).filter(([key]) => !(qualified(key) in config)));
  const [plain, secret] = [missing(examples.config), missing(examples.secrets)];
  take({ ...plain, ...secret }, EXAMPLES_FILE);
  const set = overrides.map(keyAndValue);
  for (const [key, value] of set) config[qualified(key)] = value;
  const overridden = new Set(set.map(([key]) => qualified(key)));
  return {
    name,
    project: projectName,
    directory,
    entry: entryOf(project, directory),
    config,
    secretKeys: Object.keys(secret).map(qualified),
    examples: [...Object.keys(plain), ...Object.keys(secret)].filter((key) => !overridden.has(qualified(key))),
  };
}

/** The nearest folder with a `Pulumi.yaml`, from `start` upwards. */
export function projectDirectory(start: string): string {
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, "Pulumi.yaml"))) return at;
    if (dirname(at) === at)
      throw new Refusal(
        EXIT.badUsage,
        `There is no Pulumi.yaml in ${start} or above it.\n  Run this in the project's folder, or name it with --cwd.`,
      );
  }
}

/** Names of the stacks that have a settings file. */
export function stacksOf(directory: string): string[] {
  return readdirSync(directory)
    .flatMap((file) => /^Pulumi\.([A-Za-z0-9_.-]+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

function readExamples(directory: string): { config: Yaml; secrets: Yaml } {
  const path = join(directory, EXAMPLES_FILE);
  if (!existsSync(path)) return { config: {}, secrets: {} };
  const file = readYaml(path);
  return { config: section(file, "config", EXAMPLES_FILE), secrets: section(file, "secrets", EXAMPLES_FILE) };
}

function readYaml(path: string): Yaml {
  let source: string;
  try {
    source = readFileSync(path, "utf8");
  } catch (cause) {
    throw new Refusal(EXIT.badUsage, `Cannot read ${shown(path)}: ${cause instanceof Error ? cause.message : cause}`);
  }
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new Refusal(
      EXIT.badUsage,
      `${shown(path)}:${line}:${col} is not valid YAML: ${problem.message}\n  Correct that line; nothing was run.`,
    );
  }
  const value: unknown = document.toJS();
  if (value === null) return {};
  if (!isMap(value)) throw new Refusal(EXIT.badUsage, `${shown(path)} must be a map of keys, found ${kind(value)}.`);
  return value;
}

function section(file: Yaml, key: string, name: string): Yaml {
  const value = file[key] ?? {};
  if (!isMap(value)) throw new Refusal(EXIT.badUsage, `${name}: "${key}" must be a map of keys, found ${kind(value)}.`);
  return value;
}

/** `Pulumi.yaml` may give a value as it is, or a declaration with `default` or `value`. */
function defaultsOf(declared: Yaml): Yaml {
  return Object.fromEntries(
    Object.entries(declared).flatMap(([key, entry]) => {
      const value = isMap(entry) ? (entry["value"] ?? entry["default"]) : entry;
      return value === undefined || value === null ? [] : [[key, value]];
    }),
  );
}

/** As Pulumi hands configuration to a program: scalars as text, lists and maps as JSON. */
function text(value: unknown, where: string): string {
  if (isMap(value) && "secure" in value) {
    throw new Refusal(
      EXIT.badUsage,
      `${where} is an encrypted secret, which a rehearsal cannot read.\n  Give it another value for the rehearsal: --config ${where.split(": ").at(-1)}=example`,
    );
  }
  if (typeof value === "string") return value;
  if (value === null || typeof value === "object") {
    findSecret(value, where);
    return JSON.stringify(value);
  }
  return String(value);
}

function findSecret(value: unknown, where: string): void {
  if (Array.isArray(value)) for (const item of value) findSecret(item, where);
  else if (isMap(value)) for (const item of Object.values(value)) text(item, where);
}

function keyAndValue(pair: string): [string, string] {
  const at = pair.indexOf("=");
  if (at < 1)
    throw new Refusal(
      EXIT.badUsage,
      `--config ${pair}: a key and a value are needed.\n  Write --config key=value, for example --config extraWorkers=2`,
    );
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function entryOf(project: Yaml, directory: string): string {
  if (typeof project["main"] === "string") return project["main"];
  const packageFile = join(directory, "package.json");
  const main: unknown = existsSync(packageFile) ? readYaml(packageFile)["main"] : undefined;
  return typeof main === "string" ? main : "index.ts";
}

function isMap(value: unknown): value is Yaml {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kind(value: unknown): string {
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "a map" : `a ${typeof value}`;
}

function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}
