import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { EXIT, Refusal } from "../refusal.ts";
import { writeWhole } from "../write-whole.ts";
import type { Identity } from "./identity.ts";
import { type Recipient, readRecipients, writeRecipients } from "./recipients.ts";
import { keyHash, open, seal, sealedFor } from "./sealed.ts";

/** A secret in the repository. */
export interface SecretId {
  /** Id of the service in the estate. */
  readonly service: string;
  readonly name: string;
}

/** What is wrong with one file. */
export interface Problem {
  readonly file: string;
  readonly problem: string;
}

/** `secrets/<estate>`: a folder for each service, a file for each secret, and the list of recipients. */
export class SecretStore {
  readonly folder: string;
  readonly recipientsFile: string;
  readonly #directory: string;

  /** @param directory the project's */
  constructor(directory: string, estate: string) {
    this.#directory = directory;
    this.folder = join(directory, "secrets", estate);
    this.recipientsFile = join(this.folder, "recipients");
  }

  recipients(): Recipient[] {
    return readRecipients(this.recipientsFile);
  }

  all(): SecretId[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".age"))
      .map(({ parentPath, name }) => ({ service: relative(this.folder, parentPath), name: name.slice(0, -4) }))
      .sort((a, b) => (`${a.service}/${a.name}` < `${b.service}/${b.name}` ? -1 : 1));
  }

  has(secret: SecretId): boolean {
    return existsSync(this.path(secret));
  }

  path({ service, name }: SecretId): string {
    return join(this.folder, service, `${name}.age`);
  }

  /** The path as people know it. */
  shown(secret: SecretId): string {
    return relative(this.#directory, this.path(secret));
  }

  /** @throws Refusal without recipients: nobody could ever read it */
  async write(secret: SecretId, value: Uint8Array): Promise<void> {
    const recipients = this.recipients();
    if (recipients.length === 0)
      throw new Refusal(
        EXIT.failed,
        "Nobody could read the secret: there are no recipients yet.\n  Add yourself: npm run ops -- secrets identity, then add-recipient.",
      );
    mkdirSync(dirname(this.path(secret)), { recursive: true });
    writeWhole(this.path(secret), await seal(value, recipients));
  }

  remove(secret: SecretId): void {
    rmSync(this.path(secret));
  }

  /** @throws Refusal when it cannot be decrypted */
  async read(secret: SecretId, identities: readonly Identity[]): Promise<Uint8Array> {
    const value = await open(this.#text(secret), identities);
    if (value === undefined)
      throw new Refusal(
        EXIT.failed,
        `${this.shown(secret)} cannot be decrypted with your identity.\n  Ask one of ${this.#names()} to add you as recipient; npm run ops -- secrets check says for whom it is.`,
      );
    return value;
  }

  /**
   * Encrypts for exactly these recipients, and lists them. Everything is decrypted before anything is written, so that
   * a file that cannot be changes nothing; the same call makes up for an interrupted one.
   * @returns how many files were written anew
   */
  async encryptFor(recipients: readonly Recipient[], identities: readonly Identity[]): Promise<number> {
    const outdated = this.all().filter((secret) => this.#mismatch(this.#text(secret), recipients) !== undefined);
    const values = [];
    for (const secret of outdated) values.push({ secret, value: await this.read(secret, identities) });
    writeRecipients(this.recipientsFile, recipients);
    for (const { secret, value } of values) await this.write(secret, value);
    return values.length;
  }

  /** Files that are not for exactly the listed recipients, or that these identities, if any, cannot open. */
  async problems(identities: readonly Identity[] | undefined): Promise<Problem[]> {
    const recipients = this.recipients();
    const problems: Problem[] = [];
    for (const secret of this.all()) {
      const text = this.#text(secret);
      const mismatch = this.#mismatch(text, recipients);
      const unread = !mismatch && identities && (await open(text, identities)) === undefined;
      const problem = mismatch ?? (unread ? "your identity does not open it, or it is damaged" : undefined);
      if (problem !== undefined) problems.push({ file: this.shown(secret), problem });
    }
    return problems;
  }

  #mismatch(text: string, recipients: readonly Recipient[]): string | undefined {
    const header = sealedFor(text);
    if (!header) return "it is not a file of age";
    const lacking = recipients.filter(({ key }) => !header.hashes.includes(keyHash(key))).map(({ name }) => name);
    const known = new Set(recipients.map(({ key }) => keyHash(key)));
    const others = header.hashes.filter((hash) => !known.has(hash)).length;
    if (lacking.length > 0) return `it is not encrypted for ${lacking.join(", ")}`;
    if (others > 0) return `it is also encrypted for ${others} who ${others === 1 ? "is" : "are"} not listed`;
    if (header.keys !== recipients.length)
      return `it is encrypted for ${header.keys}, and ${recipients.length} are listed`;
    return undefined;
  }

  #text(secret: SecretId): string {
    return readFileSync(this.path(secret), "utf8");
  }

  #names(): string {
    return (
      this.recipients()
        .map(({ name }) => name)
        .join(", ") || "the admins"
    );
  }
}
