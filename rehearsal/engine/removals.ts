import { deletionGroups, needs } from "./dependents.ts";
import { type Execution, ProtectedFailure, runStep, StepFailure } from "./executor.ts";
import type { ResourceState } from "./state-store.ts";
import type { Step } from "./step.ts";

/**
 * Carries out deletions, dependents first. What does not depend on one another is deleted together; after a failure
 * nothing further is begun. A protected resource stays with all that it needs, and the others go on, so that one run
 * names every protected one. Resolves with whether all succeeded.
 */
export async function runRemovals(execution: Execution, steps: readonly Step[]): Promise<boolean> {
  const byResource = new Map<ResourceState, Step>();
  for (const step of steps) if (step.old) byResource.set(step.old, step);
  const condemned = new Set([...execution.condemned, ...steps.map(({ urn }) => urn)]);
  const context = { ...execution, condemned };
  const kept = new Set<string>();
  // Groups go from dependents to what they need, so one pass keeps what is needed through others.
  for (const group of deletionGroups([...byResource.keys()])) {
    for (const resource of group) if (kept.has(resource.urn)) for (const urn of needs(resource)) kept.add(urn);
    const queue = group.flatMap((resource) => (kept.has(resource.urn) ? [] : (byResource.get(resource) ?? [])));
    let failed = false;
    const worker = async () => {
      for (let step = queue.shift(); step && !failed && !execution.signal?.aborted; step = queue.shift()) {
        try {
          await runStep(context, step);
        } catch (error) {
          if (!(error instanceof StepFailure)) throw error;
          if (error instanceof ProtectedFailure && step.old)
            for (const urn of [step.urn, ...needs(step.old)]) kept.add(urn);
          else failed = true;
        }
      }
    };
    await Promise.all(Array.from({ length: execution.parallel }, worker));
    if (failed || execution.signal?.aborted) return false;
  }
  return kept.size === 0;
}
