import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import type { SigningKey } from "./signing-keys.ts";
import { ask, type Client, sumOf } from "./web.ts";

const WEB = "https://downloads.example.org";

/** What a client gets from the downloads: a file of the tree. */
export async function published(client: Client, path: string): Promise<string> {
  const { status, body } = await ask(client, `${WEB}/${path}`);
  assert.equal(status, 200, `${path}: ${body.slice(0, 200)}`);
  return body;
}

export const status = async (client: Client, path: string): Promise<number> =>
  (await ask(client, `${WEB}/${path}`)).status;

/** How long caches may keep a file. */
export async function caching(client: Client, path: string): Promise<string> {
  const { body } = await ask(client, `${WEB}/${path}`, "--head");
  return /^cache-control: (.*?)\r?$/im.exec(body)?.[1] ?? "nothing said";
}

/** As a client does: the signature of the sums, the sum of each file, and no file that the sums do not name. */
export async function verifySums(client: Client, folder: string, key: SigningKey): Promise<void> {
  const sums = await verifyFile(client, `${folder}/sha256sums`, key);
  const named = sums
    .trim()
    .split("\n")
    .map((line) => /^([0-9a-f]{64}) \*(.+)$/.exec(line) ?? []);
  await Promise.all(
    named.map(async ([, sum, name = ""]) => assert.equal(await sumOf(client, `${WEB}/${folder}/${name}`), sum, name)),
  );
  const there = (await files(client, folder)).filter((name) => !name.startsWith("sha256sums"));
  assert.deepEqual(there.sort(), named.map(([, , name]) => name).sort());
}

/** A file whose signature fits: Ed25519, as signify and usign write it, with algorithm, number of the key, then the rest. */
export async function verifyFile(client: Client, path: string, key: SigningKey): Promise<string> {
  const [text, signed] = await Promise.all([published(client, path), published(client, `${path}.sig`)]);
  const data = (content: string) => Buffer.from(content.split("\n")[1] ?? "", "base64");
  const [signature, publicKey] = [data(signed), data(key.public)];
  assert.deepEqual(signature.subarray(2, 10), publicKey.subarray(2, 10), "signed with another key");
  const jwk = { kty: "OKP", crv: "Ed25519", x: publicKey.subarray(10).toString("base64url") };
  const sound = verify(null, Buffer.from(text), createPublicKey({ key: jwk, format: "jwk" }), signature.subarray(10));
  assert.ok(sound, `${path}: its signature does not fit`);
  return text;
}

export const sha256 = (content: string): string => createHash("sha256").update(content).digest("hex");

/** Files of a folder and those below it, as the server lists them. */
async function files(client: Client, folder: string): Promise<string[]> {
  type Entry = { readonly name: string; readonly type: "file" | "directory" };
  const entries: Entry[] = JSON.parse(await published(client, `${folder}/?json`));
  const found = entries.map(async ({ name, type }) =>
    type === "file" ? [name] : (await files(client, `${folder}/${name}`)).map((each) => `${name}/${each}`),
  );
  return (await Promise.all(found)).flat();
}
