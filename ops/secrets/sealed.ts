import { createHash } from "node:crypto";
import { armor, Decrypter, Encrypter, Stanza } from "age-encryption";
import type { Identity } from "./identity.ts";
import type { Recipient } from "./recipients.ts";

/**
 * A value encrypted for admins, as text in the format of age: any age program decrypts it.
 *
 * Such a file does not say for whom it is. So that `check` can compare it with the list, its header has one more line
 * for each recipient, `-> for <short hash of the key>`, which age ignores and protects from changes.
 */
export async function seal(value: Uint8Array, recipients: readonly Recipient[]): Promise<string> {
  const encrypter = new Encrypter();
  for (const { key } of recipients) encrypter.addRecipient(key);
  const stanzas = recipients.map(({ key }) => new Stanza([LABEL, keyHash(key)], new Uint8Array()));
  encrypter.addRecipient({ wrapFileKey: () => stanzas });
  return armor.encode(await encrypter.encrypt(value));
}

/** @returns undefined when none of the identities is among those that it was encrypted for, or the file is damaged */
export async function open(sealed: string, identities: readonly Identity[]): Promise<Uint8Array | undefined> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(armor.decode(sealed));
  } catch {
    return undefined;
  }
}

/** Whom a file is encrypted for: their hashes, and how many keys it has been encrypted to; undefined for no age file. */
export function sealedFor(sealed: string): { readonly hashes: readonly string[]; readonly keys: number } | undefined {
  try {
    const text = Buffer.from(armor.decode(sealed)).toString("latin1");
    const header = text.slice(0, text.indexOf("\n--- "));
    const stanzas = header.split("\n").filter((line) => line.startsWith("-> "));
    const labelled = stanzas.filter((line) => line.startsWith(`-> ${LABEL} `));
    return {
      hashes: labelled.map((line) => line.slice(`-> ${LABEL} `.length)),
      keys: stanzas.length - labelled.length,
    };
  } catch {
    return undefined;
  }
}

const LABEL = "for";

export const keyHash = (key: string): string => createHash("sha256").update(key).digest("hex").slice(0, 16);
