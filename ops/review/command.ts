import { Command } from "commander";
import { digestKey, KEY_VARIABLE } from "../digest/digest-key.ts";
import { readPreview } from "../preview-json/read-preview.ts";
import { EXIT } from "../refusal.ts";
import { writeWhole } from "../write-whole.ts";
import { review } from "./review.ts";

/** The preview plans something risky. */
const RISKY = 10;

const HELP = `
Examples
  pulumi preview --stack prod --json > preview.json; npm run --silent ops -- review preview.json --stack prod
  npm run --silent rehearse -- preview --json | npm run --silent ops -- review - --title "rehearsal against main"

Exit codes
  0   nothing risky, or no change at all
  1   the preview failed (the comment says why), or its file cannot be read (no comment)
  2   a flag or an argument is wrong
  10  something risky: the comment's first lines say what`;

interface Options {
  stack: string;
  title?: string;
  output: string;
  keyFile?: string;
}

export function command(): Command {
  return new Command("review")
    .description(
      "One Markdown comment from a preview: verdict, counts and cost in three lines, then risks, then details.",
    )
    .argument("<preview.json>", "output of pulumi preview --json; - is standard input")
    .option("-s, --stack <name>", "names the comment, which replaces the stack's earlier one", "prod")
    .option("--title <text>", "heading instead of the stack's name")
    .option("-o, --output <file>", "where to write; - is standard output", "-")
    .option("--key-file <file>", `key for the digest's hashes of secrets (default: the environment's ${KEY_VARIABLE})`)
    .addHelpText("after", HELP)
    .action((file: string, { stack, title, output, keyFile }: Options) => {
      const { markdown, verdict } = review(readPreview(file), { stack, title, key: digestKey(keyFile) });
      writeWhole(output, markdown);
      process.exitCode = { harmless: EXIT.done, failed: EXIT.failed, risky: RISKY }[verdict];
    });
}
