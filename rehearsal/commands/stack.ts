import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { EXIT, Refusal } from "./exit-codes.ts";
import { isMap, mapBelow, readYaml, type YamlMap } from "./read-yaml.ts";

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

/**
 * Reads a stack's configuration: the defaults of `Pulumi.yaml`, over them the stack's own file, over both what the
 * command line sets; and the examples for what is then still missing.
 * @param overrides `key=value` from the command line
 * @throws Refusal with exit 6 for an unknown stack, 2 for a file or value that cannot be used
 */
export function loadStack(directory: string, name: string, overrides: string[] = []): Stack {
  const projectFile = readYaml(join(directory, "Pulumi.yaml"));
  const project = projectName(projectFile, directory);
  const stackFile = readStackFile(directory, name);
  const qualified = (key: string) => (key.includes(":") ? key : `${project}:${key}`);

  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  const examples: string[] = [];
  for (const [key, value] of overrides.map(keyAndValue)) config[qualified(key)] = value;
  /** Sets what nothing before has set; returns those keys. */
  const fill = (values: YamlMap, from: string): string[] => {
    const missing = Object.keys(values).filter((key) => !(qualified(key) in config));
    for (const key of missing) config[qualified(key)] = text(values[key], key, from);
    return missing;
  };
  fill(mapBelow(stackFile, "config", `Pulumi.${name}.yaml`), `Pulumi.${name}.yaml`);
  fill(defaultsOf(mapBelow(projectFile, "config", "Pulumi.yaml")), "Pulumi.yaml");
  if (existsSync(join(directory, EXAMPLES_FILE))) {
    const file = readYaml(join(directory, EXAMPLES_FILE));
    examples.push(...fill(mapBelow(file, "config", EXAMPLES_FILE), EXAMPLES_FILE));
    const secrets = fill(mapBelow(file, "secrets", EXAMPLES_FILE), EXAMPLES_FILE);
    examples.push(...secrets);
    secretKeys.push(...secrets.map(qualified));
  }
  return { name, project, directory, entry: entryOf(projectFile, directory), config, secretKeys, examples };
}

/**
 * The nearest folder with a `Pulumi.yaml`, from `start` upwards.
 * @throws Refusal (exit 2) when there is none
 */
export function projectDirectory(start: string): string {
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, "Pulumi.yaml"))) return at;
    if (dirname(at) !== at) continue;
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

function projectName(file: YamlMap, directory: string): string {
  if (typeof file["name"] === "string" && file["name"] !== "") return file["name"];
  throw new Refusal(
    EXIT.badUsage,
    `${join(directory, "Pulumi.yaml")} has no name.\n  Add the project's name: name: my-infra`,
  );
}

function readStackFile(directory: string, name: string): YamlMap {
  const known = stacksOf(directory);
  if (known.includes(name)) return readYaml(join(directory, `Pulumi.${name}.yaml`));
  throw new Refusal(
    EXIT.noSuchStack,
    `There is no stack "${name}": Pulumi.${name}.yaml does not exist.\n  Stacks: ${known.join(", ") || "none"}. Choose one with --stack.`,
  );
}

/** `Pulumi.yaml` may give a value as it is, or a declaration with `default` or `value`. */
function defaultsOf(declared: YamlMap): YamlMap {
  const values = Object.entries(declared).map(([key, entry]): [string, unknown] => [
    key,
    isMap(entry) ? (entry["value"] ?? entry["default"]) : entry,
  ]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== null));
}

/** As Pulumi hands configuration to a program: scalars as text, lists and maps as JSON. */
function text(value: unknown, key: string, file: string): string {
  if (holdsSecret(value)) {
    throw new Refusal(
      EXIT.badUsage,
      `${file}: ${key} is an encrypted secret, which a rehearsal cannot read.\n  Give it another value for the rehearsal: --config ${key}=example`,
    );
  }
  if (typeof value === "string") return value;
  return value === null || typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Encrypted values are written `secure: …`, at any depth. */
function holdsSecret(value: unknown): boolean {
  if (isMap(value) && "secure" in value) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

function keyAndValue(pair: string): [string, string] {
  const at = pair.indexOf("=");
  if (at >= 1) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new Refusal(
    EXIT.badUsage,
    `--config ${pair}: a key and a value are needed.\n  Write --config key=value, for example --config extraWorkers=2`,
  );
}

function entryOf(project: YamlMap, directory: string): string {
  if (typeof project["main"] === "string") return project["main"];
  const packageFile = join(directory, "package.json");
  const main = existsSync(packageFile) ? readYaml(packageFile)["main"] : undefined;
  return typeof main === "string" ? main : "index.ts";
}
