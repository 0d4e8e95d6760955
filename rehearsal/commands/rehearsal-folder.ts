import { existsSync, lstatSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { EXIT, Refusal } from "./exit-codes.ts";

/** Where a stack's rehearsal keeps its state and its simulated clouds. */
export function rehearsalFolder(directory: string, stack: string): string {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$/.test(stack)) {
    throw new Refusal(
      EXIT.badUsage,
      `"${stack}" is no name for a stack.\n  Allowed are up to 100 letters, digits, dots, hyphens and underscores.`,
    );
  }
  return join(directory, ".rehearsal", stack);
}

/**
 * Removes a stack's rehearsal, and nothing else: a link on the way, which might lead elsewhere, is refused.
 * @returns whether there was anything to remove
 */
export function removeRehearsal(directory: string, stack: string): boolean {
  const folder = rehearsalFolder(directory, stack);
  for (const path of [join(directory, ".rehearsal"), folder]) {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found) return false;
    if (!found.isDirectory()) {
      throw new Refusal(
        EXIT.failed,
        `${relative(directory, path)} is not a folder of the rehearsal (${found.isSymbolicLink() ? "a link" : "a file"}).\n  Nothing was removed; look at it and remove it by hand.`,
      );
    }
  }
  rmSync(folder, { recursive: true });
  return !existsSync(folder);
}
