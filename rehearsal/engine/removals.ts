import { deletionGroups } from "./dependents.ts";
import { type Execution, runStep, StepFailure } from "./executor.ts";
import type { ResourceState } from "./state-store.ts";
import type { Step } from "./step.ts";

/**
 * Carries out deletions, dependents first. What does not depend on one another is deleted together; after a failure
 * nothing further is begun. Resolves with whether all succeeded.
 */
export async function runRemovals(execution: Execution, steps: readonly Step[]): Promise<boolean> {
  const byResource = new Map<ResourceState, Step>();
  for (const step of steps) if (step.old) byResource.set(step.old, step);
  const condemned = new Set([...execution.condemned, ...steps.map(({ urn }) => urn)]);
  const context = { ...execution, condemned };
  for (const group of deletionGroups([...byResource.keys()])) {
    const queue = group.flatMap((resource) => byResource.get(resource) ?? []);
    let failed = false;
    const worker = async () => {
      for (let step = queue.shift(); step && !failed && !execution.signal?.aborted; step = queue.shift()) {
        try {
          await runStep(context, step);
        } catch (error) {
          if (!(error instanceof StepFailure)) throw error;
          failed = true;
        }
      }
    };
    await Promise.all(Array.from({ length: execution.parallel }, worker));
    if (failed || execution.signal?.aborted) return false;
  }
  return true;
}
