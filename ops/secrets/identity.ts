import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { EXIT, Refusal } from "../refusal.ts";

/** An admin's private key: `AGE-SECRET-KEY-1…` or, after quantum computers, `AGE-SECRET-KEY-PQ-1…`. */
export type Identity = string;

/** Names the file, where `--identity` does not. */
export const IDENTITY_VARIABLE = "AGE_IDENTITY_FILE";

/** The identity file: what the command line says, else the environment, else one place under `~/.config`. */
export function identityFile(given: string | undefined, environment: NodeJS.ProcessEnv = process.env): string {
  return given ?? environment[IDENTITY_VARIABLE] ?? join(homedir(), ".config/foss-infra/age-identity");
}

/**
 * The keys in an identity file, as `age-keygen` writes it.
 * @throws Refusal when it is missing, readable by others, or holds none
 */
export function identities(file: string): Identity[] {
  if (!existsSync(file))
    throw new Refusal(
      EXIT.failed,
      `There is no age identity at ${file}: secrets cannot be decrypted.\n  Name yours with --identity or ${IDENTITY_VARIABLE}, or make one: npm run ops -- secrets identity`,
    );
  if ((statSync(file).mode & 0o077) !== 0)
    throw new Refusal(
      EXIT.failed,
      `${file} can be read by others on this machine.\n  Close it: chmod 600 ${file}; if others may have read it, make a new identity.`,
    );
  const found = readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]+$/.test(line));
  if (found.length === 0)
    throw new Refusal(
      EXIT.failed,
      `${file} holds no age identity in the clear.\n  Allowed: lines AGE-SECRET-KEY-1…, as age-keygen writes them. SSH keys and plugins are not supported.`,
    );
  return found;
}

/**
 * The public half of the identity in a file, which is made if there is none.
 * @returns what others add as recipient
 */
export async function ownRecipient(file: string): Promise<{ readonly recipient: string; readonly made: boolean }> {
  const made = !existsSync(file);
  if (made) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${await generateX25519Identity()}\n`, { mode: 0o600, flag: "wx" });
  }
  const [identity = ""] = identities(file);
  return { recipient: await identityToRecipient(identity), made };
}
