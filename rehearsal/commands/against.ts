import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT, Refusal } from "./exit-codes.ts";
import { operate, type Request } from "./operate.ts";
import { loadStack } from "./stack.ts";

/**
 * Previews the working tree's program against what another revision's would have made: both are rehearsed from nothing,
 * in scratch folders, with no state and no credentials. Resolves with the preview's exit code.
 * @throws Refusal with exit 2 for a revision that is not there, 1 when its program cannot be rehearsed
 */
export async function against(request: Request, revision: string): Promise<number> {
  const { directory } = request.stack;
  const commit = commitOf(directory, revision);
  const scratch = mkdtempSync(join(tmpdir(), "rehearsal-against-"));
  const tree = join(scratch, "revision");
  const folder = join(scratch, "rehearsal");
  const say = request.json ? process.stderr : process.stdout;
  try {
    git(directory, "worktree", "add", "--detach", "--quiet", tree, commit);
    const inTree = join(tree, git(directory, "rev-parse", "--show-prefix").trim());
    symlinkSync(join(directory, "node_modules"), join(inTree, "node_modules"), "dir");
    if (lockfile(directory) !== lockfile(inTree))
      say.write(`The dependencies of ${revision} differ; both programs run with the installed ones.\n`);
    say.write(`What ${revision} (${commit.slice(0, 9)}) makes:\n`);
    const stack = loadStack(inTree, request.stack.name);
    const { exit } = await operate({
      ...request,
      command: "up",
      stack,
      folder,
      options: signalOf(request),
      brief: true,
    });
    if (exit !== EXIT.done) {
      throw new Refusal(
        exit === EXIT.cancelled ? EXIT.cancelled : EXIT.failed,
        `The program of ${revision} could not be rehearsed (above), so there is nothing to compare with.`,
      );
    }
    say.write("\nWhat the working tree would change of that:\n");
    return (await operate({ ...request, folder })).exit;
  } finally {
    try {
      git(directory, "worktree", "remove", "--force", tree);
    } catch {
      // It was never added, or is gone already.
    }
    rmSync(scratch, { recursive: true, force: true });
    git(directory, "worktree", "prune");
  }
}

function signalOf({ options }: Request): { signal?: AbortSignal } {
  return options.signal ? { signal: options.signal } : {};
}

function commitOf(directory: string, revision: string): string {
  try {
    return git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`).trim();
  } catch {
    throw new Refusal(
      EXIT.badUsage,
      `--against ${revision}: there is no such revision in this repository.\n  Name a branch, tag or commit that git log knows, for example main.`,
    );
  }
}

function git(directory: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: directory, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function lockfile(directory: string): string {
  try {
    return readFileSync(join(directory, "package-lock.json"), "utf8");
  } catch {
    return "";
  }
}
