import { lstatSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { EXIT, Refusal } from "./refusal.ts";

/**
 * Writes a file under a temporary name and renames it, so that nobody ever reads half of it. `-` is standard output. A
 * rename would replace a device or pipe (`/dev/null`, `/dev/stdout`) by a file, so those are written to directly; of a
 * link, what it names is written.
 * @throws Refusal when it cannot be written
 */
export function writeWhole(path: string, text: string): void {
  if (path === "-") {
    process.stdout.write(text);
    return;
  }
  try {
    const existing = lstatSync(path, { throwIfNoEntry: false });
    const target = existing?.isSymbolicLink() ? realpathSync(path) : path;
    const there = lstatSync(target, { throwIfNoEntry: false });
    if (there === undefined || there.isFile()) replace(target, text);
    else writeFileSync(target, text);
  } catch (cause) {
    throw new Refusal(
      EXIT.badUsage,
      `Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}.\n  Name a file in a folder that exists, or - for standard output.`,
    );
  }
}

function replace(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.part`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}
