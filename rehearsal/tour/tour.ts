import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chooseEngine, type EngineChoice } from "../commands/choose-engine.ts";
import { EXIT } from "../commands/exit-codes.ts";
import { introduction, operate, type Request, type Result } from "../commands/operate.ts";
import { loadStack, projectDirectory } from "../commands/stack.ts";
import { propertyChanges } from "../display/property-changes.ts";
import { columnsOf, paperFor, wrap } from "../display/terminal-text.ts";
import { type Drift, makeDrift } from "./hand-made-drift.ts";

/** Stack that the tour shows. */
const STACK = "prod";

/**
 * Shows on the real program what a rehearsal is: plan, deployment, no change, a drift made by hand, its detection and its
 * repair, all in a scratch folder. Resolves with 0 when everything came as expected, else with 1.
 */
export async function tour({ cwd, engine: choice }: { cwd: string; engine: EngineChoice }): Promise<number> {
  const directory = projectDirectory(resolve(cwd));
  const stack = loadStack(directory, STACK);
  const engine = await chooseEngine(choice);
  const folder = mkdtempSync(join(tmpdir(), "rehearsal-tour-"));
  const base = { stack, engine, folder, json: false, diff: false };
  const { width, paint } = paperFor(process.stdout);
  const write = (text: string) => process.stdout.write(`${text}\n`);
  const paragraph = (text: string) => wrap(text, width).map(write);
  let number = 0;
  const step = async (
    title: string,
    request: Pick<Request, "command" | "options" | "brief" | "expected">,
    check: (result: Result) => string | undefined,
  ) => {
    const heading = `${++number}. ${title} `;
    write(`${paint("bold", heading)}${paint("dim", "─".repeat(Math.max(0, width - columnsOf(heading))))}`);
    const result = await operate({ ...base, ...request });
    const wrong = check(result);
    if (wrong) throw new Surprise(`Step ${number} (${title}) was not as expected: ${wrong}`);
    write("");
  };
  try {
    introduction(base);
    await step("preview: what would be made", { command: "preview", options: {} }, onlyCreates);
    await step("up: make it, in the simulated clouds", { command: "up", options: {}, brief: true }, onlyCreates);
    await step(
      "preview again: nothing left to do",
      { command: "preview", options: { expectNoChanges: true }, brief: true },
      exits(EXIT.done),
    );
    const drift = makeDrift(driftFile(engine.cloudsFolder(folder)));
    write(paint("bold", `${++number}. Now somebody changes something by hand`));
    paragraph(
      `${drift.file}, line ${drift.line}: ${drift.property} of ${drift.object} was "${drift.before}" and is now "${drift.after}".`,
    );
    write("");
    await step(
      "refresh --preview-only --expect-no-changes: the drift is found (exit 7)",
      { command: "refresh", options: { previewOnly: true, expectNoChanges: true }, expected: EXIT.unexpectedChanges },
      finds(drift),
    );
    await step(
      "up --refresh: back to what the program says",
      { command: "up", options: { refresh: true } },
      repairs(drift),
    );
    await step(
      "refresh --preview-only again: clean",
      { command: "refresh", options: { previewOnly: true, expectNoChanges: true } },
      exits(EXIT.done),
    );
    write(paint("bold", "That was the tour; its scratch folder is removed. Where to go on:"));
    for (const [what, where] of WHERE_NEXT) write(`  ${what.padEnd(42)} ${where}`);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof Surprise)) throw error;
    process.stderr.write(`${wrap(error.message, width).join("\n")}\n`);
    return EXIT.failed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const WHERE_NEXT = [
  ["change what is run, then see what follows", "estates/, then npm run rehearse -- preview"],
  ["keep a rehearsal between commands", "npm run rehearse -- up"],
  ["two more build workers", "npm run rehearse -- preview --config extraWorkers=2"],
  ["what this branch changes against another", "npm run rehearse -- preview --against main"],
  ["all verbs and options", "npm run rehearse -- --help, rehearsal/README.md"],
] as const;

class Surprise extends Error {}

function onlyCreates({ exit, list }: Result): string | undefined {
  const other = list.changes().find((step) => step.op !== "create");
  if (exit !== EXIT.done) return `exit code ${exit}`;
  return other
    ? `${other.op} of ${other.name}, where everything is new`
    : list.changes().length === 0
      ? "nothing is made"
      : undefined;
}

function exits(code: number): (result: Result) => string | undefined {
  return ({ exit }) => (exit === code ? undefined : `exit code ${exit} instead of ${code}`);
}

function finds({ property }: Drift): (result: Result) => string | undefined {
  return ({ exit, list }) => {
    if (exit !== EXIT.unexpectedChanges) return `exit code ${exit} instead of ${EXIT.unexpectedChanges}`;
    const found = list.changes().flatMap(propertyChanges);
    return found.some(({ path }) => path === property || path.startsWith(property.split(/[.[]/)[0] ?? property))
      ? undefined
      : `${property} is not named`;
  };
}

function repairs({ after }: Drift): (result: Result) => string | undefined {
  return ({ exit, list }) => {
    if (exit !== EXIT.done) return `exit code ${exit}`;
    const repaired = list
      .changes()
      .some(
        (step) =>
          step.op === "update" && propertyChanges(step).some(({ before }) => JSON.stringify(before)?.includes(after)),
      );
    return repaired ? undefined : "nothing was updated";
  };
}

/** The first simulated cloud that has a file; Hetzner's when there is one. */
function driftFile(clouds: string): string {
  const file = ["hcloud", "digitalocean", "cloudflare"]
    .map((cloud) => join(clouds, `${cloud}.json`))
    .find((path) => existsSync(path));
  if (!file) throw new Surprise(`no simulated cloud in ${clouds} has a file after up`);
  return file;
}
