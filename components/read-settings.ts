import * as pulumi from "@pulumi/pulumi";
import type { Estate } from "../model/estate.ts";
import { parseSettings } from "../model/parse-settings.ts";
import type { Settings } from "../model/settings.ts";

/**
 * The settings of the current stack and the estate that they name.
 * @throws Mistakes, all at once
 */
export function readSettings(estates: Readonly<Record<string, Estate>>): {
  readonly estate: Estate;
  readonly settings: Settings;
  /** Needed at the creation of a storage box; it stays a secret in state and previews. */
  readonly storageBoxPassword: pulumi.Output<string>;
} {
  const config = new pulumi.Config();
  const prefix = `${config.name}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  const raw = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
  return {
    ...parseSettings(raw, estates),
    storageBoxPassword: config.getSecret("storageBoxPassword") ?? pulumi.secret(""),
  };
}
