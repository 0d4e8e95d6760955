import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const repository = join(import.meta.dirname, "../../..");

export interface Ran {
  exit: number | null;
  stdout: string;
  stderr: string;
}

/** A copy of the small fixture program in a scratch folder, with the command line that runs there. */
export function scratchProject() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "rehearse-")));
  cpSync(join(repository, "test/rehearsal/fixtures/program"), folder, { recursive: true });
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"), "dir");
  return {
    folder,
    rehearse: (args: string[], env: NodeJS.ProcessEnv = {}): Ran => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(repository, "rehearsal/cli.ts"), ...args], {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, COLUMNS: "100", NO_COLOR: "1", ...env },
      });
      return { exit: status, stdout, stderr };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
