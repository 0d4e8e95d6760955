/** The state of a stack in memory, and where it is kept. Values are tagged (`Secret`); on disk they are encrypted. */
import type { Value, Values } from "../provider.ts";

export interface StateStore {
  /** Throws `StateError` when the state cannot be read; it is then left as it is. */
  read(): Promise<Deployment>;
  /** Replaces the state; a reader sees the old or the new one, never a part. */
  write(deployment: Deployment): Promise<void>;
  /** Throws `StateError` when another operation holds the lock. Resolves with what releases it. */
  lock(command: string): Promise<() => Promise<void>>;
  /** Removes the lock of an operation that did not end by itself. */
  cancel(): Promise<void>;
}

/** An error whose message tells what is wrong with the state, where it is and what to do. */
export class StateError extends Error {}

export interface Deployment {
  readonly resources: readonly ResourceState[];
  readonly pending: readonly PendingOperation[];
}

export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: ResourceState;
}

/** One resource of a deployment (version 3). In the file, what is false or empty is left out. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  /** Empty while it is not known, and for components. */
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
  readonly parent: string;
  /** `<urn>::<id>` of the provider resource. */
  readonly provider: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deletedWith: string;
  /** The new one exists already; this one must still be deleted. */
  readonly delete: boolean;
  /** Deleted for a replacement whose new one does not exist yet. */
  readonly pendingReplacement: boolean;
  readonly initErrors: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** Seconds. */
  readonly customTimeouts: { readonly create?: number; readonly update?: number; readonly delete?: number };
  readonly importID: string;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly hideDiff: readonly string[];
  readonly replaceWith: readonly string[];
  readonly replacementTrigger: Value | undefined;
}
