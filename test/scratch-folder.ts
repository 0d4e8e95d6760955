import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Temporary files of a run, also those of processes that a test kills, lie in one folder that ends with the run. */
export default function scratchFolder(): () => void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "test-")));
  process.env["TMPDIR"] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
