import { decided } from "./diff.ts";
import { type Execution, runStep } from "./executor.ts";
import { checkProblem } from "./problems.ts";
import { received } from "./provider-registry.ts";
import type { ResourceState } from "./state-store.ts";
import { type Step, stepTo } from "./step.ts";
import { nameOf } from "./urn.ts";

/**
 * Takes over what exists: reads it, and when the program wants it otherwise, updates it in a second step. The first
 * step ends with the resource as it was found.
 */
export async function runImport(execution: Execution, step: Step): Promise<ResourceState | undefined> {
  const { registry, snapshot, reporter } = execution;
  const wanted = step.new;
  if (!wanted) return undefined;
  const { urn, id } = wanted;
  const loaded = await registry.load(wanted.provider);
  const found = await loaded.provider.read({ urn, id, inputs: {}, outputs: {} });
  if (!found) throw new Error(`resource '${id}' does not exist`);
  if (!found.inputs) throw new Error(`provider does not support importing resources; please try updating the provider`);
  const outputs = received(loaded, found.outputs, wanted.inputs, wanted.additionalSecretOutputs);
  const existing: ResourceState = { ...wanted, id: found.id, inputs: found.inputs, outputs };

  const checked = await registry.check(wanted, found.inputs, wanted.inputs);
  const inputs = checked?.inputs ?? wanted.inputs;
  for (const failure of checked?.failures ?? [])
    reporter.problem(checkProblem({ urn, type: step.type, name: nameOf(urn) }, inputs, failure));
  if (checked && checked.failures.length > 0) throw new Error(`the inputs of the import were refused`);
  const answer = await registry.diff(existing, { ...wanted, inputs }, inputs);
  const diff = answer && decided(answer, found.inputs, inputs, wanted.ignoreChanges);

  const differs = diff?.changes === "some";
  const imported = differs ? existing : { ...existing, inputs };
  step.new = imported;
  step.old = imported; // what an import shows as its outputs was there before
  if (step.condemns) snapshot.mark(step.condemns, { ...step.condemns, delete: true });
  snapshot.put(undefined, imported);
  if (!execution.preview) await snapshot.save();
  reporter.finished(step);
  if (!differs) return imported;
  const { diffs, detailed } = diff;
  return runStep(execution, stepTo("update", imported, { ...wanted, inputs }, { diffs, detailed }));
}
