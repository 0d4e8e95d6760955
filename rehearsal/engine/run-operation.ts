import type { OperationRequest, OperationResult } from "./operation.ts";

/** Runs one operation of the local engine: previews or applies what the program wants, refreshes or destroys. */
export async function runOperation(request: OperationRequest): Promise<OperationResult> {
  throw new Error(`${request.command} is not implemented yet`);
}
