import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { EXIT, Refusal } from "../refusal.ts";
import { writeWhole } from "../write-whole.ts";

/** The steps of a roll, in their order. */
export const STEPS = ["lift", "rebuild", "wait", "guard", "converge"] as const;

const FORM = z.object({
  version: z.literal(1),
  machine: z.number(),
  image: z.string(),
  /** Whether the guard was set before, and so must be afterwards. */
  guarded: z.boolean(),
  /** What is to be done next. */
  next: z.enum(STEPS),
  /** The newest action on the machine before the rebuild was sent: a rebuild after it is ours. */
  before: z.number().optional(),
  /** The rebuild. */
  action: z.number().optional(),
});

/** How far the roll of a host has come. It is written before each request that changes something. */
export type Progress = z.infer<typeof FORM>;

export interface Journal {
  readonly file: string;
  readonly read: () => Progress | undefined;
  readonly write: (progress: Progress) => void;
  readonly remove: () => void;
}

/** @param directory folder of the project */
export function journal(directory: string, stack: string, host: string): Journal {
  const file = join(directory, ".cache/roll", stack, `${host}.json`);
  return {
    file,
    read: () => {
      if (!existsSync(file)) return undefined;
      try {
        return FORM.parse(JSON.parse(readFileSync(file, "utf8")));
      } catch {
        throw new Refusal(
          EXIT.failed,
          `${file} is no record of a roll that this version understands.\n  Look at ${host} in its cloud's console: is a rebuild running, is it protected? Then remove the file.`,
        );
      }
    },
    write: (progress) => {
      mkdirSync(dirname(file), { recursive: true });
      writeWhole(file, `${JSON.stringify(progress)}\n`);
    },
    remove: () => rmSync(file, { force: true }),
  };
}
