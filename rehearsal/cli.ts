#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { CommanderError, Command as CommandLine, Option } from "commander";
import { EXIT, EXIT_CODES_HELP, Refusal } from "./commands/exit-codes.ts";
import type { VerbOptions } from "./commands/verbs.ts";

// Compiled code is kept for the next start, of this process and of the program's: 0.35 s less CPU for each preview of prod
// (measured, Node 24, 2026-11). Where the folder cannot be written Node does without.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "../node_modules/.cache/node");
enableCompileCache(process.env["NODE_COMPILE_CACHE"]);

const program = new CommandLine("rehearse")
  .description(
    "Runs the infrastructure program on simulated clouds: no account, no token, no Pulumi CLI needed.\nWithout a verb: a short tour.",
  )
  .addHelpText("after", EXIT_CODES_HELP)
  .option("-C, --cwd <folder>", "the project's folder", ".")
  .addOption(
    new Option("--engine <name>", "which engine runs the program").choices(["auto", "local", "pulumi"]).default("auto"),
  )
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "error  ")) })
  .exitOverride()
  .allowExcessArguments()
  .action(async () => {
    const [unknown] = program.args;
    if (unknown !== undefined) {
      const names = program.commands.map((command) => command.name()).join(", ");
      throw new Refusal(EXIT.badUsage, `There is no verb "${unknown}".\n  Verbs: ${names}; without one, a tour.`);
    }
    const { tour } = await import("./tour/tour.ts");
    process.exitCode = await tour(program.opts());
  });

/** The options that all verbs share, in the words of the Pulumi CLI. */
function verb(name: string, description: string): CommandLine {
  return program
    .command(name)
    .description(description)
    .option("-s, --stack <name>", "stack (Pulumi.<name>.yaml)", "prod")
    .addHelpText("after", EXIT_CODES_HELP)
    .allowExcessArguments(false)
    .showHelpAfterError(`  See: npm run rehearse -- ${name} --help`);
}

function operation(name: "preview" | "up" | "refresh" | "destroy", description: string): CommandLine {
  return verb(name, description)
    .option("--json", "as the Pulumi CLI prints it: previews one digest, all else one event a line")
    .option("-c, --config <key=value>", "set a configuration value for this run (repeat for more)", collect)
    .option("--diff", "show every resource with all its inputs")
    .option("--expect-no-changes", "exit 7 when there are changes")
    .action(async (options: VerbOptions) => run(name, options));
}

operation("preview", "show what up would do")
  .option("-r, --refresh", "read the clouds first")
  .option("--replace <urn>", "replace this resource (repeat for more)", collect)
  .option(
    "--against <git ref>",
    "compare with that revision's program instead of with the rehearsed state; --config then counts for the working tree only",
  );
operation("up", "create, change and delete in the simulated clouds")
  .option("-r, --refresh", "read the clouds first")
  .option("--replace <urn>", "replace this resource (repeat for more)", collect)
  .option("-y, --yes", "accepted as Pulumi's; a rehearsal never asks");
operation("refresh", "take over into the state what the simulated clouds have")
  .option("--preview-only", "only show the differences (drift)")
  .option("--run-program", "run the program too, so that its current options count")
  .option("--clear-pending-creates", "forget creates that an interrupted run left unfinished")
  .option("-y, --yes", "accepted as Pulumi's; a rehearsal never asks");
operation("destroy", "delete everything in the simulated clouds")
  .option("--preview-only", "only show")
  .option("-r, --refresh", "read the clouds first")
  .option("-y, --yes", "accepted as Pulumi's; a rehearsal never asks");
verb("reset", "forget the rehearsal of a stack: its state and its simulated clouds").action(
  async (options: VerbOptions) => run("reset", options),
);
verb("cancel", "remove the lock that an interrupted run left").action(async (options: VerbOptions) =>
  run("cancel", options),
);

async function run(
  name: "preview" | "up" | "refresh" | "destroy" | "reset" | "cancel",
  options: VerbOptions,
): Promise<void> {
  const { verbs } = await import("./commands/verbs.ts");
  process.exitCode = await verbs[name]({ ...options, ...program.opts() });
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.done);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.badUsage;
  else {
    const { StateError } = await import("./engine/state-store.ts");
    if (!(error instanceof Refusal) && !(error instanceof StateError)) throw error;
    process.stderr.write(`error  ${error.message}\n`);
    process.exitCode = error instanceof Refusal ? error.exit : EXIT.failed;
  }
}
// Connections of the engine may still be open. What a pipe has not taken yet would be lost.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))));
process.exit();
