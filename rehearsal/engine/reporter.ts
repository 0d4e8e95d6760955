/** Turns steps and problems into events, hides secrets in them, and counts what happened. */
import { Secret, Unknown, type Value, type Values } from "../provider.ts";
import {
  type EventPayload,
  type JsonValue,
  SECRET_SIGNATURE,
  SIGNATURE,
  type StepMetadata,
  type StepOp,
  type StepState,
  type Summary,
  UNKNOWN_TEXT,
} from "./events.ts";
import type { Problem } from "./problems.ts";
import type { ResourceState } from "./state-store.ts";
import type { Step } from "./step.ts";
import { isDefaultProvider } from "./urn.ts";

const HIDDEN = "[secret]";

export class Reporter {
  readonly #emit: (event: EventPayload) => void;
  readonly #preview: boolean;
  readonly #secrets: ReadonlySet<string>;
  readonly #counts: Summary["resourceChanges"] = {};
  /** Whether an error was reported. */
  failed = false;

  constructor(emit: (event: EventPayload) => void, preview: boolean, secrets: string[]) {
    this.#emit = emit;
    this.#preview = preview;
    this.#secrets = new Set(secrets.filter((secret) => secret.length > 0));
  }

  prelude(config: Record<string, string>, secretKeys: string[]): void {
    const shown = Object.entries(config).map(([key, value]) => [key, secretKeys.includes(key) ? HIDDEN : value]);
    this.#emit({ preludeEvent: { config: Object.fromEntries(shown) } });
  }

  started(step: Step): void {
    if (isDefaultProvider(step.urn)) return;
    this.#emit({ resourcePreEvent: { metadata: this.#metadata(step), ...this.#planning() } });
  }

  /**
   * `result` is how a refresh ended; `counted` adds the step to the summary. Outside previews a component has no outputs
   * until the program registers them (`pkg/engine/update.go`, 3.260).
   */
  finished(step: Step, result: StepOp = step.op, counted = step.logical): void {
    if (isDefaultProvider(step.urn)) return;
    if (counted) this.#counts[result] = (this.#counts[result] ?? 0) + 1;
    const custom = (step.new ?? step.old)?.custom === true;
    if (this.#preview || custom || step.op === "delete" || step.op === "refresh") this.outputs(step, result);
  }

  /** What came out of a step, or what the program then registers as a component's outputs. */
  outputs(step: Step, result: StepOp = step.op): void {
    this.#emit({ resOutputsEvent: { metadata: { ...this.#metadata(step), op: result }, ...this.#planning() } });
  }

  /** A step that could not be done; in previews the engine reports only the message. */
  stepFailed(step: Step, message: string): void {
    this.problem({ severity: "error", urn: step.urn, message: this.#preview ? `Preview failed: ${message}` : message });
    if (!this.#preview && !isDefaultProvider(step.urn))
      this.#emit({ resOpFailedEvent: { metadata: this.#metadata(step), status: 0, steps: 0 } });
  }

  problem({ severity, urn, message }: Problem): void {
    this.diagnostic(severity, urn, message);
  }

  diagnostic(severity: "debug" | "info" | "info#err" | "warning" | "error", urn: string, message: string): void {
    if (severity === "error") this.failed = true;
    const prefix = severity === "info#err" ? "info: " : `${severity}: `;
    const text = this.#withoutSecrets(message);
    const event = { prefix, message: `${text}\n`, color: "never", severity } as const;
    this.#emit({ diagnosticEvent: urn === "" ? event : { urn, ...event } });
  }

  changes(): boolean {
    return Object.keys(this.#counts).some((op) => op !== "same");
  }

  summary(seconds: number): void {
    this.#emit({
      summaryEvent: {
        maybeCorrupt: false,
        durationSeconds: Math.round(seconds),
        resourceChanges: this.#counts,
        PolicyPacks: {},
        isPreview: this.#preview,
        result: this.failed ? "failed" : "succeeded",
      },
    });
    this.#emit({ cancelEvent: {} });
  }

  #planning(): { planning?: true } {
    return this.#preview ? { planning: true } : {};
  }

  #metadata(step: Step): StepMetadata {
    return {
      op: step.op,
      urn: step.urn,
      type: step.type,
      old: this.#state(step.old && isCondemned(step) ? { ...step.old, delete: true } : step.old),
      new: this.#state(step.new),
      ...(step.keys.length > 0 ? { keys: [...step.keys] } : {}),
      ...(step.diffs.length > 0 ? { diffs: [...step.diffs] } : {}),
      detailedDiff:
        step.detailed === undefined
          ? null
          : Object.fromEntries(
              Object.entries(step.detailed).map(([path, { kind, inputDiff }]) => [path, { diffKind: kind, inputDiff }]),
            ),
      ...(step.logical ? { logical: true } : {}),
      provider: step.provider,
    };
  }

  #state(state: ResourceState | undefined): StepState | null {
    if (state === undefined) return null;
    return {
      type: state.type,
      urn: state.urn,
      ...(state.custom ? { custom: true } : {}),
      ...(state.delete ? { delete: true } : {}),
      id: state.id,
      parent: state.parent,
      ...(state.protect ? { protect: true } : {}),
      ...(state.retainOnDelete ? { retainOnDelete: true } : {}),
      inputs: this.#shown(state.inputs) as StepState["inputs"],
      outputs: this.#shown(state.outputs) as StepState["outputs"],
      ...(state.initErrors.length > 0 ? { initErrors: [...state.initErrors] } : {}),
      provider: state.provider,
    };
  }

  #shown(value: Value): JsonValue {
    if (value instanceof Unknown) return UNKNOWN_TEXT;
    if (value instanceof Secret) return { [SIGNATURE]: SECRET_SIGNATURE, ciphertext: HIDDEN };
    if (typeof value === "string") return this.#secrets.has(value) ? HIDDEN : value;
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((item) => this.#shown(item));
    const shown: { [key: string]: JsonValue } = {};
    for (const key in value as Values) shown[key] = this.#shown((value as Values)[key] ?? null);
    return shown;
  }

  #withoutSecrets(text: string): string {
    let hidden = text;
    for (const secret of this.#secrets) hidden = hidden.replaceAll(secret, HIDDEN);
    return hidden;
  }
}

/** Once its replacement exists, the old resource is only waiting for its deletion. */
function isCondemned({ op, createFirst, deleteFirst }: Step): boolean {
  return (op === "replace" && createFirst === true) || (op === "delete-replaced" && deleteFirst !== true);
}
