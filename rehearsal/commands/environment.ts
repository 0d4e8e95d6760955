import { isCredential } from "../engine/program-environment.ts";

/**
 * The environment without anything by which a program or an engine could reach a real account or backend, and without
 * Pulumi's own settings, which could steer a CLI away from the simulated providers.
 */
export function withoutCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !isCredential(name) && !name.toUpperCase().startsWith("PULUMI_")),
  );
}
