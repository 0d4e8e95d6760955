import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { EXIT, Refusal } from "../refusal.ts";

/**
 * The settings of a stack as the program gets them, without the project's name: defaults of `Pulumi.yaml`, over them
 * `Pulumi.<stack>.yaml`, over both what the command line says. Of encrypted values only that they are there.
 * @param overrides `key=value`
 * @throws Refusal
 */
export function stackSettings(directory: string, stack: string, overrides: readonly string[]): Record<string, string> {
  const project = readMap(directory, "Pulumi.yaml");
  if (!stacksOf(directory).includes(stack)) {
    throw new Refusal(
      EXIT.badUsage,
      `There is no stack "${stack}": Pulumi.${stack}.yaml does not exist.\n  Stacks: ${stacksOf(directory).join(", ") || "none"}. Choose one with --stack.`,
    );
  }
  const prefix = `${String(project["name"])}:`;
  const own = (values: Record<string, unknown>) =>
    Object.entries(values).flatMap(([key, value]) =>
      key.startsWith(prefix)
        ? [[key.slice(prefix.length), text(value)] as const]
        : key.includes(":")
          ? []
          : [[key, text(value)] as const],
    );
  const defaults = Object.entries(mapBelow(project)).flatMap(([key, entry]): [string, unknown][] => {
    const value = isMap(entry) ? (entry["value"] ?? entry["default"]) : entry;
    return value === undefined || value === null ? [] : [[key, value]];
  });
  return Object.fromEntries([
    ...own(Object.fromEntries(defaults)),
    ...own(mapBelow(readMap(directory, `Pulumi.${stack}.yaml`))),
    ...overrides.map((pair) => keyAndValue(pair, prefix)),
  ]);
}

function stacksOf(directory: string): string[] {
  return readdirSync(directory).flatMap((file) => /^Pulumi\.([A-Za-z0-9_.-]+)\.yaml$/.exec(file)?.[1] ?? []);
}

function readMap(directory: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(readFileSync(join(directory, file), "utf8"));
  } catch (cause) {
    const [why] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    throw new Refusal(
      EXIT.badUsage,
      `Cannot read ${file}: ${why}\n  Run this in the project's folder, or name it with --cwd.`,
    );
  }
  return isMap(value) ? value : {};
}

const mapBelow = (file: Record<string, unknown>) => (isMap(file["config"]) ? file["config"] : {});

/** As Pulumi hands values to a program: lists and maps as JSON. */
function text(value: unknown): string {
  if (isMap(value) && "secure" in value) return "[secret]";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function keyAndValue(pair: string, prefix: string): [string, string] {
  const at = pair.indexOf("=");
  if (at >= 1) return [pair.slice(0, at).replace(prefix, ""), pair.slice(at + 1)];
  throw new Refusal(
    EXIT.badUsage,
    `--config ${pair}: a key and a value are needed.\n  Write --config key=value, for example --config cdn=false`,
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
