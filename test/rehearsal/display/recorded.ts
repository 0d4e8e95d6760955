import { readFileSync } from "node:fs";
import type { EngineEvent } from "../../../rehearsal/engine/events.ts";

const folder = new URL("../fixtures/recorded/", import.meta.url);

/** The events of an operation of the Pulumi CLI, as recorded. */
export function recordedEvents(name: string): EngineEvent[] {
  return readFileSync(new URL(`${name}.jsonl`, folder), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as EngineEvent);
}

/** What the CLI printed with `--json`, as recorded. */
export function recordedJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
}
