/** Encryption of the secrets in a rehearsal's state: AES-256-GCM with a random key in a file beside the state. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import type { Open, Seal } from "./deployment-json.ts";
import { StateError } from "./state-store.ts";

export interface SecretKey {
  seal: Seal;
  open: Open;
}

const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The key in `file` (base64, mode 0600), made when it is missing. A key file instead of a passphrase: a rehearsal must
 * run without a question, and what it protects is that a state which is copied or pasted somewhere tells no secrets.
 */
export async function secretKey(file: string): Promise<SecretKey> {
  const key = await readOrMake(file);
  return {
    seal(plaintext) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return { ciphertext: `v1:${nonce.toString("base64")}:${sealed.toString("base64")}` };
    },
    open({ ciphertext, plaintext }) {
      if (plaintext !== undefined) return plaintext;
      const [version, nonce, sealed] = (ciphertext ?? "").split(":");
      if (version !== "v1" || !nonce || !sealed) throw new StateError("a secret in the state is not understood");
      const bytes = Buffer.from(sealed, "base64");
      const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce, "base64"));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
      } catch {
        throw new StateError(
          `the key in ${file} does not open the secrets of the state: restore the key that belongs to it`,
        );
      }
    },
  };
}

async function readOrMake(file: string): Promise<Buffer> {
  try {
    const key = Buffer.from(await readFile(file, "utf8"), "base64");
    if (key.length === KEY_BYTES) return key;
    throw new StateError(
      `${file} is no key (${KEY_BYTES} bytes in base64): restore it, or remove it and the state beside it`,
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const key = randomBytes(KEY_BYTES);
  await writeFile(file, `${key.toString("base64")}\n`, { mode: 0o600, flag: "wx" });
  return key;
}
