import { Progress } from "../display/progress.ts";
import { countLine, report } from "../display/report.ts";
import { StepList } from "../display/steps.ts";
import { paperFor, wrap } from "../display/terminal-text.ts";
import type { EngineEvent } from "../engine/events.ts";
import type { Command, OperationOptions } from "../engine/operation.ts";
import type { Engine, Job } from "./engine.ts";
import { EXIT } from "./exit-codes.ts";
import { previewedDestroy } from "./previewed-destroy.ts";
import { shown } from "./shown-path.ts";
import { EXAMPLES_FILE, type Stack } from "./stack.ts";

/** An operation as the command line asks for it. */
export interface Request {
  command: Command;
  stack: Stack;
  engine: Engine;
  /** Holds the state and the simulated clouds. */
  folder: string;
  options: OperationOptions;
  /** Machine-readable output on stdout, everything else on stderr. */
  json: boolean;
  /** Show every resource with all inputs. */
  diff: boolean;
  /** One of several operations of a command, of which only the counts are of interest unless it fails. */
  brief?: boolean;
  /** The exit code that is wanted, of which the engine's complaint is not shown. */
  expected?: number;
}

/** What an operation did, for those that go on from there. */
export interface Result {
  exit: number;
  list: StepList;
  seconds: number;
}

/** Runs an operation and shows it as it goes: progress, then the report; or JSON as the Pulumi CLI writes it. */
export async function operate(request: Request): Promise<Result> {
  const { command, stack, engine, folder, options, json, brief = false } = request;
  const planning = command === "preview" || options.previewOnly === true;
  const say = json ? process.stderr : process.stdout;
  const list = new StepList();
  const events: EngineEvent[] = [];
  const progress = new Progress(process.stderr, command);
  const started = performance.now();
  const job: Job = {
    command,
    stack,
    folder,
    options,
    onEvent: (event) => {
      list.add(event);
      progress.add(event);
      if (!json || brief) return;
      if (planning) events.push(event);
      else process.stdout.write(`${JSON.stringify(event)}\n`);
    },
  };
  const outcome = await (command === "destroy" && !planning ? previewedDestroy(engine, job) : engine.run(job));
  const seconds = (performance.now() - started) / 1000;
  progress.end();
  const paper = paperFor(say);
  if (json && planning && !brief) {
    const { digestText, previewDigest } = await import("../display/preview-digest.ts");
    process.stdout.write(digestText(previewDigest(events, seconds)));
  }
  if (!json || brief) {
    const finished = { verb: command, planning, exit: outcome.exit, seconds };
    const short = brief && outcome.exit === EXIT.done;
    const lines = short ? [countLine(list, finished, paper)] : report(list, finished, paper, request.diff);
    say.write(`${lines.join("\n")}\n`);
  }
  const told = new Set(list.diagnostics.map(({ message }) => message.trim()));
  for (const error of outcome.errors) {
    if (!told.has(error.trim()) && outcome.exit !== request.expected)
      process.stderr.write(`${paperFor(process.stderr).paint("red", "error")}  ${error.trim()}\n`);
  }
  return { exit: outcome.exit, list, seconds };
}

/** The first lines of every output: which engine runs on which clouds, and which settings are examples. */
export function introduction({ stack, engine, json }: Pick<Request, "stack" | "engine" | "json">): void {
  const say = json ? process.stderr : process.stdout;
  const paper = paperFor(say);
  const first = `Rehearsal of ${stack.project}/${stack.name}: ${engine.title}, simulated clouds; no account is touched.`;
  say.write(
    `${wrap(first, paper.width)
      .map((line) => paper.paint("bold", line))
      .join("\n")}\n`,
  );
  if (stack.examples.length > 0) {
    const text = `Settings that only owners know are examples from ${EXAMPLES_FILE}: ${stack.examples.join(", ")}`;
    say.write(
      `${wrap(text, paper.width)
        .map((line) => paper.paint("dim", line))
        .join("\n")}\n`,
    );
  }
  say.write("\n");
}

/** What to do after an operation, as one or two lines. */
export function nextSteps({ command, options, stack, folder, engine }: Request, { exit, list }: Result): string[] {
  const rehearse = (rest: string) =>
    `npm run rehearse -- ${rest}${stack.name === "prod" ? "" : ` --stack ${stack.name}`}`;
  const clouds = `${shown(engine.cloudsFolder(folder))}/`;
  if (exit !== 0 && exit !== 7) return [];
  const changes = list.changes().length > 0;
  if (command === "preview")
    return changes
      ? [`Next: ${rehearse("up")} does this in the simulated clouds`]
      : [`Next: change the estate, or make a drift by hand in ${clouds}`];
  if (command === "up")
    return [
      `The simulated clouds are in ${clouds}`,
      `Next: ${rehearse("preview")}, or edit a file there to make a drift`,
    ];
  if (command === "refresh" && options.previewOnly) {
    return changes
      ? [`Next: ${rehearse("up --refresh")} repairs this; ${rehearse("refresh")} accepts it into the state`]
      : [];
  }
  if (command === "destroy" && !options.previewOnly)
    return [`Next: ${rehearse("reset")} forgets the rehearsal altogether`];
  return [];
}
