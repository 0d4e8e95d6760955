import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { Encrypter } from "age-encryption";
import { EXIT, Refusal } from "../refusal.ts";
import { writeWhole } from "../write-whole.ts";

/** An admin who can decrypt the secrets of an estate. */
export interface Recipient {
  readonly name: string;
  /** `age1…` */
  readonly key: string;
}

/**
 * Reads a file of recipients: a line `# name`, then a line with the key, so that `age -R` takes it as well.
 * @throws Refusal for a line that is neither
 */
export function readRecipients(file: string): Recipient[] {
  if (!existsSync(file)) return [];
  const found: Recipient[] = [];
  let name: string | undefined;
  for (const [index, line] of readFileSync(file, "utf8").split("\n").entries()) {
    if (line.startsWith("# ")) name = line.slice(2).trim();
    else if (line !== "") {
      if (name === undefined || !isRecipient(line))
        throw new Refusal(
          EXIT.failed,
          `${file}:${index + 1}: found ${JSON.stringify(line.slice(0, 40))}.\n  Allowed: "# name", and below it that admin's key age1… or age1pq1….`,
        );
      found.push({ name, key: line });
      name = undefined;
    }
  }
  return found;
}

export function writeRecipients(file: string, recipients: readonly Recipient[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const sorted = recipients.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  writeWhole(file, sorted.map(({ name, key }) => `# ${name}\n${key}\n`).join(""));
}

/** Keys of the kinds whose private half is a line of text; those of SSH and of plugins are others. */
export function isRecipient(key: string): boolean {
  if (!/^age1(pq1)?[02-9ac-hj-np-z]+$/.test(key)) return false;
  try {
    new Encrypter().addRecipient(key);
    return true;
  } catch {
    return false;
  }
}
