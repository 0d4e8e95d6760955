/** Does what the planner decided: calls the providers, keeps the state, reports. */
import { InitError } from "../provider.ts";
import { runImport } from "./import-step.ts";
import { protectedDeleteMessage } from "./problems.ts";
import { configuration, type ProviderRegistry, received, sent } from "./provider-registry.ts";
import { runRefresh } from "./refresh-step.ts";
import type { Reporter } from "./reporter.ts";
import type { Snapshot } from "./snapshot.ts";
import type { ResourceState } from "./state-store.ts";
import type { Step } from "./step.ts";
import { isProviderType } from "./urn.ts";
import { hasUnknown } from "./values.ts";

export interface Execution {
  preview: boolean;
  registry: ProviderRegistry;
  snapshot: Snapshot;
  reporter: Reporter;
  /** URNs that this operation deletes: what is `deletedWith` one of them needs no call. */
  condemned: ReadonlySet<string>;
  /** The command is a refresh: its steps are counted and reported by their results. */
  refreshing: boolean;
  /** Refreshes happen as the program registers its resources. */
  runsProgram: boolean;
  parallel: number;
  /** Once aborted, nothing further is begun. */
  signal: AbortSignal | undefined;
}

/** A step that could not be done; it has been reported. */
export class StepFailure extends Error {}

/** A deletion that was refused because the resource is protected: no provider was called. */
export class ProtectedFailure extends StepFailure {}

/** Carries out one step; resolves with the resource as it is afterwards (undefined when it is gone). */
export async function runStep(execution: Execution, step: Step): Promise<ResourceState | undefined> {
  const { reporter } = execution;
  reporter.started(step);
  try {
    const state = await apply(execution, step);
    if (!REPORT_THEMSELVES.has(step.op)) reporter.finished(step);
    return state;
  } catch (error) {
    if (error instanceof StepFailure) throw error;
    reporter.stepFailed(step, messageOf(error));
    throw new StepFailure(messageOf(error));
  }
}

const REPORT_THEMSELVES: ReadonlySet<Step["op"]> = new Set(["refresh", "import", "import-replacement"]);

async function apply(execution: Execution, step: Step): Promise<ResourceState | undefined> {
  switch (step.op) {
    case "same":
      return same(execution, step);
    case "create":
    case "create-replacement":
      return create(execution, step);
    case "update":
      return update(execution, step);
    case "replace":
      return step.new;
    case "delete":
    case "delete-replaced":
      return remove(execution, step);
    case "remove-pending-replace":
      return forget(execution, step);
    case "import":
    case "import-replacement":
      return runImport(execution, step);
    case "refresh":
      return runRefresh(execution, step);
    case "discard":
    case "discard-replaced":
      throw new Error(`the rehearsal has no step "${step.op}"`);
    default:
      return step.op satisfies never;
  }
}

async function same({ registry, snapshot }: Execution, step: Step): Promise<ResourceState | undefined> {
  if (!step.new || step.mention) return step.new;
  if (step.old) {
    const { id, outputs, initErrors } = step.old;
    step.new = { ...step.new, id, outputs, initErrors };
    if (isProviderType(step.type)) await registry.adopt(step.new);
  }
  snapshot.put(step.old, step.new);
  return step.new;
}

async function create(execution: Execution, step: Step): Promise<ResourceState | undefined> {
  const { preview, registry, snapshot } = execution;
  const wanted = step.new;
  if (!wanted) return undefined;
  const settle = (state: ResourceState) => {
    step.new = state;
    if (step.old && step.createFirst) step.old = condemn(snapshot, step.old);
    else if (step.old) snapshot.remove(step.old);
    snapshot.put(undefined, state);
  };
  if (!wanted.custom) {
    settle(wanted);
  } else if (isProviderType(step.type)) {
    const state = { ...wanted, id: registry.newId(preview), outputs: configuration(wanted.inputs) };
    await registry.adopt(state);
    settle(state);
    await snapshot.save();
  } else if (preview) {
    const outputs = await previewed(execution, wanted, async (loaded, inputs) => {
      const created = await loaded.provider.create({ urn: step.urn, inputs, preview: true });
      return created.outputs;
    });
    settle({ ...wanted, outputs });
  } else {
    const loaded = await registry.load(wanted.provider);
    const done = await snapshot.begin("creating", wanted);
    const { id, outputs } = await notReady(
      execution,
      step,
      async () => loaded.provider.create({ urn: step.urn, inputs: sent(loaded, wanted.inputs), preview: false }),
      (failure) => {
        done();
        settle(finished(loaded, wanted, failure.id, failure.outputs, failure.reasons));
      },
      done,
    );
    if (id === "") throw new Error("the provider answered a create without an id");
    done();
    settle(finished(loaded, wanted, id, outputs));
    await snapshot.save();
  }
  return step.new;
}

async function update(execution: Execution, step: Step): Promise<ResourceState | undefined> {
  const { preview, registry, snapshot } = execution;
  const { old, new: wanted } = step;
  if (!old || !wanted) return undefined;
  const settle = (state: ResourceState) => {
    step.new = state;
    snapshot.put(old, state);
  };
  const call = { urn: step.urn, id: old.id, ignoreChanges: [...wanted.ignoreChanges] };
  if (!wanted.custom) {
    settle({ ...wanted, outputs: old.outputs });
  } else if (isProviderType(step.type)) {
    const state = { ...wanted, id: old.id, outputs: configuration(wanted.inputs) };
    await registry.adopt(state);
    settle(state);
    await snapshot.save();
  } else if (preview) {
    const outputs = await previewed(execution, wanted, async (loaded, news) => {
      const [olds, oldInputs] = [sent(loaded, old.outputs), sent(loaded, old.inputs)];
      const updated = await loaded.provider.update({ ...call, olds, oldInputs, news, preview: true });
      return updated.outputs;
    });
    settle({ ...wanted, id: old.id, outputs });
  } else {
    const loaded = await registry.load(wanted.provider);
    const done = await snapshot.begin("updating", wanted);
    const [olds, oldInputs, news] = [old.outputs, old.inputs, wanted.inputs].map((values) => sent(loaded, values));
    const { outputs } = await notReady(
      execution,
      step,
      async () =>
        loaded.provider.update({
          ...call,
          olds: olds ?? {},
          oldInputs: oldInputs ?? {},
          news: news ?? {},
          preview: false,
        }),
      (failure) => {
        done();
        // The new inputs did not come about: the old ones are kept with what the provider found (pkg/engine/update.go, 3.260).
        const { inputs } = old;
        settle({ ...finished(loaded, wanted, old.id, failure.outputs, failure.reasons), inputs });
      },
      done,
    );
    done();
    settle(finished(loaded, wanted, old.id, outputs));
    await snapshot.save();
  }
  return step.new;
}

async function remove(execution: Execution, step: Step): Promise<undefined> {
  const { preview, registry, snapshot, condemned } = execution;
  const { old } = step;
  if (!old) return;
  if (old.protect && step.op === "delete") {
    const message = protectedDeleteMessage(old.urn);
    execution.reporter.stepFailed(step, message);
    throw new ProtectedFailure(message);
  }
  const managed = old.custom && !isProviderType(old.type);
  const spared = old.retainOnDelete || (old.deletedWith !== "" && condemned.has(old.deletedWith));
  if (managed && !spared) {
    const loaded = await registry.load(old.provider);
    if (!preview) {
      const done = await snapshot.begin("deleting", old);
      try {
        const [outputs, oldInputs] = [sent(loaded, old.outputs), sent(loaded, old.inputs)];
        await loaded.provider.delete({ urn: old.urn, id: old.id, outputs, oldInputs });
      } finally {
        done();
      }
    }
  }
  if (step.deleteFirst) {
    step.old = { ...old, pendingReplacement: true };
    snapshot.mark(old, step.old);
  } else {
    snapshot.remove(old);
  }
  if (!preview) await snapshot.save();
}

/** What was deleted for a replacement that nobody wants any more exists in the state only. */
async function forget({ preview, snapshot }: Execution, { old }: Step): Promise<undefined> {
  if (old) snapshot.remove(old);
  if (!preview) await snapshot.save();
}

type Loaded = Awaited<ReturnType<ProviderRegistry["load"]>>;

/** What a preview shows as outputs: the provider's plan, or the inputs when it makes none. */
async function previewed(
  { registry }: Execution,
  wanted: ResourceState,
  ask: (loaded: Loaded, inputs: ResourceState["inputs"]) => Promise<ResourceState["outputs"]>,
): Promise<ResourceState["outputs"]> {
  const loaded = await registry.load(wanted.provider);
  if (!loaded.known) return {};
  if (!loaded.capabilities.supportsPreview) return wanted.inputs;
  const outputs = await ask(loaded, sent(loaded, wanted.inputs));
  return received(loaded, outputs, wanted.inputs, wanted.additionalSecretOutputs);
}

function finished(
  loaded: Loaded,
  wanted: ResourceState,
  id: string,
  outputs: ResourceState["outputs"],
  initErrors: readonly string[] = [],
): ResourceState {
  if (hasUnknown(outputs))
    throw new Error("the provider answered with values that are not known, which only a preview may");
  const marked = received(loaded, outputs, wanted.inputs, wanted.additionalSecretOutputs);
  return { ...wanted, id, outputs: marked, initErrors };
}

/** Keeps in the state what exists but is not ready, then fails. Any other failure ends the pending operation too. */
async function notReady<Result>(
  { reporter, snapshot }: Execution,
  step: Step,
  call: () => Promise<Result>,
  keep: (failure: InitError) => void,
  done: () => void,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof InitError)) {
      done();
      await snapshot.save();
      throw error;
    }
    keep(error);
    await snapshot.save();
    const { reasons } = error;
    const count = `${reasons.length} error${reasons.length === 1 ? "" : "s"} occurred:`;
    const message = [count, ...reasons.map((reason) => `\t* ${reason}`)].join("\n");
    reporter.stepFailed(step, message);
    throw new StepFailure(message);
  }
}

function condemn(snapshot: Snapshot, old: ResourceState): ResourceState {
  const condemned = { ...old, delete: true };
  snapshot.mark(old, condemned);
  return condemned;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
