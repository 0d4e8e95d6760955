import type { Addresses } from "../host-plan/addresses.ts";
import type { PlannedHost } from "../host-plan/planned-hosts.ts";
import type { Target } from "./ssh.ts";

/** How the chosen hosts are reached, those that are passed through on the way first. */
export function targetsOf(chosen: readonly PlannedHost[], all: readonly PlannedHost[], addresses: Addresses): Target[] {
  const through = new Set(chosen.flatMap((host) => host.through ?? []));
  const passed = all.filter(({ key }) => through.has(key));
  const hosts = [...passed, ...chosen.filter((host) => !passed.includes(host))];
  return hosts.map(({ key, fqdn, configuration, through: by }) => ({
    key,
    fqdn,
    // From within the network it is the private address that answers.
    address: by === undefined ? addresses.reach(key, fqdn) : (configuration.privateIp ?? fqdn),
    through: by,
  }));
}
