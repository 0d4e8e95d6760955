/**
 * The one provider interface of the rehearsal. Simulated clouds implement it; the local engine calls it in process, and
 * `grpc/` serves it to the real engine or reaches a provider behind gRPC through it. It mirrors the provider protocol of
 * Pulumi (`provider.proto` in the SDK), with secrets and unknowns as tagged values instead of magic strings.
 */

/** A value that is known only after the operation that makes it (previews). */
export class Unknown {
  static readonly value: Unknown = new Unknown();
  private constructor() {}
}

/** A value that must not be shown; `value` is never itself a Secret. */
export class Secret {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value instanceof Secret ? value.value : value;
  }
}

/** A property value as it travels between engine and provider. */
export type Value = null | boolean | number | string | Unknown | Secret | Value[] | { [key: string]: Value };
export type Values = { [key: string]: Value };

export interface CheckFailure {
  property: string;
  reason: string;
}

export interface Checked {
  inputs: Values;
  failures: CheckFailure[];
}

export type PropertyDiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface Diff {
  /** `unknown`: the provider does not say; the engine compares the inputs itself. */
  changes: "none" | "some" | "unknown";
  /** Top-level properties that changed. */
  diffs: string[];
  /** Top-level properties whose change requires a replacement. */
  replaces: string[];
  /** Properties that an update cannot change. */
  stables: string[];
  deleteBeforeReplace: boolean;
  /** One entry per changed property path (`labels.role`, `rules[0].port`); undefined when the provider has none. */
  detailed: Record<string, { kind: PropertyDiffKind; inputDiff: boolean }> | undefined;
}

export interface Capabilities {
  acceptSecrets: boolean;
  acceptResources: boolean;
  /** Whether create and update are also called in previews. */
  supportsPreview: boolean;
}

export interface ReadResult {
  id: string;
  outputs: Values;
  /** Undefined: the provider cannot tell the inputs. */
  inputs: Values | undefined;
}

/** Thrown by create, update or read: the resource exists, but did not become ready. */
export class InitError extends Error {
  readonly id: string;
  readonly outputs: Values;
  readonly reasons: string[];
  constructor(message: string, id: string, outputs: Values, reasons: string[]) {
    super(message);
    this.id = id;
    this.outputs = outputs;
    this.reasons = reasons;
  }
}

export interface Provider {
  /** Version as `1.2.3`. */
  readonly version: string;
  checkConfig(request: { urn: string; olds: Values; news: Values }): Promise<Checked>;
  diffConfig(request: {
    urn: string;
    olds: Values;
    oldInputs: Values;
    news: Values;
    ignoreChanges: string[];
  }): Promise<Diff | "unimplemented">;
  configure(request: { urn: string; inputs: Values }): Promise<Capabilities>;
  /** `olds` are the old *inputs*, empty for a new resource or the second check of a replacement. */
  check(request: { urn: string; olds: Values; news: Values }): Promise<Checked>;
  /** `olds` are the old *outputs*. */
  diff(request: {
    urn: string;
    id: string;
    olds: Values;
    oldInputs: Values;
    news: Values;
    ignoreChanges: string[];
  }): Promise<Diff>;
  /** In a preview the id is empty and what is not known yet is Unknown. Throws when the cloud refuses. */
  create(request: { urn: string; inputs: Values; preview: boolean }): Promise<{ id: string; outputs: Values }>;
  /** Undefined: the resource is gone. For an import `inputs` and `outputs` are empty. */
  read(request: { urn: string; id: string; inputs: Values; outputs: Values }): Promise<ReadResult | undefined>;
  update(request: {
    urn: string;
    id: string;
    olds: Values;
    oldInputs: Values;
    news: Values;
    ignoreChanges: string[];
    preview: boolean;
  }): Promise<{ outputs: Values }>;
  delete(request: { urn: string; id: string; outputs: Values; oldInputs: Values }): Promise<void>;
  invoke(request: { token: string; args: Values }): Promise<{ result: Values; failures: CheckFailure[] }>;
  /** Ends what the provider holds open (connections, processes). */
  close(): Promise<void>;
}
