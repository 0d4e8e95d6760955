import { readFileSync } from "node:fs";
import { Command } from "commander";
import * as z from "zod";
import { readPreview } from "../preview-json/read-preview.ts";
import { EXIT, Refusal } from "../refusal.ts";
import { writeWhole } from "../write-whole.ts";
import { digestKey, KEY_VARIABLE } from "./digest-key.ts";
import { type Plan, planDifferences, planDigest, planOf } from "./plan.ts";

/** The plan is another one than was reviewed. */
const DIFFERENT = 3;

const HELP = `
The digest covers operation, resource, changed properties and their values; not the order of independent steps, times
or ids. Secrets count with a keyed hash where the preview holds them, else only as changed or not.

Examples
  npm run --silent ops -- digest preview.json
  npm run --silent ops -- digest preview.json --list reviewed.json          keep the steps beside the digest
  npm run --silent ops -- digest preview.json --expect plan-sha256:… --reviewed reviewed.json

Exit codes
  0  the digest is printed; with --expect: the plan is the reviewed one
  1  the preview failed or cannot be read: it has no digest
  2  a flag or an argument is wrong
  3  --expect: the plan is not the reviewed one`;

interface Options {
  keyFile?: string;
  list?: string;
  expect?: string;
  reviewed?: string;
}

export function command(): Command {
  return new Command("digest")
    .description("The digest of the steps that a preview plans: the same plan has the same digest.")
    .argument("<preview.json>", "output of pulumi preview --json; - is standard input")
    .option("--key-file <file>", `key for the hashes of secrets (default: the environment's ${KEY_VARIABLE})`)
    .option("--list <file>", "write the steps that the digest covers")
    .option("--expect <digest>", "compare with the digest of the reviewed plan")
    .option("--reviewed <file>", "the reviewed plan's --list, to say what differs")
    .addHelpText("after", HELP)
    .action(digest);
}

function digest(file: string, options: Options): void {
  const preview = readPreview(file);
  if (!preview.succeeded) {
    throw new Refusal(
      EXIT.failed,
      `${file} is a preview that failed: its plan is incomplete and has no digest.\n  ops review says why it failed.`,
    );
  }
  const plan = planOf(preview, digestKey(options.keyFile));
  const own = planDigest(plan);
  if (options.list !== undefined) writeWhole(options.list, `${JSON.stringify(plan, undefined, 1)}\n`);
  if (options.expect === undefined) {
    process.stdout.write(`${own}\n`);
    return;
  }
  const reviewed = options.reviewed === undefined ? undefined : readPlan(options.reviewed);
  process.exitCode = compare(plan, own, options.expect, reviewed);
}

function compare(plan: Plan, own: string, expected: string, reviewed: Plan | undefined): number {
  if (!/^(plan|keyed)-sha256:[0-9a-f]{64}$/.test(expected)) {
    throw new Refusal(
      EXIT.badUsage,
      `--expect ${expected} is no digest.\n  Allowed: what ops digest prints, for example ${own}`,
    );
  }
  if (expected.startsWith("keyed") !== plan.keyed) {
    const [one, other] = plan.keyed ? ["without", "with"] : ["with", "without"];
    throw new Refusal(
      EXIT.badUsage,
      `The reviewed digest was made ${one} a key, this one ${other}.\n  Use the same key for both: --key-file or ${KEY_VARIABLE}.`,
    );
  }
  if (reviewed !== undefined && planDigest(reviewed) !== expected) {
    throw new Refusal(
      EXIT.badUsage,
      "The list given with --reviewed is not the one of the expected digest.\n  Use the file that --list wrote for the reviewed preview.",
    );
  }
  if (own === expected) {
    process.stdout.write(`The plan is the reviewed one: ${own}\n`);
    return EXIT.done;
  }
  const lines = [
    "The plan is not the reviewed one: nothing may be deployed on that review.",
    `  reviewed ${expected}`,
    `  now      ${own}`,
    ...(reviewed === undefined
      ? [`  Give the reviewed steps with --reviewed to see what differs; now ${plan.steps.length} steps are planned.`]
      : planDifferences(reviewed, plan).map((line) => `  ${line}`)),
    "  Look at the new preview, approve it, and deploy that one.",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return DIFFERENT;
}

const PLAN = z.object({
  version: z.literal(1),
  keyed: z.boolean(),
  steps: z.array(
    z.object({
      op: z.string(),
      urn: z.string(),
      changes: z.record(z.string(), z.tuple([z.string(), z.string()])),
      replaceReasons: z.array(z.string()),
    }),
  ),
});

function readPlan(file: string): Plan {
  try {
    return PLAN.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    const why =
      cause instanceof z.ZodError
        ? "it is not a list of reviewed steps"
        : cause instanceof Error
          ? cause.message
          : String(cause);
    throw new Refusal(
      EXIT.badUsage,
      `Cannot read ${file}: ${why}.\n  Use the file that ops digest --list wrote for the reviewed preview.`,
    );
  }
}
