import * as pulumi from "@pulumi/pulumi";

/** One thing that a component asks of its arguments. */
export interface ArgumentCheck {
  /** Path of the argument, such as `plan.volume.size`. */
  readonly argument: string;
  readonly ok: boolean;
  /** What was found, shown as it is: never a secret. */
  readonly found: string | number | undefined;
  readonly allowed: string;
}

/**
 * Called before a component registers anything, so that a wrong argument changes nothing.
 * @throws RunError with every mistake, two lines each
 */
export function checkArguments(component: string, name: string, checks: readonly ArgumentCheck[]): void {
  const mistakes = checks
    .filter(({ ok }) => !ok)
    .map(
      ({ argument, found, allowed }) =>
        `${component} "${name}": ${argument} is ${found === undefined ? "missing" : JSON.stringify(found)}.\n  Allowed: ${allowed}.`,
    );
  if (mistakes.length > 0) throw new pulumi.RunError(mistakes.join("\n"));
}

/** A value that must be one of a list. */
export function oneOf(argument: string, found: string, list: Readonly<Record<string, unknown>> | readonly string[]) {
  const allowed: readonly string[] = Array.isArray(list) ? list : Object.keys(list);
  return { argument, found, ok: allowed.includes(found), allowed: allowed.join(", ") } satisfies ArgumentCheck;
}

/** A number between two others, both included. */
export function between(argument: string, found: number, { min, max }: { min: number; max: number }, unit: string) {
  const ok = Number.isInteger(found) && found >= min && found <= max;
  return { argument, found, ok, allowed: `a whole number from ${min} to ${max} ${unit}` } satisfies ArgumentCheck;
}

/** User data within a cloud's limit. The text itself is not shown. */
export function userDataWithin(text: string, bytes: number): ArgumentCheck {
  const size = Buffer.byteLength(text);
  return {
    argument: "plan.userData",
    found: `${size} bytes`,
    ok: size > 0 && size <= bytes,
    allowed: `1 to ${bytes} bytes; what does not fit is delivered after the first boot`,
  };
}
