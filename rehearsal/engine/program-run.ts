import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { Values } from "../provider.ts";
import { defaultProviderGoal } from "./default-provider.ts";
import { UNKNOWN_TEXT } from "./events.ts";
import { type Execution, runStep, StepFailure } from "./executor.ts";
import { type Goal, wantedState } from "./goal.ts";
import { goalFromRequest, type Unsupported } from "./goal-from-request.ts";
import type { InvokeCall, ProgramCalls } from "./monitor.ts";
import type { OperationRequest } from "./operation.ts";
import { Planner } from "./planner.ts";
import { sent } from "./provider-registry.ts";
import { runRemovals } from "./removals.ts";
import { Slots } from "./slots.ts";
import type { ResourceState } from "./state-store.ts";
import { type Step, stepTo } from "./step.ts";
import { isProviderType, packageOf, providerRef, STACK_TYPE } from "./urn.ts";

/** `done`: the program ended well. `refused`: reported already. `failed`: a step failed, or only a preview could go on. */
type Verdict = "running" | "done" | "refused" | "failed" | "cancelled";

/** One run of the program: what it registers is planned in order and carried out, until it ends or something fails. */
export class ProgramRun implements ProgramCalls {
  verdict: Verdict = "running";
  readonly end: Promise<"ended">;
  #ended: () => void = () => {};
  #errorsLogged = false;
  #stackOutputs: { urn: string; outputs: Values } | undefined;
  readonly #request: OperationRequest;
  readonly #execution: Execution;
  readonly #planner: Planner;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #registered = new Map<string, { step: Step; state: ResourceState }>();
  readonly #defaultProviders = new Map<string, Promise<string>>();
  readonly #unrefreshed: Set<ResourceState>;
  /** What a refresh found in the program only. */
  readonly #skipped = new Set<string>();
  readonly #slots: Slots;
  #planning: Promise<unknown> = Promise.resolve();

  constructor(request: OperationRequest, execution: Execution, base: readonly ResourceState[]) {
    this.#request = request;
    this.#execution = execution;
    const { replace = [], target } = request.options ?? {};
    this.#planner = new Planner(
      base,
      { preview: execution.preview, replace: new Set(replace), target: target && new Set(target) },
      execution.registry,
    );
    this.#unrefreshed = new Set(base);
    this.#slots = new Slots(execution.parallel);
    this.end = new Promise((resolve) => {
      this.#ended = () => resolve("ended");
    });
  }

  async register(message: RegisterResourceRequest): Promise<{ urn: string; id: string; outputs: Values }> {
    return this.#whileRunning(async () => {
      const goal = goalFromRequest(message, this.#request.program);
      const provider =
        goal.custom && !isProviderType(goal.type) && goal.provider === ""
          ? await this.#defaultProvider(packageOf(goal.type), message.getVersion())
          : goal.provider;
      const state = await this.#reach({ ...goal, provider });
      return { urn: goal.urn, id: state.id === UNKNOWN_TEXT ? "" : state.id, outputs: state.outputs };
    });
  }

  async outputs(urn: string, outputs: Values): Promise<void> {
    if (this.verdict !== "running") return never();
    // The stack's come even from a program that failed, and then must not count.
    if (this.#registered.get(urn)?.step.type === STACK_TYPE) this.#stackOutputs = { urn, outputs };
    else this.#setOutputs(urn, outputs);
  }

  async invoke({ token, args, provider, version }: InvokeCall) {
    return this.#whileRunning(async () => {
      const ref = provider === "" ? await this.#defaultProvider(packageOf(token), version) : provider;
      const loaded = await this.#execution.registry.load(ref);
      if (!loaded.known) return { result: {}, failures: [] };
      try {
        return await loaded.provider.invoke({ token, args: sent(loaded, args) });
      } catch (error) {
        throw new Error(`invocation of ${token} returned an error: ${error instanceof Error ? error.message : error}`);
      }
    });
  }

  log(severity: "debug" | "info" | "warning" | "error", urn: string, message: string): void {
    if (severity === "debug" || this.verdict !== "running") return;
    if (severity === "error") this.#errorsLogged = true;
    this.#execution.reporter.diagnostic(severity, urn, message);
  }

  ended(): void {
    if (this.verdict === "running") this.#stop(this.#errorsLogged ? "refused" : "done");
  }

  refused(error: Unsupported): void {
    if (this.verdict !== "running") return;
    this.#execution.reporter.diagnostic("error", "", error.message);
    this.#stop("refused");
  }

  cancel(): void {
    if (this.verdict === "running") this.#stop("cancelled");
  }

  /** The process ended by itself, without having said that the program is complete. */
  exited(code: number | NodeJS.Signals): void {
    if (this.verdict !== "running") return;
    const { reporter } = this.#execution;
    if (!reporter.failed) {
      const how = code === 0 ? "ended before it was complete (process.exit?)" : `ended with exit code ${code}`;
      reporter.diagnostic("error", "", `the program ${how}: nothing that it did not register is removed`);
    }
    this.#stop("refused");
  }

  /** Resolves when no step is under way any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  async remove(): Promise<void> {
    const execution = this.#execution;
    if (this.#stackOutputs) this.#setOutputs(this.#stackOutputs.urn, this.#stackOutputs.outputs);
    execution.snapshot.rename(this.#planner.renamed);
    if (execution.runsProgram)
      for (const resource of this.#unrefreshed) await this.#refresh(resource, resource.ignoreChanges);
    if (execution.refreshing) return;
    const done = await runRemovals(execution, this.#planner.removals());
    if (execution.signal?.aborted) this.verdict = "cancelled";
    else if (!done || execution.reporter.failed) this.verdict = "failed";
  }

  #setOutputs(urn: string, outputs: Values): void {
    const registered = this.#registered.get(urn);
    if (!registered) return;
    const { step, state } = registered;
    const { snapshot, reporter } = this.#execution;
    const complete = { ...state, outputs };
    snapshot.put(state, complete);
    this.#registered.set(urn, { step, state: complete });
    step.new = complete;
    reporter.outputs(step);
  }

  /** Calls of the program wait forever once the operation has to end: the process is then ended from outside. */
  async #whileRunning<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.verdict !== "running") return never();
    const working = work();
    this.#underWay.add(working);
    try {
      return await working;
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      this.#stop(error instanceof Refusal ? "refused" : "failed");
    } finally {
      this.#underWay.delete(working);
    }
    return never();
  }

  #stop(verdict: Verdict): void {
    if (this.verdict === "running") this.verdict = verdict;
    this.#ended();
  }

  async #reach(goal: Goal): Promise<ResourceState> {
    // Decisions are made one after the other, in the order of the registrations; their steps may overlap.
    const planned = this.#planning.then(() => this.#plan(goal));
    this.#planning = planned.catch(() => {});
    const steps = await planned;
    let state: ResourceState | undefined;
    const release = await this.#slots.take();
    try {
      for (const step of steps) {
        if (this.verdict !== "running") throw new StepFailure();
        // The mark of a replacement shows what was made before it.
        if (step.op === "replace" && state) step.new = state;
        state = await runStep(this.#execution, step);
        if (state) this.#registered.set(goal.urn, { step, state });
      }
    } finally {
      release();
    }
    return (
      state ?? this.#registered.get(goal.urn)?.state ?? wantedState(goal, { protect: false, retainOnDelete: false })
    );
  }

  async #plan(goal: Goal): Promise<Step[]> {
    if (this.verdict !== "running") throw new StepFailure();
    if (this.#execution.runsProgram && !isProviderType(goal.type)) {
      const old = this.#planner.find(goal);
      const refreshed = old && (await this.#refresh(old, goal.ignoreChanges, goal.inputs));
      if (this.#execution.refreshing && (goal.custom || this.#needsSkipped(goal)))
        return this.#afterRefresh(goal, refreshed);
    }
    const plan = await this.#ask(() => this.#planner.register(goal), goal.urn);
    for (const problem of plan.problems) this.#execution.reporter.problem(problem);
    if (plan.refused) throw new Refusal();
    return plan.steps;
  }

  /** A question that the provider fails to answer ends the operation. */
  async #ask<Answer>(question: () => Promise<Answer>, urn: string): Promise<Answer> {
    try {
      return await question();
    } catch (error) {
      if (error instanceof StepFailure) throw error;
      const message = error instanceof Error ? error.message : String(error);
      this.#execution.reporter.problem({ severity: "error", urn, message });
      throw new Refusal();
    }
  }

  async #refresh(old: ResourceState, ignoreChanges: readonly string[], inputs?: Values) {
    this.#unrefreshed.delete(old);
    // What the program wants has no id and no outputs before it is read.
    const shown = { ...old, ignoreChanges, ...(inputs ? { inputs, id: "", outputs: {} } : {}) };
    const state = await runStep(this.#execution, stepTo("refresh", old, shown));
    this.#planner.refreshed(old, state);
    return state;
  }

  /**
   * A refresh changes nothing else: what was refreshed stays so, and what is not in the state is only mentioned. Components
   * are the program's own, so they are made and changed all the same, unless they need something that was only mentioned
   * (`continueStepsFromRefresh` in pulumi's step_generator.go, 3.260). A drift check of undeployed code shows them.
   */
  #afterRefresh(goal: Goal, refreshed: ResourceState | undefined): Step[] {
    if (refreshed) {
      this.#registered.set(goal.urn, { step: stepTo("same", refreshed, refreshed), state: refreshed });
      return [];
    }
    this.#skipped.add(goal.urn);
    const wanted = wantedState(goal, { protect: false, retainOnDelete: false });
    return [{ ...stepTo("same", wanted, wanted), mention: true }];
  }

  #needsSkipped({ parent, deletedWith, dependencies, propertyDependencies }: Goal): boolean {
    const needed = [parent, deletedWith, ...dependencies, ...Object.values(propertyDependencies).flat()];
    return needed.some((urn) => this.#skipped.has(urn));
  }

  #defaultProvider(packageName: string, version: string): Promise<string> {
    const { stack, project } = this.#request.program;
    const goal = defaultProviderGoal({ stack, project }, packageName, version);
    let registering = this.#defaultProviders.get(goal.urn);
    if (!registering) {
      registering = this.#reach(goal).then((state) => providerRef(goal.urn, state.id));
      this.#defaultProviders.set(goal.urn, registering);
    }
    return registering;
  }
}

/** The plan was refused; why has been reported. */
class Refusal extends StepFailure {}

function never(): Promise<never> {
  return new Promise(() => {});
}
