/**
 * Decides what must be done to reach what the program registers. Nothing is done here: the planner knows the old state,
 * asks the providers (`Questions`) and answers with steps. Behaviour follows the Pulumi engine (3.260), as recorded in
 * `test/conformance`; the order of questions is part of it.
 */
import { type Checked, type Diff, Unknown, type Values } from "../provider.ts";
import { aliasUrns } from "./aliases.ts";
import { dependentsOf } from "./dependents.ts";
import { decided, NO_CHANGE, needsReplacement, replaceBecauseOf, SOME_CHANGE, withReplaceOnChanges } from "./diff.ts";
import { type Goal, wantedState } from "./goal.ts";
import {
  checkProblem,
  duplicateProblem,
  importedReplaceProblem,
  type Problem,
  protectedDependentProblem,
  protectedReplaceProblem,
  unknownProviderProblem,
  untargetedProblem,
} from "./problems.ts";
import { withOldValues } from "./property-path.ts";
import type { ResourceState } from "./state-store.ts";
import { type Step, stepAway, stepTo } from "./step.ts";
import { isProviderType, STACK_TYPE, urnOfRef } from "./urn.ts";
import { equal } from "./values.ts";

/** What the planner asks about a resource; the answers come from its provider. */
export interface Questions {
  /** Undefined: the provider's own configuration is not known yet, so it can't be asked. */
  check(resource: ResourceState, olds: Values, news: Values): Promise<Checked | undefined>;
  diff(old: ResourceState, wanted: ResourceState, news: Values): Promise<Diff | undefined>;
  /** Whether a change from one provider resource to another replaces what they manage. */
  providerReplaces(oldRef: string, newRef: string): Promise<boolean>;
}

export interface PlannerOptions {
  preview: boolean;
  /** URNs that must be replaced. */
  replace: ReadonlySet<string>;
  /** URNs to which the operation is limited; undefined: all. */
  target?: ReadonlySet<string> | undefined;
}

export interface Plan {
  steps: Step[];
  problems: Problem[];
  /** The registration can't go on: the operation ends. */
  refused: boolean;
}

/** Old state in; one plan for each registration, in their order, and one for what was never registered. */
export class Planner {
  readonly #base: ResourceState[];
  readonly #olds = new Map<string, ResourceState>();
  readonly #ask: Questions;
  readonly #options: PlannerOptions;
  /** What each registered resource will be; parents are looked up here. */
  readonly #news = new Map<string, ResourceState>();
  /** New URN → the one in the state. */
  readonly #oldUrns = new Map<string, string>();
  readonly #kept = new Set<ResourceState>();
  readonly #replaced = new Set<string>();
  /** Replaced, and deleted once the program has ended. */
  readonly #awaitsDeletion = new Set<ResourceState>();
  /** Deleted before a replacement: what depended on it, with the keys that replace it once it is registered. */
  readonly #deletedFirst = new Map<string, readonly string[]>();

  constructor(base: readonly ResourceState[], options: PlannerOptions, ask: Questions) {
    this.#base = [...base];
    this.#ask = ask;
    this.#options = options;
    for (const resource of base) if (!resource.delete) this.#olds.set(resource.urn, resource);
  }

  /** URN in the state → new URN, for what was found under an alias. */
  get renamed(): ReadonlyMap<string, string> {
    return new Map([...this.#oldUrns].map(([urn, oldUrn]) => [oldUrn, urn]));
  }

  /** A refresh found the resource to be otherwise than the state says, or gone. */
  refreshed(old: ResourceState, state: ResourceState | undefined): void {
    if (state) this.#olds.set(old.urn, state);
    else this.#olds.delete(old.urn);
    const at = this.#base.indexOf(old);
    this.#base.splice(at, 1, ...(state ? [state] : []));
  }

  /** The resource that the registration will find in the state, under its URN or an alias. */
  find(goal: Goal): ResourceState | undefined {
    const candidates = [goal.urn, ...aliasUrns(goal, this.#oldUrns.get(goal.parent))];
    return candidates.map((urn) => this.#olds.get(urn)).find((old) => old !== undefined && !this.#taken(old, goal.urn));
  }

  async register(goal: Goal): Promise<Plan> {
    if (this.#news.has(goal.urn)) return refusal(duplicateProblem(goal.urn));
    const old = this.find(goal);
    if (old && old.urn !== goal.urn) this.#oldUrns.set(goal.urn, old.urn);
    const wanted = wantedState(goal, this.#news.get(goal.parent) ?? { protect: false, retainOnDelete: false });
    this.#news.set(goal.urn, wanted);
    if (old) this.#kept.add(old);

    const { target } = this.#options;
    if (target && !target.has(goal.urn) && !isProviderType(goal.type) && goal.type !== STACK_TYPE)
      return old ? plan([stepTo("same", old, old)]) : refusal(untargetedProblem(goal.urn));

    const deletedKeys = old && this.#deletedFirst.get(old.urn);
    if (goal.importId !== "" && goal.custom && importIdOf(old) !== goal.importId)
      return this.#import(goal, old, wanted, deletedKeys !== undefined);
    if (old === undefined) return this.#create(goal, wanted);
    if (deletedKeys !== undefined) return this.#recreate(goal, old, wanted, deletedKeys);
    return this.#change(goal, old, wanted);
  }

  /** What is in the state and was not registered, or waits for its deletion: steps in no particular order. */
  removals(): Step[] {
    const steps: Step[] = [];
    for (const resource of this.#base) {
      if (resource.delete) steps.push(stepAway("delete-replaced", resource));
      else if (this.#kept.has(resource) && this.#awaitsDeletion.has(resource))
        steps.push(stepAway("delete-replaced", resource));
      else if (!this.#kept.has(resource)) {
        // Deleted already, in this run or an earlier one, for a replacement that the program no longer asks for.
        const deleted = resource.pendingReplacement || this.#deletedFirst.has(resource.urn);
        steps.push(stepAway(deleted ? "remove-pending-replace" : "delete", resource));
      }
    }
    return steps;
  }

  async #create(goal: Goal, wanted: ResourceState): Promise<Plan> {
    const checked = await this.#checked(goal, wanted, {}, goal.inputs);
    return checked.refused ? checked : plan([stepTo("create", undefined, checked.state)]);
  }

  async #recreate(goal: Goal, old: ResourceState, wanted: ResourceState, keys: readonly string[]): Promise<Plan> {
    const checked = await this.#checked(goal, wanted, {}, goal.inputs);
    if (checked.refused) return checked;
    this.#replaced.add(goal.urn);
    return plan([stepTo("replace", old, checked.state), stepTo("create-replacement", old, checked.state, { keys })]);
  }

  /** The import step reads and checks by itself; a second step then updates what differs. */
  async #import(goal: Goal, old: ResourceState | undefined, wanted: ResourceState, deleted: boolean): Promise<Plan> {
    const state = { ...wanted, id: goal.importId };
    if (old === undefined || deleted) return plan([stepTo("import", undefined, state)]);
    this.#replaced.add(goal.urn);
    this.#awaitsDeletion.add(old);
    return plan([
      stepTo("import-replacement", undefined, state, { condemns: old }),
      stepTo("replace", old, state, { createFirst: true }),
    ]);
  }

  async #change(goal: Goal, old: ResourceState, wanted: ResourceState): Promise<Plan> {
    const forced = this.#options.replace.has(goal.urn);
    const news = withOldValues(goal.inputs, old.inputs, goal.ignoreChanges);
    const first = await this.#checked(goal, wanted, forced ? {} : old.inputs, forced ? goal.inputs : news);
    if (first.refused) return first;
    const diff = await this.#diff(goal, old, first.state, forced);
    const verdict = withReplaceOnChanges(diff.answer, goal.replaceOnChanges);

    const replaces = diff.triggered || old.pendingReplacement;
    if (replaces || (verdict.changes === "some" && needsReplacement(verdict))) {
      const problems = [...diff.problems];
      if (old.protect && first.state.protect) {
        problems.push(protectedReplaceProblem(goal.urn));
        if (!this.#options.preview) return { steps: [], problems, refused: true };
      }
      if (goal.importId !== "") {
        problems.push(importedReplaceProblem(goal.urn, this.#options.preview));
        if (!this.#options.preview) return { steps: [], problems, refused: true };
      }
      const second = forced ? first : await this.#checked(goal, wanted, {}, goal.inputs);
      if (second.refused) return second;
      const replacement = await this.#replace(goal, old, second.state, verdict);
      return { ...replacement, problems: [...problems, ...replacement.problems] };
    }
    if (verdict.changes === "some" || old.initErrors.length > 0) {
      const { diffs, detailed } = verdict;
      return {
        steps: [stepTo("update", old, first.state, { diffs, detailed })],
        problems: diff.problems,
        refused: false,
      };
    }
    return plan([stepTo("same", old, first.state)]);
  }

  async #replace(goal: Goal, old: ResourceState, state: ResourceState, diff: Diff): Promise<Plan> {
    this.#replaced.add(goal.urn);
    const reasons = { keys: diff.replaces, diffs: diff.diffs, detailed: diff.detailed };
    if (!(goal.deleteBeforeReplace ?? diff.deleteBeforeReplace)) {
      this.#awaitsDeletion.add(old);
      return plan([
        stepTo("create-replacement", old, state, { ...reasons, createFirst: true }),
        stepTo("replace", old, state, { ...reasons, createFirst: true }),
      ]);
    }
    const steps: Step[] = [];
    for (const { resource, keys } of (await this.replacedAlong(old)).toReversed()) {
      if (resource.protect) return refusal(protectedDependentProblem(resource.urn, goal.urn));
      this.#deletedFirst.set(resource.urn, keys);
      steps.push(stepAway("delete-replaced", resource, { deleteFirst: true }));
    }
    // What an interrupted replacement deleted already is not deleted again.
    if (!old.pendingReplacement) steps.push(stepAway("delete-replaced", old, { deleteFirst: true }));
    return plan([...steps, stepTo("replace", old, state, reasons), stepTo("create-replacement", old, state, reasons)]);
  }

  /** Which dependents would be replaced when what they take from `root` is unknown, in the order of the state. */
  async replacedAlong(root: ResourceState): Promise<{ resource: ResourceState; keys: readonly string[] }[]> {
    const gone = new Set([root.urn]);
    const along: { resource: ResourceState; keys: readonly string[] }[] = [];
    for (const resource of dependentsOf(root, this.#base)) {
      if (!resource.custom || resource.delete || this.#kept.has(resource) || this.#deletedFirst.has(resource.urn))
        continue;
      const keys = gone.has(urnOfRef(resource.provider)) ? [] : await this.#replacingKeys(resource, gone);
      if (keys === undefined) continue;
      gone.add(resource.urn);
      along.push({ resource, keys });
    }
    return along;
  }

  /** Undefined: it can stay. */
  async #replacingKeys(resource: ResourceState, gone: ReadonlySet<string>): Promise<readonly string[] | undefined> {
    const lost = Object.keys(resource.inputs).filter((key) =>
      resource.propertyDependencies[key]?.some((urn) => gone.has(urn)),
    );
    if (lost.length === 0) return undefined;
    const news: Values = { ...resource.inputs };
    for (const key of lost) news[key] = Unknown.value;
    const diff = await this.#ask.diff(resource, { ...resource, ignoreChanges: [] }, news);
    return diff && needsReplacement(diff) ? diff.replaces : undefined;
  }

  async #diff(goal: Goal, old: ResourceState, wanted: ResourceState, forced: boolean) {
    const answer = (diff: Diff, problems: Problem[] = [], triggered = false) => ({ answer: diff, problems, triggered });
    if (forced) return answer(replaceBecauseOf("id"));
    if (goal.deletedWith !== "" && this.#replaced.has(goal.deletedWith)) return answer(replaceBecauseOf("deletedWith"));
    if (goal.replaceWith.some((urn) => this.#replaced.has(urn))) return answer(replaceBecauseOf("replaceWith"));
    if (old.replacementTrigger !== undefined && !equal(old.replacementTrigger, goal.replacementTrigger))
      return answer(SOME_CHANGE, [], true);
    if (!goal.custom) return answer(equal(old.inputs, wanted.inputs) ? NO_CHANGE : SOME_CHANGE);
    if (old.provider !== wanted.provider && (await this.#ask.providerReplaces(old.provider, wanted.provider)))
      return answer(replaceBecauseOf("provider"));
    const diff = await this.#ask.diff(old, wanted, wanted.inputs);
    if (diff === undefined) return answer(SOME_CHANGE, [unknownProviderProblem(goal.urn)]);
    return answer(decided(diff, old.inputs, wanted.inputs, goal.ignoreChanges));
  }

  async #checked(
    goal: Goal,
    wanted: ResourceState,
    olds: Values,
    news: Values,
  ): Promise<Plan & { state: ResourceState }> {
    const answer = goal.custom ? await this.#ask.check(wanted, olds, news) : undefined;
    const state = { ...wanted, inputs: answer?.inputs ?? news };
    const problems = (answer?.failures ?? []).map((failure) => checkProblem(goal, state.inputs, failure));
    this.#news.set(goal.urn, state);
    return { state, steps: [], problems, refused: problems.length > 0 };
  }

  #taken(old: ResourceState, byUrn: string): boolean {
    return this.#kept.has(old) || (old.urn !== byUrn && this.#news.has(old.urn));
  }
}

function importIdOf(old: ResourceState | undefined): string | undefined {
  return old === undefined ? undefined : old.importID || old.id;
}

function plan(steps: Step[]): Plan {
  return { steps, problems: [], refused: false };
}

function refusal(problem: Problem): Plan {
  return { steps: [], problems: [problem], refused: true };
}
