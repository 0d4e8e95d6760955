/** Variables that reach a real account (tokens, endpoints, profiles), or that would steer a Pulumi CLI elsewhere. */
const REAL_ACCOUNTS = /^(HCLOUD|HETZNER|DIGITALOCEAN|SPACES|CLOUDFLARE|CF|AWS|PULUMI)_/i;

/** The environment without anything by which a program or an engine could reach a real account or backend. */
export function withoutCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !REAL_ACCOUNTS.test(name)));
}
