import { join } from "node:path";
import type { Program } from "./operation.ts";

/**
 * The environment of the program: the given one without the credentials of any cloud, so that no rehearsal can reach a
 * real account, plus its configuration.
 */
export function programEnvironment(program: Program): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(program.environment ?? process.env))
    if (!isCredential(name)) environment[name] = value;
  return {
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    ...environment,
    PULUMI_CONFIG: JSON.stringify(program.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(program.secretKeys),
  };
}

/** Compiled modules are kept between runs: a third of a program's start (measured). */
const COMPILE_CACHE = join(import.meta.dirname, "../../.cache/node-compile");

const PREFIXES =
  /^(HCLOUD|HETZNER|DIGITALOCEAN|DIGITAL_OCEAN|SPACES|CLOUDFLARE|CF|AWS|AZURE|ARM|GOOGLE|GCLOUD|B2|HEALTHCHECKS)_/i;
const NAMES =
  /^(PULUMI_ACCESS_TOKEN|PULUMI_CONFIG_PASSPHRASE(_FILE)?|PULUMI_BACKEND_URL|GITHUB_TOKEN|GH_TOKEN|SSH_AUTH_SOCK)$/i;
const SUFFIXES = /(^|_)(TOKEN|SECRET|PASSWORD|API_KEY|ACCESS_KEY|SECRET_KEY)$/i;

/** By name: the clouds' own prefixes, Pulumi's accounts, and whatever calls itself a token, secret, key or password. */
export function isCredential(name: string): boolean {
  return PREFIXES.test(name) || NAMES.test(name) || SUFFIXES.test(name);
}
