import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";

/** A pair as `signify-openbsd -G -n` makes it. */
export interface SigningKey {
  readonly branch: string;
  readonly secret: string;
  readonly public: string;
}

export function signingKeys(branches: readonly string[]): SigningKey[] {
  return branches.map((branch) => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const { d = "", x = "" } = privateKey.export({ format: "jwk" });
    const [seed, point, number] = [Buffer.from(d, "base64url"), Buffer.from(x, "base64url"), randomBytes(8)];
    const key = Buffer.concat([seed, point]);
    // Algorithm, key derivation, no rounds of it, salt, checksum.
    const head = Buffer.concat([
      Buffer.from("EdBK"),
      Buffer.alloc(4),
      randomBytes(16),
      createHash("sha512").update(key).digest().subarray(0, 8),
    ]);
    const text = (what: string, data: Buffer) =>
      `untrusted comment: ${branch} ${what} key\n${data.toString("base64")}\n`;
    return {
      branch,
      secret: text("secret", Buffer.concat([head, number, key])),
      public: text("public", Buffer.concat([Buffer.from("Ed"), number, point])),
    };
  });
}
