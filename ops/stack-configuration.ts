import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { EXIT, Refusal } from "./refusal.ts";

/** What `Pulumi.yaml`, `Pulumi.<stack>.yaml` and the command line say, as the program gets it. */
export interface StackConfiguration {
  /** Folder of `Pulumi.yaml`. */
  readonly directory: string;
  /** Values of the project by key, without its name: what is not text is JSON. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys of which only a part is encrypted: their values are of no use without Pulumi. */
  readonly partlyEncrypted: readonly string[];
}

/** Stands for an encrypted value: any text that a secret setting may have. */
export const STAND_IN = "Stands-for-a-Secret-1";

/**
 * The configuration of a stack, read without Pulumi: the defaults of `Pulumi.yaml`, over them the stack's own file, over
 * both what the command line sets. Documented examples never stand in for what only owners know.
 * @param cwd folder of `Pulumi.yaml`, or one below it
 * @param overrides `key=value`
 * @throws Refusal (exit 2) for a file or an argument that cannot be used
 */
export function stackConfiguration(cwd: string, stack: string, overrides: readonly string[]): StackConfiguration {
  const directory = projectDirectory(cwd);
  const project = readYaml(join(directory, "Pulumi.yaml"));
  const prefix = `${String(project["name"])}:`;
  const given = { ...defaults(below(project, "config")), ...below(stackFile(directory, stack), "config") };
  const set = overrides.map(keyAndValue);
  const own = [...Object.entries(given), ...set].flatMap(([key, value]): [string, unknown][] =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : key.includes(":") ? [] : [[key, value]],
  );
  const merged = Object.entries(Object.fromEntries(own));
  return {
    directory,
    values: Object.fromEntries(merged.map(([key, value]) => [key, text(value)])),
    partlyEncrypted: merged.filter(([, value]) => !isEncrypted(value) && holdsEncrypted(value)).map(([key]) => key),
  };
}

function projectDirectory(start: string): string {
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, "Pulumi.yaml"))) return at;
    if (dirname(at) === at)
      throw new Refusal(
        EXIT.badUsage,
        `There is no Pulumi.yaml in ${start} or above it.\n  Run this in the project's folder, or name it with --cwd.`,
      );
  }
}

function stackFile(directory: string, stack: string): YamlMap {
  const stacks = readdirSync(directory).flatMap((file) => /^Pulumi\.([\w.-]+)\.yaml$/.exec(file)?.[1] ?? []);
  if (stacks.includes(stack)) return readYaml(join(directory, `Pulumi.${stack}.yaml`));
  throw new Refusal(
    EXIT.badUsage,
    `There is no stack "${stack}": Pulumi.${stack}.yaml does not exist.\n  Stacks: ${stacks.sort().join(", ") || "none"}. Choose one with --stack.`,
  );
}

type YamlMap = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is YamlMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const below = (file: YamlMap, key: string): YamlMap => (isMap(file[key]) ? file[key] : {});

function readYaml(path: string): YamlMap {
  const document = parseDocument(readFileSync(path, "utf8"));
  const [problem] = document.errors;
  if (problem) throw new Refusal(EXIT.badUsage, `${path} is not valid YAML.\n  ${problem.message}`);
  const value: unknown = document.toJS();
  return isMap(value) ? value : {};
}

/** `Pulumi.yaml` gives a value as it is, or a declaration with `default` or `value`. */
const defaults = (declared: YamlMap): YamlMap =>
  Object.fromEntries(
    Object.entries(declared)
      .map(([key, entry]) => [key, isMap(entry) ? (entry["value"] ?? entry["default"]) : entry])
      .filter(([, value]) => value !== undefined && value !== null),
  );

/** As Pulumi hands values to the program. */
function text(value: unknown): string {
  if (isEncrypted(value)) return STAND_IN;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const isEncrypted = (value: unknown): boolean => isMap(value) && "secure" in value;

const holdsEncrypted = (value: unknown): boolean =>
  isEncrypted(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsEncrypted));

function keyAndValue(pair: string): [string, string] {
  const at = pair.indexOf("=");
  if (at >= 1) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new Refusal(
    EXIT.badUsage,
    `--config ${pair}: a key and a value are needed.\n  Write --config key=value, for example --config extraWorkers=2`,
  );
}
