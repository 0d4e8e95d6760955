/** What the program asks for with one registration, and the resource that should result from it. */
import type { Value, Values } from "../provider.ts";
import type { ResourceState } from "./state-store.ts";

export interface Goal {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly inputs: Values;
  readonly parent: string;
  readonly provider: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Undefined: as the parent's. */
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
  /** Undefined: as the provider says. */
  readonly deleteBeforeReplace: boolean | undefined;
  readonly deletedWith: string;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly replaceWith: readonly string[];
  readonly replacementTrigger: Value | undefined;
  readonly additionalSecretOutputs: readonly string[];
  readonly hideDiff: readonly string[];
  readonly customTimeouts: ResourceState["customTimeouts"];
  readonly importId: string;
  readonly aliases: readonly Alias[];
}

/** Another name under which the resource may be in the state; what is absent is as in the goal. */
export type Alias =
  | { urn: string }
  | { name?: string; type?: string; stack?: string; project?: string; parent?: string };

/** A goal that asks for nothing but that the resource exists. */
export function plainGoal(
  identity: Pick<Goal, "urn" | "type" | "name" | "custom" | "inputs" | "parent" | "provider">,
): Goal {
  return {
    ...identity,
    dependencies: [],
    propertyDependencies: {},
    protect: undefined,
    retainOnDelete: undefined,
    deleteBeforeReplace: undefined,
    deletedWith: "",
    ignoreChanges: [],
    replaceOnChanges: [],
    replaceWith: [],
    replacementTrigger: undefined,
    additionalSecretOutputs: [],
    hideDiff: [],
    customTimeouts: {},
    importId: "",
    aliases: [],
  };
}

/** The resource as the goal wants it, before the provider has seen it. */
export function wantedState(goal: Goal, inherited: Pick<ResourceState, "protect" | "retainOnDelete">): ResourceState {
  return {
    urn: goal.urn,
    type: goal.type,
    custom: goal.custom,
    id: "",
    inputs: goal.inputs,
    outputs: {},
    parent: goal.parent,
    provider: goal.provider,
    dependencies: goal.dependencies,
    propertyDependencies: goal.propertyDependencies,
    protect: goal.protect ?? inherited.protect,
    retainOnDelete: goal.retainOnDelete ?? inherited.retainOnDelete,
    deletedWith: goal.deletedWith,
    delete: false,
    pendingReplacement: false,
    initErrors: [],
    additionalSecretOutputs: goal.additionalSecretOutputs,
    customTimeouts: goal.customTimeouts,
    importID: goal.importId,
    ignoreChanges: goal.ignoreChanges,
    replaceOnChanges: goal.replaceOnChanges,
    replaceWith: goal.replaceWith,
    replacementTrigger: goal.replacementTrigger,
    hideDiff: goal.hideDiff,
  };
}
