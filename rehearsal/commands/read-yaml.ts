import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import { EXIT, Refusal } from "./exit-codes.ts";
import { shown } from "./shown-path.ts";

export type YamlMap = Record<string, unknown>;

/**
 * A YAML (or JSON) file whose top level is a map; empty when the file is.
 * @throws Refusal (exit 2) that names file, line and column when it cannot be read or parsed
 */
export function readYaml(path: string): YamlMap {
  let source: string;
  try {
    source = readFileSync(path, "utf8");
  } catch (cause) {
    throw new Refusal(
      EXIT.badUsage,
      `Cannot read ${shown(path)}: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    const where = `${shown(path)}:${line}:${col}`;
    throw new Refusal(
      EXIT.badUsage,
      `${where} is not valid YAML: ${problem.message}\n  Correct that line; nothing was run.`,
    );
  }
  const value: unknown = document.toJS();
  if (value === null) return {};
  if (!isMap(value)) throw new Refusal(EXIT.badUsage, `${shown(path)} must be a map of keys, found ${kind(value)}.`);
  return value;
}

/** The map below a key, empty when the key is not there. `name` is the file's, for messages. */
export function mapBelow(file: YamlMap, key: string, name: string): YamlMap {
  const value = file[key] ?? {};
  if (isMap(value)) return value;
  throw new Refusal(EXIT.badUsage, `${name}: "${key}" must be a map of keys, found ${kind(value)}.`);
}

export function isMap(value: unknown): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kind(value: unknown): string {
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "a map" : `a ${typeof value}`;
}
