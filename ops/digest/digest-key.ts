import { readFileSync } from "node:fs";
import { EXIT, Refusal } from "../refusal.ts";

/** The environment variable that holds the key when no file does. */
export const KEY_VARIABLE = "PLAN_DIGEST_KEY";

/** At least this many characters: a shorter key could be tried out. */
const SHORTEST = 16;

/**
 * The key for hashes of secrets: from a file, else from the environment; undefined when there is none.
 * @throws Refusal for a file that cannot be read and a key that is too short
 */
export function digestKey(file: string | undefined, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const key = (file === undefined ? env[KEY_VARIABLE] : content(file))?.trim();
  if (key === undefined || (key === "" && file === undefined)) return undefined;
  if (key.length >= SHORTEST) return key;
  throw new Refusal(
    EXIT.badUsage,
    `The key in ${file ?? KEY_VARIABLE} has ${key.length} characters; at least ${SHORTEST} are needed.\n  Make one: openssl rand -hex 32`,
  );
}

function content(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Refusal(
      EXIT.badUsage,
      `Cannot read the key file ${file}: ${cause instanceof Error ? cause.message : String(cause)}\n  Make one: openssl rand -hex 32 > ${file}`,
    );
  }
}
