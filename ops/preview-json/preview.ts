import type { JsonObject } from "./json-value.ts";

/**
 * What `pulumi preview --json` and `pulumi refresh --preview-only --json` say, as far as the commands here need it
 * (CLI 3.260; the rehearsal prints the same). Read with `readPreview`.
 */
export interface Preview {
  /** Configuration by `project:key`; secrets read `[secret]`. */
  readonly config: Readonly<Record<string, string>>;
  /** In the order in which the engine began them, which differs from run to run where resources are independent. */
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
  /** How many resources saw each operation; `same` counts those that are not among the steps. */
  readonly changeSummary: Readonly<Record<string, number>>;
  readonly maybeCorrupt: boolean;
  /** False when the engine ended with an error: what is planned is then incomplete. */
  readonly succeeded: boolean;
}

export interface Step {
  /**
   * `same`, `create`, `update`, `delete`, `replace`, `read`, `import`, `discard` …; in a refresh `refresh` is what is as
   * it should be, `update` and `delete` are drift. The parts of a replacement are left out.
   */
  readonly op: string;
  readonly urn: string;
  readonly oldState?: ResourceState;
  readonly newState?: ResourceState;
  /** Top-level properties that changed. */
  readonly diffReasons: readonly string[];
  /** Properties that make a replacement necessary. */
  readonly replaceReasons: readonly string[];
  /** By property path; empty when the provider reports none. */
  readonly detailedDiff: Readonly<Record<string, PropertyDiff>>;
}

export interface PropertyDiff {
  /** `add`, `update`, `delete`, or one of these followed by `-replace`. */
  readonly kind: string;
}

export interface ResourceState {
  /** `package:module:Name`; of a component what the program calls it. */
  readonly type: string;
  /** False for components. */
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly inputs: JsonObject;
  /** In previews: of the state before, and what the provider foretells. */
  readonly outputs: JsonObject;
  /** Changes that the engine does not look at; the rehearsal does not say. */
  readonly ignoreChanges: readonly string[];
}

export interface Diagnostic {
  readonly urn?: string;
  /** `error`, `warning`, `info` … */
  readonly severity: string;
  readonly message: string;
}
