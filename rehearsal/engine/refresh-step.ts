import { InitError, type ReadResult } from "../provider.ts";
import { decided, inverted } from "./diff.ts";
import type { StepOp } from "./events.ts";
import type { Execution } from "./executor.ts";
import { received, sent } from "./provider-registry.ts";
import type { ResourceState } from "./state-store.ts";
import type { Step } from "./step.ts";
import { isProviderType } from "./urn.ts";

/**
 * Reads one resource and lets the provider's Diff of the old inputs against what was read decide whether it drifted.
 * The step ends as `same`, `update` or `delete`. Components and providers have nothing to read,
 * and what was deleted for a replacement is known to be gone.
 */
export async function runRefresh(execution: Execution, step: Step): Promise<ResourceState | undefined> {
  const { registry, snapshot, reporter, refreshing, runsProgram } = execution;
  const old = step.old;
  if (!old) return undefined;
  const finish = (state: ResourceState | undefined, result: StepOp) => {
    step.new = state;
    if (state) snapshot.mark(old, state);
    else snapshot.remove(old);
    reporter.finished(step, refreshing ? result : "refresh", refreshing && (old.custom || !runsProgram));
    return state;
  };
  // A component that the program registers anew shows as an update that nothing counts.
  if (!old.custom || isProviderType(old.type) || old.pendingReplacement)
    return finish(old, runsProgram && !old.custom ? "update" : "same");

  const loaded = await registry.load(old.provider);
  const [inputs, outputs] = [sent(loaded, old.inputs), sent(loaded, old.outputs)];
  let found: ReadResult | undefined;
  let initErrors: readonly string[] = [];
  try {
    found = await loaded.provider.read({ urn: step.urn, id: old.id, inputs, outputs });
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    found = { id: error.id, outputs: error.outputs, inputs: undefined };
    initErrors = error.reasons;
  }
  if (!found) return finish(undefined, "delete");

  const state: ResourceState = {
    ...old,
    id: found.id,
    inputs: found.inputs ? received(loaded, found.inputs, old.inputs) : old.inputs,
    outputs: received(loaded, found.outputs, old.inputs, old.additionalSecretOutputs),
    initErrors,
  };
  const ignoreChanges = step.new?.ignoreChanges ?? old.ignoreChanges;
  const answer = await registry.diff(state, { ...old, ignoreChanges }, old.inputs);
  const diff = answer && decided(answer, state.inputs, old.inputs, ignoreChanges);
  step.diffs = diff?.diffs ?? [];
  step.detailed = inverted(diff?.detailed);
  return finish(state, diff?.changes === "some" ? "update" : "same");
}
