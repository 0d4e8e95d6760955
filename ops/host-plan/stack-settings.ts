import { estates as known } from "../../estates/estates.ts";
import type { Estate } from "../../model/estate.ts";
import { Mistakes } from "../../model/mistakes.ts";
import { parseSettings } from "../../model/parse-settings.ts";
import { FIELDS, type Field } from "../../model/setting-fields.ts";
import type { Settings } from "../../model/settings.ts";
import { EXIT, Refusal } from "../refusal.ts";
import { STAND_IN, stackConfiguration } from "../stack-configuration.ts";

/** Which stack's settings a command works with. */
export interface StackOptions {
  readonly stack: string;
  /** `key=value`, over what the stack's file says. */
  readonly config: readonly string[];
  /** Folder of `Pulumi.yaml`, or one below it. */
  readonly cwd: string;
  readonly estates?: Readonly<Record<string, Estate>> | undefined;
}

export interface StackSettings {
  readonly estate: Estate;
  readonly settings: Settings;
  /** Folder of `Pulumi.yaml`. */
  readonly directory: string;
}

/**
 * The settings with which `pulumi up` runs this stack.
 * @throws Refusal (exit 2) for a file that cannot be used, and with every mistake in the settings at once
 */
export function stackSettings({ stack, config, cwd, estates = known }: StackOptions): StackSettings {
  const { directory, values, partlyEncrypted } = stackConfiguration(cwd, stack, config);
  const [key] = partlyEncrypted;
  if (key !== undefined)
    throw new Refusal(
      EXIT.badUsage,
      `Pulumi.${stack}.yaml: a part of ${key} is encrypted, and only Pulumi can read it.\n  Say it on the command line: --config ${key}='…'`,
    );
  try {
    return { ...parseSettings({ ...secretSettings(), ...values }, estates), directory };
  } catch (cause) {
    if (!(cause instanceof Mistakes)) throw cause;
    throw new Refusal(EXIT.badUsage, `${cause.message}\nPulumi.${stack}.yaml is what was read; --config adds to it.`);
  }
}

/** No secret setting goes into a host's configuration, so nobody is asked for one: any text that is allowed will do. */
const secretSettings = (): Record<string, string> =>
  Object.fromEntries(Object.entries<Field>(FIELDS).flatMap(([key, { secret }]) => (secret ? [[key, STAND_IN]] : [])));
