/** Exit codes that all commands share; each one's `--help` lists its own as well. */
export const EXIT = {
  done: 0,
  /** What was asked for could not be found out: a preview that failed, a file that cannot be read, a cloud that is silent. */
  failed: 1,
  /** A flag, an argument or the configuration is wrong; nothing was done. */
  badUsage: 2,
} as const;

/** A refusal: the command ends with this message, in two lines, and this exit code; nothing was done. */
export class Refusal extends Error {
  readonly exit: number;
  constructor(exit: number, message: string) {
    super(message);
    this.name = "Refusal";
    this.exit = exit;
  }
}
