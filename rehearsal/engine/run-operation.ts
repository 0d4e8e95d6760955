import { applyProgram } from "./apply-program.ts";
import { destroy } from "./destroy.ts";
import type { Execution } from "./executor.ts";
import { faultsFrom, faultyProviders, faultyStore } from "./faults.ts";
import { DEFAULT_PARALLEL, type OperationOptions, type OperationRequest, type OperationResult } from "./operation.ts";
import { interruptedProblem } from "./problems.ts";
import { ProviderRegistry } from "./provider-registry.ts";
import { refreshAll, withoutMentionsOfTheGone } from "./refresh-all.ts";
import { Reporter } from "./reporter.ts";
import { Snapshot } from "./snapshot.ts";
import { type Deployment, type PendingOperation, StateError, type StateStore } from "./state-store.ts";

/**
 * Runs one operation of the local engine: previews or applies what the program wants, refreshes or destroys. Resolves
 * also when the operation fails; what went wrong is in the events, or in `errors` when it could not begin.
 */
export async function runOperation(given: OperationRequest): Promise<OperationResult> {
  const request = withFaults(given);
  const options = request.options ?? {};
  const preview = request.command === "preview" || options.previewOnly === true;
  const refusal = unsupported(request, options);
  if (refusal !== undefined) return { exit: 1, errors: [refusal] };
  try {
    const release = preview ? async () => {} : await request.state.lock(request.command);
    try {
      return await run(request, options, preview, await request.state.read());
    } finally {
      await release();
    }
  } catch (error) {
    if (error instanceof StateError) return { exit: 1, errors: [error.message] };
    throw error;
  }
}

function withFaults(request: OperationRequest): OperationRequest {
  const faults = request.options?.faults ?? faultsFrom(process.env);
  if (faults.length === 0) return request;
  const { providers, state } = request;
  return { ...request, providers: faultyProviders(providers, faults), state: faultyStore(state, faults) };
}

async function run(
  request: OperationRequest,
  options: OperationOptions,
  preview: boolean,
  deployment: Deployment,
): Promise<OperationResult> {
  const { command, program, state } = request;
  const began = performance.now();
  const secrets = program.secretKeys.flatMap((key) => program.config[key] ?? []);
  const reporter = new Reporter(request.onEvent, preview, secrets);
  reporter.prelude(program.config, program.secretKeys);
  if (deployment.pending.length > 0 && !preview && command !== "refresh")
    reporter.problem(interruptedProblem(deployment.pending, deployment.resources));

  const registry = new ProviderRegistry(request.providers, deployment.resources, (problem) =>
    reporter.problem(problem),
  );
  const store = preview ? undefined : state;
  const execution: Execution = {
    preview,
    registry,
    snapshot: new Snapshot(deployment.resources, deployment.pending, store),
    reporter,
    condemned: new Set(),
    refreshing: command === "refresh",
    runsProgram: options.runProgram === true,
    parallel: options.parallel ?? DEFAULT_PARALLEL,
    signal: options.signal,
  };
  try {
    const final = await perform(request, options, execution, deployment, store);
    await finish(final, options);
  } finally {
    await registry.close();
  }
  reporter.summary((performance.now() - began) / 1000);
  if (options.signal?.aborted) return { exit: 8, errors: [] };
  if (reporter.failed) return { exit: 1, errors: [] };
  if (options.expectNoChanges === true && reporter.changes())
    return { exit: 7, errors: [`no changes were expected for ${command} but changes were proposed`] };
  return { exit: 0, errors: [] };
}

/** Resolves with the execution whose snapshot is the last one. */
async function perform(
  request: OperationRequest,
  options: OperationOptions,
  execution: Execution,
  { resources, pending }: Deployment,
  store: StateStore | undefined,
): Promise<Execution> {
  const { refreshing, runsProgram, reporter, snapshot } = execution;
  if (request.command === "destroy") {
    await destroy(execution, resources, options);
    return execution;
  }
  if (refreshing && !runsProgram) {
    await refreshAll(execution, resources, options.target);
    return execution;
  }
  if (options.refresh !== true || runsProgram) {
    await applyProgram(request, execution, resources);
    return execution;
  }
  await refreshAll(execution, resources, undefined);
  const base = withoutMentionsOfTheGone(snapshot.deployment().resources);
  const refreshed = { ...execution, snapshot: new Snapshot(base, pending, store) };
  if (!reporter.failed) await applyProgram(request, refreshed, base);
  return refreshed;
}

/** After a success it is known how everything ended, except for creates: whether they did can't be told from the state. */
async function finish({ snapshot, reporter, refreshing }: Execution, options: OperationOptions): Promise<void> {
  const isOpen = ({ type }: PendingOperation) =>
    type === "creating" ? !(refreshing && options.clearPendingCreates === true) : reporter.failed;
  await snapshot.finish(isOpen, refreshing ? withoutMentionsOfTheGone : undefined);
}

/** What is refused in one line, for options that only the Pulumi CLI has in this combination. */
function unsupported({ command }: OperationRequest, options: OperationOptions): string | undefined {
  const onlyCli = (what: string) => `the local engine does not support ${what}: use the Pulumi CLI (--engine pulumi)`;
  if (options.continueOnError) return onlyCli("--continue-on-error");
  if (command !== "preview" && command !== "up") return undefined;
  const { target, replace, targetDependents } = options;
  if (targetDependents) return onlyCli(`--target-dependents with ${command}`);
  if (target?.some((urn) => !replace?.includes(urn))) return onlyCli(`--target with ${command}`);
  return undefined;
}
