import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT, Refusal } from "../refusal.ts";

export interface ValueSource {
  readonly environment: NodeJS.ProcessEnv;
  readonly input: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean | undefined };
}

/**
 * The value of a secret: random, from standard input as it comes, or written in an editor at a terminal.
 * @throws Refusal for an empty one
 */
export async function newValue({ environment, input }: ValueSource, generate: boolean): Promise<Uint8Array> {
  if (generate) return Buffer.from(`${randomBytes(32).toString("base64url")}\n`);
  const value = input.isTTY ? edited(environment) : await whole(input);
  if (value.toString().trim() !== "") return value;
  throw new Refusal(
    EXIT.badUsage,
    "The value is empty.\n  Give it on standard input, in the editor, or --generate it.",
  );
}

async function whole(input: ValueSource["input"]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of input) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** In memory where the system has a place for that, and in a folder of our own. */
function edited(environment: NodeJS.ProcessEnv): Buffer {
  const place = [environment["XDG_RUNTIME_DIR"], "/dev/shm"].find((path) => path !== undefined && existsSync(path));
  const folder = mkdtempSync(join(place ?? tmpdir(), "secret-"));
  const file = join(folder, "value");
  try {
    writeFileSync(file, "", { mode: 0o600 });
    const editor = environment["VISUAL"] ?? environment["EDITOR"] ?? "vi";
    const { status } = spawnSync("sh", ["-c", `${editor} "$1"`, "sh", file], { stdio: "inherit", env: environment });
    if (status !== 0) throw new Refusal(EXIT.failed, `${editor} ended with status ${status}.\n  Nothing was written.`);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
