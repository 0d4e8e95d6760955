import { renameSync, writeFileSync } from "node:fs";

/** Writes a file under a temporary name and renames it, so that nobody ever reads half of it. `-` is standard output. */
export function writeWhole(path: string, text: string): void {
  if (path === "-") {
    process.stdout.write(text);
    return;
  }
  const temporary = `${path}.${process.pid}.part`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
