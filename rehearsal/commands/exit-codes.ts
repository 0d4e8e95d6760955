/** Exit codes, those of Pulumi (`pkg/cmd/pulumi/cmd/exit_codes.go`, stable since 3.227). */
export const EXIT = {
  done: 0,
  /** The program, a provider or the engine failed, or the state cannot be used. */
  failed: 1,
  /** A flag, an argument or the configuration is wrong; nothing was run. */
  badUsage: 2,
  noSuchStack: 6,
  unexpectedChanges: 7,
  cancelled: 8,
} as const;

export const EXIT_CODES_HELP = `
Exit codes (as Pulumi's)
  0  done
  1  the program, a simulated cloud or the engine failed, or the state cannot be used
  2  a flag, an argument or the configuration is wrong; nothing was run
  6  there is no such stack
  7  --expect-no-changes, and there were (or would be) changes
  8  cancelled`;

/** A refusal: the command ends with this message and exit code and has changed nothing. */
export class Refusal extends Error {
  readonly exit: number;
  constructor(exit: number, message: string) {
    super(message);
    this.exit = exit;
  }
}
