import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Runs `ops converge` as a command of its own, at the same terminal: it asks about the host's new key there. */
export function convergeAnew(args: readonly string[]): Promise<number> {
  const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, "converge", ...args], { stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
