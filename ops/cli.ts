#!/usr/bin/env node
import { existsSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { EXIT, Refusal } from "./refusal.ts";

/** Each command lives in `<name>/command.ts`, which exports `command(): Command`; only the one that runs is loaded. */
const COMMANDS: Readonly<Record<string, string>> = {
  review: "a preview as one Markdown comment: risks and cost first",
  digest: "the digest of a plan, and whether it is still the reviewed one",
  cost: "what the estate costs each month, against its cap",
  drift: "what differs between the clouds and the program",
  adopt: "match existing resources and write the import file",
  roll: "a new operating system for one host, in place",
  converge: "bring one host to its current configuration",
  secrets: "the hosts' encrypted secrets: list, edit, who reads them",
  status: "which hosts must converge, and whether their services answer",
};

const program = new Command("ops")
  .description("The program in daily use. `ops <command> --help` shows a command's options, examples and exit codes.")
  .usage("<command> [options]")
  .addHelpText("after", "\nExample\n  npm run ops -- review preview.json --stack prod --output comment.md")
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "error  ")) });

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.done);
  throw error;
});

try {
  const [first, second] = process.argv.slice(2);
  const asked = first === "help" ? second : first;
  for (const [name, summary] of Object.entries(COMMANDS)) {
    program.addCommand(name === asked ? await load(name, summary) : new Command(name).description(summary));
  }
  if (asked === undefined) program.help();
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.badUsage;
  else if (error instanceof Refusal) {
    process.stderr.write(`error  ${error.message}\n`);
    process.exitCode = error.exit;
  } else throw error;
}

async function load(name: string, summary: string): Promise<Command> {
  const file = new URL(`./${name}/command.ts`, import.meta.url);
  if (!existsSync(file)) {
    const there = Object.keys(COMMANDS).filter((known) =>
      existsSync(new URL(`./${known}/command.ts`, import.meta.url)),
    );
    throw new Refusal(EXIT.badUsage, `ops ${name} is not part of this version.\n  There are: ${there.join(", ")}.`);
  }
  const { command } = (await import(file.href)) as { command: () => Command };
  return command()
    .name(name)
    .summary(summary)
    .exitOverride()
    .configureOutput(program.configureOutput())
    .allowExcessArguments(false)
    .showHelpAfterError(`  See: npm run ops -- ${name} --help`);
}
