import { type Execution, runStep, StepFailure } from "./executor.ts";
import type { ResourceState } from "./state-store.ts";
import { stepTo } from "./step.ts";

/** Refreshes what the state knows, without the program. Stops at the first failure. */
export async function refreshAll(
  execution: Execution,
  resources: readonly ResourceState[],
  target: readonly string[] | undefined,
): Promise<void> {
  const wanted = resources.filter((resource) => !target || target.includes(resource.urn));
  const { reporter, preview, signal } = execution;
  const queue = [...wanted];
  let failed = false;
  const worker = async () => {
    for (let resource = queue.shift(); resource && !failed && !signal?.aborted; resource = queue.shift()) {
      try {
        await runStep(execution, stepTo("refresh", resource, resource));
      } catch (error) {
        if (!(error instanceof StepFailure)) throw error;
        failed = true;
      }
    }
  };
  await Promise.all(Array.from({ length: execution.parallel }, worker));
  if (failed) reporter.diagnostic("error", "", preview ? "preview failed" : "update failed");
}

/** After a refresh nothing mentions what is no longer there; properties without dependencies are not listed. */
export function withoutMentionsOfTheGone(resources: readonly ResourceState[]): ResourceState[] {
  const there = new Set(resources.map(({ urn }) => urn));
  const exists = (urn: string) => there.has(urn);
  return resources.map((resource) => ({
    ...resource,
    dependencies: resource.dependencies.filter(exists),
    deletedWith: exists(resource.deletedWith) ? resource.deletedWith : "",
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies)
        .map(([key, urns]) => [key, urns.filter(exists)] as const)
        .filter(([, urns]) => urns.length > 0),
    ),
  }));
}
