/** Starts the program with the SDK's own runner, in a process of its own that reaches the engine over gRPC. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { type ProgramCalls, startMonitor } from "./monitor.ts";
import type { Program } from "./operation.ts";
import { programEnvironment } from "./program-environment.ts";

export interface RunOptions {
  preview: boolean;
  parallel: number;
  /** A line that the program printed. */
  onOutput: (stream: "stdout" | "stderr", line: string) => void;
}

export interface RunningProgram {
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
  kill(): void;
}

/** Begins the program; what it asks of the engine arrives as `calls`. */
export type ProgramStarter = (program: Program, calls: ProgramCalls, options: RunOptions) => Promise<RunningProgram>;

export const startProgram: ProgramStarter = async (program, calls, options) => {
  const monitor = await startMonitor(calls);
  const directory = resolve(program.directory);
  const require = createRequire(join(directory, "package.json"));
  const runner = require.resolve("@pulumi/pulumi/cmd/run/index.js");
  const child = spawn(
    process.execPath,
    [
      ...["--require", join(import.meta.dirname, "quick-start.cjs")],
      runner,
      ...["--monitor", monitor.address, "--engine", monitor.address],
      ...["--project", program.project, "--stack", program.stack],
      ...["--organization", program.organization ?? "organization"],
      ...["--root-directory", directory, "--pwd", directory],
      ...(options.preview ? ["--dry-run"] : []),
      ...["--parallel", String(options.parallel)],
      resolve(directory, program.entry),
    ],
    { cwd: directory, env: programEnvironment(program), stdio: ["ignore", "pipe", "pipe"] },
  );
  forwardLines(child, options.onOutput);
  const ended = new Promise<number | NodeJS.Signals>((done) => {
    child.on("error", () => done(1));
    child.on("close", (code, signal) => done(code ?? signal ?? 1));
  });
  return {
    ended,
    kill() {
      child.kill("SIGKILL");
      monitor.close();
    },
  };
};

function forwardLines(child: ChildProcess, onOutput: RunOptions["onOutput"]): void {
  for (const stream of ["stdout", "stderr"] as const) {
    const input = child[stream];
    if (input) createInterface({ input }).on("line", (line) => onOutput(stream, line));
  }
}
