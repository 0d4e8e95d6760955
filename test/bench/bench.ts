import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

/*
 * npm run bench: how long the main jobs take on this machine, each the best of some runs, next to its target.
 * "engine" are the CPU seconds of the local engine with its simulated clouds and the command line, and MB its peak of
 * memory; what is left of the time is the SDK's runner, which starts beside it and runs the program.
 */

const PROJECT = join(import.meta.dirname, "../..");
const GENERATED = join(import.meta.dirname, "program");
const SIZES = [28, 57, 115];

interface Measure {
  readonly seconds: number;
  readonly engine: number;
  /** MB */
  readonly peak: number;
  readonly stdout: string;
}

/** Seconds of the previews of one generated estate. */
interface Size {
  readonly resources: number;
  readonly first: number;
  readonly up: number;
  readonly clean: number;
}

const scratch = mkdtempSync(join(tmpdir(), "bench-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

process.stdout.write(`Node ${process.version}, ${availableParallelism()} cores\n\n`);
heading();
prod();
const perResource = SIZES.map(generated);
ratios(perResource);
unitSuite();

function heading(): void {
  row(["", "seconds", "target", "engine", "MB"]);
}

function row([name = "", ...cells]: readonly string[]): void {
  process.stdout.write(`${name.padEnd(44)}${cells.map((cell) => cell.padStart(9)).join("")}\n`);
}

function show(name: string, { seconds, engine, peak }: Measure, target = ""): void {
  row([name, seconds.toFixed(2), target, engine.toFixed(2), peak.toFixed(0)]);
}

function prod(): void {
  rehearse(PROJECT, "prod", ["reset"]);
  show(
    "prod, preview from an empty state",
    best(5, () => rehearse(PROJECT, "prod", ["preview", "--json"])),
    "2.00",
  );
}

function generated(hosts: number): Size {
  const config = ["--config", `hosts=${hosts}`];
  const run = (...verb: string[]) => rehearse(GENERATED, "bench", [...verb, ...config]);
  rehearse(GENERATED, "bench", ["reset"]);
  const first = best(2, () => run("preview", "--json"));
  const { changeSummary } = JSON.parse(first.stdout) as { changeSummary: Record<string, number> };
  const resources = changeSummary["create"] ?? 0;
  show(`${resources} resources, preview`, first, resources > 1_900 ? "10.00" : "");
  const up = run("up");
  show(`${resources} resources, up`, up);
  const clean = best(2, () => run("preview", "--json", "--expect-no-changes"));
  show(`${resources} resources, preview without a change`, clean);
  rehearse(GENERATED, "bench", ["reset"]);
  return { resources, first: first.seconds, up: up.seconds, clean: clean.seconds };
}

function ratios(sizes: readonly Size[]): void {
  const [small, , large] = sizes;
  if (!small || !large) return;
  const growth = (value: (size: Size) => number) => (value(large) / value(small)).toFixed(2);
  process.stdout.write(
    `\n${growth(({ resources }) => resources)} times the resources: ${growth(({ first }) => first)} times the preview, ${growth(({ up }) => up)} times the up, ${growth(({ clean }) => clean)} times the preview without a change\n\n`,
  );
}

function unitSuite(): void {
  const started = performance.now();
  const { status } = spawnSync(
    join(PROJECT, "node_modules/.bin/vitest"),
    ["run", "test/model", "test/blueprint", "test/components", "test/roles"],
    { cwd: PROJECT, stdio: "ignore" },
  );
  row([`unit suite${status === 0 ? "" : " (FAILED)"}`, ((performance.now() - started) / 1000).toFixed(2), "20.00"]);
}

function best(runs: number, measure: () => Measure): Measure {
  return Array.from({ length: runs }, measure).reduce((fastest, next) =>
    next.seconds < fastest.seconds ? next : fastest,
  );
}

function rehearse(directory: string, stack: string, args: readonly string[]): Measure {
  const report = join(scratch, "report.jsonl");
  rmSync(report, { force: true });
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(PROJECT, "rehearsal/cli.ts"), ...args, "--stack", stack, "--cwd", directory],
    {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: {
        ...process.env,
        NODE_OPTIONS: `--require=${join(import.meta.dirname, "process-report.cjs")}`,
        BENCH_REPORT: report,
      },
    },
  );
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0)
    throw new Error(`rehearse ${args.join(" ")} of ${stack} ended with ${status}:\n${stderr || stdout}`);
  const { cpu, peak } = JSON.parse(readFileSync(report, "utf8")) as { cpu: number; peak: number };
  return { seconds, engine: cpu, peak, stdout };
}
