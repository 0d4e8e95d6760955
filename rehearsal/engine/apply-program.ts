import type { Execution } from "./executor.ts";
import type { OperationRequest } from "./operation.ts";
import { ProgramRun } from "./program-run.ts";
import { startProgram } from "./runner.ts";
import type { ResourceState } from "./state-store.ts";

/**
 * Runs the program and brings about, or shows, what it registers; afterwards what it no longer registers is removed.
 */
export async function applyProgram(
  request: OperationRequest,
  execution: Execution,
  base: readonly ResourceState[],
): Promise<void> {
  const run = new ProgramRun(request, execution, base);
  const { preview, parallel, reporter, signal } = execution;
  const start = request.startProgram ?? startProgram;
  const running = await start(request.program, run, {
    preview,
    parallel,
    onOutput: (stream, line) => reporter.diagnostic(stream === "stdout" ? "info" : "info#err", "", line),
  });
  const cancel = () => run.cancel();
  signal?.addEventListener("abort", cancel);
  if (signal?.aborted) cancel();
  try {
    const end = await Promise.race([run.end, running.ended.then((code) => ({ code }))]);
    if (typeof end === "object") run.exited(end.code);
    await run.settled();
    if (run.verdict === "done") await run.remove();
  } finally {
    signal?.removeEventListener("abort", cancel);
    running.kill();
    await running.ended;
  }
  if (run.verdict === "failed") reporter.diagnostic("error", "", preview ? "preview failed" : "update failed");
}
