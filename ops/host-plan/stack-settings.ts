import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { estates as known } from "../../estates/estates.ts";
import type { Estate } from "../../model/estate.ts";
import { Mistakes } from "../../model/mistakes.ts";
import { parseSettings } from "../../model/parse-settings.ts";
import { FIELDS, type Field } from "../../model/setting-fields.ts";
import type { Settings } from "../../model/settings.ts";
import { EXIT, Refusal } from "../refusal.ts";

/** Which stack's settings a command works with. */
export interface StackOptions {
  readonly stack: string;
  /** `key=value`, over what the stack's file says. */
  readonly config: readonly string[];
  /** Folder of `Pulumi.yaml`, or one below it. */
  readonly cwd: string;
  readonly estates?: Readonly<Record<string, Estate>> | undefined;
}

export interface StackSettings {
  readonly estate: Estate;
  readonly settings: Settings;
  /** Folder of `Pulumi.yaml`. */
  readonly directory: string;
}

/**
 * The settings with which `pulumi up` runs this stack: the defaults of `Pulumi.yaml`, over them the stack's own file,
 * over both what the command line sets. Documented examples never stand in for what only owners know.
 * @throws Refusal (exit 2) for a file that cannot be used, and with every mistake in the settings at once
 */
export function stackSettings({ stack, config, cwd, estates = known }: StackOptions): StackSettings {
  const directory = projectDirectory(cwd);
  const project = readYaml(join(directory, "Pulumi.yaml"));
  const raw = {
    ...secretSettings(),
    ...texts(defaults(below(project, "config")), "Pulumi.yaml"),
    ...texts(below(stackFile(directory, stack), "config"), `Pulumi.${stack}.yaml`),
    ...Object.fromEntries(config.map(keyAndValue)),
  };
  const prefix = `${String(project["name"])}:`;
  const own = Object.entries(raw).flatMap(([key, value]): [string, string][] =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : key.includes(":") ? [] : [[key, value]],
  );
  try {
    return { ...parseSettings(Object.fromEntries(own), estates), directory };
  } catch (cause) {
    if (!(cause instanceof Mistakes)) throw cause;
    throw new Refusal(EXIT.badUsage, `${cause.message}\nPulumi.${stack}.yaml is what was read; --config adds to it.`);
  }
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

/** No secret setting goes into a host's configuration, so nobody is asked for one: any text that is allowed will do. */
const STAND_IN = "Stands-for-a-Secret-1";
const secretSettings = (): Record<string, string> =>
  Object.fromEntries(Object.entries<Field>(FIELDS).flatMap(([key, { secret }]) => (secret ? [[key, STAND_IN]] : [])));

/** As Pulumi hands values to the program. */
function texts(values: YamlMap, file: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (isMap(value) && "secure" in value) return [key, STAND_IN];
      if (holdsSecret(value))
        throw new Refusal(
          EXIT.badUsage,
          `${file}: a part of ${key} is encrypted, and only Pulumi can read it.\n  Say it on the command line: --config ${key}='…'`,
        );
      return [key, typeof value === "object" ? JSON.stringify(value) : String(value)];
    }),
  );
}

const holdsSecret = (value: unknown): boolean =>
  (isMap(value) && "secure" in value) ||
  (typeof value === "object" && value !== null && Object.values(value).some(holdsSecret));

function keyAndValue(pair: string): [string, string] {
  const at = pair.indexOf("=");
  if (at >= 1) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new Refusal(
    EXIT.badUsage,
    `--config ${pair}: a key and a value are needed.\n  Write --config key=value, for example --config extraWorkers=2`,
  );
}
