import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { paperFor, wrap } from "../display/terminal-text.ts";
import type { Command } from "../engine/operation.ts";
import { chooseEngine, type EngineChoice } from "./choose-engine.ts";
import { EXIT, Refusal } from "./exit-codes.ts";
import { introduction, nextSteps, operate, type Request } from "./operate.ts";
import { rehearsalFolder, removeRehearsal } from "./rehearsal-folder.ts";
import { shown } from "./shown-path.ts";
import { loadStack, projectDirectory, stacksOf } from "./stack.ts";

/** What the command line can say; which options a verb has is declared in `cli.ts`. */
export interface VerbOptions {
  cwd: string;
  engine: EngineChoice;
  stack: string;
  json?: boolean;
  config?: string[];
  diff?: boolean;
  expectNoChanges?: boolean;
  previewOnly?: boolean;
  runProgram?: boolean;
  clearPendingCreates?: boolean;
  refresh?: boolean;
  replace?: string[];
  against?: string;
}

type Verb = (options: VerbOptions) => Promise<number>;

/** Each verb resolves with its exit code. They throw Refusal for what cannot be run. */
export const verbs: Record<Command | "reset" | "cancel", Verb> = {
  preview: (options) => operation("preview", options),
  up: (options) => operation("up", options),
  refresh: (options) => operation("refresh", options),
  destroy: (options) => operation("destroy", options),
  reset,
  cancel,
};

async function operation(command: Command, given: VerbOptions): Promise<number> {
  const request = await requestOf(command, given);
  introduction(request);
  const cancelled = new AbortController();
  const interrupt = () => {
    if (cancelled.signal.aborted) process.exit(EXIT.cancelled);
    process.stderr.write("\nEnding after the calls that are under way; once more ends at once.\n");
    cancelled.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  request.options.signal = cancelled.signal;
  if (given.against !== undefined) {
    const { against } = await import("./against.ts");
    return against(request, given.against);
  }
  const result = await operate(request);
  if (!request.json) {
    const { width } = paperFor(process.stdout);
    for (const line of nextSteps(request, result)) process.stdout.write(`${wrap(line, width).join("\n")}\n`);
  }
  return result.exit;
}

async function requestOf(command: Command, given: VerbOptions): Promise<Request> {
  const directory = projectDirectory(resolve(given.cwd));
  const folder = rehearsalFolder(directory, given.stack);
  return {
    command,
    stack: loadStack(directory, given.stack, given.config),
    engine: await chooseEngine(given.engine),
    folder,
    json: given.json === true,
    diff: given.diff === true,
    options: {
      previewOnly: given.previewOnly === true,
      runProgram: given.runProgram === true,
      expectNoChanges: given.expectNoChanges === true,
      refresh: given.refresh === true,
      clearPendingCreates: given.clearPendingCreates === true,
      replace: given.replace ?? [],
    },
  };
}

async function reset({ cwd, stack }: VerbOptions): Promise<number> {
  const directory = projectDirectory(resolve(cwd));
  const folder = rehearsalFolder(directory, stack);
  if (!existsSync(folder) && !stacksOf(directory).includes(stack)) {
    throw new Refusal(
      EXIT.noSuchStack,
      `There is no stack "${stack}", and no rehearsal of one.\n  Stacks: ${stacksOf(directory).join(", ") || "none"}`,
    );
  }
  const removed = removeRehearsal(directory, stack);
  process.stdout.write(
    removed ? `Removed ${shown(folder)}: the next up starts from nothing.\n` : `There was no rehearsal of ${stack}.\n`,
  );
  return EXIT.done;
}

async function cancel(given: VerbOptions): Promise<number> {
  const { stack, engine, folder } = await requestOf("up", given);
  const { exit, errors } = await engine.cancel(stack, folder);
  for (const error of errors) process.stderr.write(`error  ${error}\n`);
  if (exit === EXIT.done) process.stdout.write(`No run holds the rehearsal of ${stack.name} any more.\n`);
  return exit;
}
