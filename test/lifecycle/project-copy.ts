import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(import.meta.dirname, "../..");
/** What a test may write another text of. */
const COPIED = ["index.ts", "package.json", "Pulumi.yaml", "estates", "blueprint"];
const LINKED = ["components", "model", "node_modules", "rehearsal", "roles"];

/** The program in a folder of its own, as a pull request might leave it; the stack `small` has the estate `small`. */
export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "project-"));

  constructor() {
    for (const name of COPIED) cpSync(join(PROJECT, name), join(this.folder, name), { recursive: true });
    for (const name of LINKED) symlinkSync(join(PROJECT, name), join(this.folder, name));
    this.write("Pulumi.small.yaml", "config:\n  foss-infra:estate: small\n");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
