import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import * as z from "zod";
import type { HostAddress } from "../../model/blueprint.ts";
import { EXIT, Refusal } from "../refusal.ts";

/** Where hosts are reached, and the addresses that only the cloud knew. */
export interface Addresses {
  /** Where admins reach a host: what the command line says, else the stack's outputs, else its DNS name. */
  readonly reach: (key: string, fqdn: string) => string;
  /** Undefined where no stack outputs were given, or they lack it. */
  readonly of: (address: HostAddress) => string | undefined;
}

const OUTPUTS = z.object({
  hosts: z.record(
    z.string(),
    z.object({
      name: z.string(),
      ipv4: z.string().optional(),
      ipv6: z.string().optional(),
      egress4: z.string().optional(),
    }),
  ),
});

/**
 * @param overrides `host=address` from the command line
 * @param outputs file with the output of `pulumi stack output --json`
 * @throws Refusal (exit 2) for an override or a file that cannot be used
 */
export function addresses(overrides: readonly string[], outputs: string | undefined): Addresses {
  const given = new Map(overrides.map(hostAndAddress));
  const known = outputs === undefined ? {} : readOutputs(outputs);
  return {
    reach: (key, fqdn) => given.get(key) ?? known[key]?.ipv4 ?? fqdn,
    of: ({ host, address }) => known[host]?.[address],
  };
}

function hostAndAddress(pair: string): [string, string] {
  const [, host, address] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
  if (host !== undefined && address !== undefined && (isIP(address) > 0 || /^[\w][\w.-]*$/.test(address)))
    return [host, address];
  throw new Refusal(
    EXIT.badUsage,
    `--address ${pair}: a host and an address or name are needed.\n  For example: --address git-01=192.0.2.11`,
  );
}

function readOutputs(file: string): z.infer<typeof OUTPUTS>["hosts"] {
  try {
    return OUTPUTS.parse(JSON.parse(readFileSync(file, "utf8"))).hosts;
  } catch (cause) {
    const why =
      cause instanceof z.ZodError ? "it has no hosts with addresses" : cause instanceof Error ? cause.message : "";
    throw new Refusal(
      EXIT.badUsage,
      `Cannot use ${file} as the stack's outputs: ${why}.\n  Write it with: pulumi stack output --json > ${file}`,
    );
  }
}
