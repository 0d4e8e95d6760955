import { dependentsOf, needs } from "./dependents.ts";
import type { StepOp } from "./events.ts";
import { type Execution, runStep } from "./executor.ts";
import type { OperationOptions } from "./operation.ts";
import { Planner } from "./planner.ts";
import { runRemovals } from "./removals.ts";
import type { ResourceState } from "./state-store.ts";
import { stepAway, stepTo } from "./step.ts";

/** Deletes everything, or the targets; what stays is reported as the same first. */
export async function destroy(
  execution: Execution,
  base: readonly ResourceState[],
  options: OperationOptions,
): Promise<void> {
  const { reporter, preview } = execution;
  const condemned = await condemnedResources(execution, base, options);
  const partly = options.target !== undefined || options.excludeProtected === true;
  if (!reporter.failed) {
    if (partly)
      for (const resource of base)
        if (!condemned.has(resource)) await runStep(execution, stepTo("same", resource, resource));
    const steps = base
      .filter((resource) => condemned.has(resource))
      .map((resource) => stepAway(opOf(resource), resource));
    await runRemovals(execution, steps);
  }
  if (reporter.failed) reporter.diagnostic("error", "", preview ? "preview failed" : "update failed");
}

function opOf(resource: ResourceState): StepOp {
  if (resource.delete) return "delete-replaced";
  return resource.pendingReplacement ? "remove-pending-replace" : "delete";
}

async function condemnedResources(
  { registry, reporter }: Execution,
  base: readonly ResourceState[],
  { target, targetDependents, excludeProtected }: OperationOptions,
): Promise<Set<ResourceState>> {
  if (target) {
    const targets = base.filter(({ urn }) => target.includes(urn));
    const planner = new Planner(base, { preview: true, replace: new Set() }, registry);
    const condemned = new Set(targets);
    for (const resource of targets) {
      await planner.replacedAlong(resource);
      for (const dependent of dependentsOf(resource, base)) {
        condemned.add(dependent);
        if (targetDependents !== true && !target.includes(dependent.urn)) reporter.problem(untargeted(dependent.urn));
      }
    }
    return condemned;
  }
  if (excludeProtected !== true) return new Set(base);
  const kept = new Set(base.filter((resource) => resource.protect).map(({ urn }) => urn));
  for (const resource of base.toReversed())
    if (kept.has(resource.urn)) for (const urn of needs(resource)) kept.add(urn);
  return new Set(base.filter(({ urn }) => !kept.has(urn)));
}

function untargeted(urn: string) {
  const message =
    `Resource '${urn}' will be destroyed but was not specified in --target list.\n` +
    "Either include resource in --target list or pass --target-dependents to proceed.";
  return { severity: "error" as const, urn, message };
}
