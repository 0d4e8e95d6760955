import { type SpawnOptions, spawn } from "node:child_process";

/** What a program that has ended left behind. */
export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly input?: string | undefined;
  /** Seconds after which the program is killed; status is then 124. */
  readonly timeout?: number | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** Runs a program to its end, whatever its status. */
export function attempt(command: readonly string[], { input, timeout = 600, env }: Options = {}): Promise<Result> {
  const [program = "", ...args] = command;
  const options: SpawnOptions = { stdio: ["pipe", "pipe", "pipe"], ...(env ? { env } : {}) };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options);
    let [stdout, stderr, late] = ["", "", false];
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, timeout * 1000);
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ status: late ? 124 : (status ?? 1), stdout, stderr });
    });
    // A program that ends without reading its input is no error.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
}

/**
 * Runs a program that must succeed.
 * @returns its standard output
 * @throws Error with the command and the end of its messages
 */
export async function run(command: readonly string[], options?: Options): Promise<string> {
  const { status, stdout, stderr } = await attempt(command, options);
  if (status === 0) return stdout;
  const tail = (stderr || stdout).trim().split("\n").slice(-8).join("\n  ");
  throw new Error(`${command.join(" ")}: status ${status}.\n  ${tail}`);
}
