/** The state of a stack in memory, and where it is kept. Values are tagged (`Secret`); on disk they are encrypted. */
import type { Value, Values } from "../provider.ts";

export interface StateStore {
  /** Throws `StateError` when the state cannot be read; it is then left as it is. */
  read(): Promise<Deployment>;
  /** Replaces the state; a reader sees the old or the new one, never a part. */
  write(deployment: Deployment): Promise<void>;
  /** Throws `StateError` when another operation holds the lock. */
  lock(command: string): Promise<() => Promise<void>>;
  /** Removes the lock of an operation that did not end by itself. */
  cancel(): Promise<void>;
}

/** An error whose message tells what is wrong with the state, where it is and what to do. */
export class StateError extends Error {}

export interface Deployment {
  resources: ResourceState[];
  pending: PendingOperation[];
}

export interface PendingOperation {
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
  resource: ResourceState;
}

/** One resource of a deployment (version 3). Absent and false, empty or undefined are the same. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  id: string;
  inputs: Values;
  outputs: Values;
  parent: string;
  /** `<urn>::<id>` of the provider resource. */
  provider: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  protect: boolean;
  retainOnDelete: boolean;
  deletedWith: string;
  /** The new one exists already; this one must still be deleted. */
  delete: boolean;
  /** Deleted for a replacement whose new one does not exist yet. */
  pendingReplacement: boolean;
  initErrors: string[];
  additionalSecretOutputs: string[];
  aliases: string[];
  customTimeouts: { create?: number; update?: number; delete?: number };
  importID: string;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  hideDiff: string[];
  deleteBeforeReplace: boolean | undefined;
  external: boolean;
  replacementTrigger?: Value;
}
