/**
 * The events of an operation, in the JSON form of Pulumi's own event log (`pulumi up --event-log`, recorded with CLI
 * 3.260.0). A display or report that reads that log reads these unchanged.
 */

/** One line of the event log: a sequence number, seconds since 1970, and exactly one payload. */
export type EngineEvent = { sequence: number; timestamp: number } & EventPayload;

export type EventPayload =
  | { preludeEvent: { config: Record<string, string> } }
  | { resourcePreEvent: { metadata: StepMetadata; planning?: true } }
  | { resOutputsEvent: { metadata: StepMetadata; planning?: true } }
  | { resOpFailedEvent: { metadata: StepMetadata; status: number; steps: number } }
  | { diagnosticEvent: Diagnostic }
  | { summaryEvent: Summary }
  | { cancelEvent: Record<string, never> };

/** What a step does. `replace` only marks that a replacement takes place; the work is done by its two neighbours. */
export type StepOp =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "refresh"
  | "import"
  | "import-replacement"
  | "discard"
  | "discard-replaced"
  | "remove-pending-replace";

export interface StepMetadata {
  /** In a resOutputsEvent of a refresh: the result (`same`, `update` or `delete`). */
  op: StepOp;
  urn: string;
  type: string;
  old: StepState | null;
  new: StepState | null;
  /** The properties that make a replacement necessary. */
  keys?: string[];
  /** Top-level properties that changed. */
  diffs?: string[];
  /** Null: the provider does not report any. */
  detailedDiff: Record<string, PropertyDiff> | null;
  /** Absent for the parts of a replacement that a reader need not see. */
  logical?: true;
  /** `<urn>::<id>` of the provider resource, empty for components. */
  provider: string;
}

export interface PropertyDiff {
  diffKind: "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";
  inputDiff: boolean;
}

/** A resource before or after a step, without the secrets: they read `[secret]`, unknown values are `UNKNOWN_TEXT`. */
export interface StepState {
  type: string;
  urn: string;
  custom?: true;
  delete?: true;
  id: string;
  parent: string;
  protect?: true;
  retainOnDelete?: true;
  inputs: Record<string, JsonValue>;
  outputs: Record<string, JsonValue>;
  initErrors?: string[];
  provider: string;
}

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export interface Diagnostic {
  urn?: string;
  prefix: string;
  message: string;
  color: "never";
  severity: "debug" | "info" | "info#err" | "warning" | "error";
  streamId?: number;
  ephemeral?: true;
}

export interface Summary {
  maybeCorrupt: boolean;
  durationSeconds: number;
  /** How many resources saw each op; parts of a replacement count once, as `replace`. */
  resourceChanges: Partial<Record<StepOp, number>>;
  PolicyPacks: Record<string, never>;
  isPreview: boolean;
  result: "succeeded" | "failed";
}

/** Stands for a value that is known only after the operation. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The key of an object that is not data but a special value, and what it says for a secret. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
