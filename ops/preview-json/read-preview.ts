import { readFileSync } from "node:fs";
import * as z from "zod";
import { EXIT, Refusal } from "../refusal.ts";
import { type EngineEvent, previewOfEvents } from "./engine-events.ts";
import { isObject } from "./json-value.ts";
import type { Diagnostic, Preview, ResourceState, Step } from "./preview.ts";
import { readStandardInput } from "./read-standard-input.ts";

/** A file that holds no preview: not JSON, cut off, or something else. Nothing may be concluded from it. */
export class UnreadablePreview extends Refusal {
  constructor(message: string) {
    super(EXIT.failed, message);
    this.name = "UnreadablePreview";
  }
}

/**
 * Reads what `pulumi preview --json` or `pulumi refresh --preview-only --json` wrote: one digest, or, with
 * `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true`, one event a line. `-` is standard input. A preview that failed is read
 * too: `succeeded` is false then.
 * @throws UnreadablePreview
 */
export function readPreview(path: string): Preview {
  let text: string;
  try {
    text = path === "-" ? readStandardInput() : readFileSync(path, "utf8");
  } catch (cause) {
    throw new UnreadablePreview(
      `Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}.\n  Make one: pulumi preview --json > ${path === "-" ? "preview.json" : path}`,
    );
  }
  return parsePreview(text, path === "-" ? "standard input" : path);
}

/** The same from text; `name` is the file's, for messages. */
export function parsePreview(text: string, name: string): Preview {
  const start = text.trimStart();
  if (start === "") throw unreadable(name, "is empty", "the command that should write it ended before its first line");
  if (!start.startsWith("{")) {
    throw unreadable(name, "is not JSON", `it begins with ${JSON.stringify(firstLine(start))}`);
  }
  if (/^\{\s*"sequence":/.test(start)) return previewOfEvents(eventsOf(start, name));
  const digest = DIGEST.safeParse(parsed(start, name));
  if (!digest.success) {
    const [issue] = digest.error.issues;
    const at = issue?.path.map(String).join(".") || "its top level";
    throw unreadable(name, "is JSON, but not a preview", `at ${at}: ${issue?.message ?? "another shape"}`);
  }
  return previewOf(digest.data);
}

function eventsOf(text: string, name: string): EngineEvent[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const events = lines.map((line, index) => {
    const event = parsed(line, `${name}:${index + 1}`);
    if (!isObject(event)) throw unreadable(`${name}:${index + 1}`, "is not an engine event", firstLine(line));
    return event as EngineEvent;
  });
  if (!events.some((event) => "summaryEvent" in event || "cancelEvent" in event)) {
    throw unreadable(name, "is cut off", "the events end before the summary");
  }
  return events;
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const cut = /end of JSON input|Unterminated|after (array element|property value)|Expected .* at position/.test(why);
    throw unreadable(name, cut && !text.trimEnd().endsWith("}") ? "is cut off" : "is not JSON", why);
  }
}

function unreadable(name: string, what: string, why: string): UnreadablePreview {
  return new UnreadablePreview(
    `${name} ${what}: ${why}.\n  Expected: the output of pulumi preview --json, and only that (no npm banner: npm run --silent).`,
  );
}

const firstLine = (text: string) => (text.split("\n")[0] ?? "").slice(0, 80);

const JSON_OBJECT = z.custom<ResourceState["inputs"]>(isObject, "expected a map");
const TEXTS = z.array(z.string()).nullish();

const STATE = z.object({
  type: z.string(),
  custom: z.boolean().nullish(),
  id: z.string().nullish(),
  parent: z.string().nullish(),
  protect: z.boolean().nullish(),
  retainOnDelete: z.boolean().nullish(),
  inputs: JSON_OBJECT.nullish(),
  outputs: JSON_OBJECT.nullish(),
  ignoreChanges: TEXTS,
});

const STEP = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: STATE.nullish(),
  newState: STATE.nullish(),
  diffReasons: TEXTS,
  replaceReasons: TEXTS,
  detailedDiff: z.record(z.string(), z.object({ kind: z.string() })).nullish(),
});

const DIGEST = z.object({
  config: z.record(z.string(), z.string()).nullish(),
  steps: z.array(STEP),
  diagnostics: z.array(z.object({ urn: z.string().nullish(), severity: z.string(), message: z.string() })).nullish(),
  changeSummary: z.record(z.string(), z.number()).nullish(),
  maybeCorrupt: z.boolean().nullish(),
});

function previewOf(digest: z.infer<typeof DIGEST>): Preview {
  const diagnostics = (digest.diagnostics ?? []).map(
    ({ urn, severity, message }): Diagnostic => ({
      ...(urn ? { urn } : {}),
      severity,
      message,
    }),
  );
  return {
    config: digest.config ?? {},
    steps: digest.steps.map(stepOf),
    diagnostics,
    changeSummary: digest.changeSummary ?? {},
    maybeCorrupt: digest.maybeCorrupt === true,
    succeeded: !diagnostics.some(({ severity }) => severity === "error"),
  };
}

function stepOf({ op, urn, oldState, newState, ...step }: z.infer<typeof STEP>): Step {
  return {
    op,
    urn,
    ...(oldState ? { oldState: stateOf(oldState) } : {}),
    ...(newState ? { newState: stateOf(newState) } : {}),
    diffReasons: step.diffReasons ?? [],
    replaceReasons: step.replaceReasons ?? [],
    detailedDiff: step.detailedDiff ?? {},
  };
}

function stateOf(state: z.infer<typeof STATE>): ResourceState {
  return {
    type: state.type,
    custom: state.custom === true,
    ...(state.id ? { id: state.id } : {}),
    ...(state.parent ? { parent: state.parent } : {}),
    protect: state.protect === true,
    retainOnDelete: state.retainOnDelete === true,
    inputs: state.inputs ?? {},
    outputs: state.outputs ?? {},
    ignoreChanges: state.ignoreChanges ?? [],
  };
}
