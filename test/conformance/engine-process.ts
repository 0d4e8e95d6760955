/** One operation in a process of its own, so that it can be killed; the request is in the environment. */
import type { Command, OperationOptions, Program } from "../../rehearsal/engine/operation.ts";
import { runOperation } from "../../rehearsal/engine/run-operation.ts";
import { stateFile } from "../../rehearsal/engine/state-file.ts";
import { suiteProvider } from "./replay.ts";

interface Request {
  command: Command;
  options: OperationOptions;
  program: Program;
  stateDirectory: string;
}
const { command, options, program, stateDirectory } = JSON.parse(process.env["ENGINE_REQUEST"] ?? "") as Request;
const { exit } = await runOperation({
  command,
  options,
  program,
  state: stateFile(stateDirectory, program.stack),
  providers: (name) => suiteProvider(name, process.env),
  onEvent: () => {},
});
process.exitCode = exit;
