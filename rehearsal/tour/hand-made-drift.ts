import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** A change that somebody might have made in a cloud's console. */
export interface Drift {
  file: string;
  /** Line of the file, counted from 1. */
  line: number;
  /** Type and id of the object in the simulated cloud. */
  object: string;
  /** As a property path: `labels.role`. */
  property: string;
  before: string;
  after: string;
}

/** Label and rule texts that stay valid in any cloud: letters and hyphens. */
const AFTER = "changed-by-hand";

/**
 * Edits one property in a simulated cloud's file, as a person would: a label of a server if there is one, else any label,
 * else a description in a firewall. Nothing is known about the estate.
 * @throws Error when the cloud holds none of them
 */
export function makeDrift(file: string): Drift {
  const content = JSON.parse(readFileSync(file, "utf8")) as { objects?: Record<string, Record<string, unknown>> };
  const objects = Object.entries(content.objects ?? {}).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, value]) => ({ type, id, value })),
  );
  objects.sort((a, b) => Number(isServer(b.type)) - Number(isServer(a.type)));
  for (const { type, id, value } of objects) {
    const found = label(value) ?? description(value);
    if (!found) continue;
    const { holder, key, property } = found;
    const before = String(holder[key]);
    holder[key] = AFTER;
    const text = `${JSON.stringify(content, undefined, 2)}\n`;
    writeFileSync(`${file}.edited`, text);
    renameSync(`${file}.edited`, file);
    const line = text.slice(0, text.indexOf(JSON.stringify(AFTER))).split("\n").length;
    return { file, line, object: `${type} ${id}`, property, before, after: AFTER };
  }
  throw new Error(`${file} holds no labels and no firewall rules, so there is nothing to make a drift of.`);
}

interface Place {
  holder: Record<string, unknown>;
  key: string;
  property: string;
}

function label(object: unknown): Place | undefined {
  const labels = property(object, "labels");
  if (!isMap(labels)) return undefined;
  const key = Object.keys(labels).find((name) => typeof labels[name] === "string");
  return key === undefined ? undefined : { holder: labels, key, property: `labels.${key}` };
}

function description(object: unknown): Place | undefined {
  const rules = property(object, "rules");
  const index = Array.isArray(rules)
    ? rules.findIndex((rule) => typeof property(rule, "description") === "string")
    : -1;
  const rule: unknown = Array.isArray(rules) ? rules[index] : undefined;
  return isMap(rule) ? { holder: rule, key: "description", property: `rules[${index}].description` } : undefined;
}

function isServer(type: string): boolean {
  return /(^|:|\/)server$/i.test(type);
}

function property(value: unknown, key: string): unknown {
  return isMap(value) ? value[key] : undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
