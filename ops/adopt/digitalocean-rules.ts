import { byReferences, byTraits, first, notImportable, only, type Rule, sshKey } from "./finders.ts";
import { addressesOf, byAddress } from "./host-addresses.ts";
import type { Outcome, Surroundings } from "./match.ts";
import { textInput, type Wanted } from "./wanted.ts";

const DROPLET = "digitalocean:index/droplet:Droplet";

export const DIGITALOCEAN_RULES: Readonly<Record<string, Rule>> = {
  [DROPLET]: first(
    byTraits("name", "region"),
    byAddress((wanted) => textInput(wanted, "name")),
  ),
  "digitalocean:index/volume:Volume": byTraits("name", "region"),
  "digitalocean:index/firewall:Firewall": byTraits("name"),
  "digitalocean:index/project:Project": byTraits("name"),
  "digitalocean:index/vpc:Vpc": first(byTraits("name", "region"), byTraits("ipRange", "region")),
  "digitalocean:index/sshKey:SshKey": sshKey(false),
  "digitalocean:index/reservedIp:ReservedIp": first(byReferences({ dropletId: DROPLET }), freeAddress),
  "digitalocean:index/reservedIpAssignment:ReservedIpAssignment": byReferences({
    dropletId: DROPLET,
    ipAddress: "digitalocean:index/reservedIp:ReservedIp",
  }),
  "digitalocean:index/uptimeCheck:UptimeCheck": first(byTraits("name"), byTraits("type", "target")),
  "digitalocean:index/uptimeAlert:UptimeAlert": byReferences(
    { checkId: "digitalocean:index/uptimeCheck:UptimeCheck" },
    "type",
  ),
  "digitalocean:index/monitorAlert:MonitorAlert": monitorAlert,
  "digitalocean:index/volumeAttachment:VolumeAttachment": notImportable(
    "attaching a volume where it is attached changes nothing",
  ),
  "digitalocean:index/projectResources:ProjectResources": notImportable(
    "naming what the project holds already changes nothing",
  ),
};

/** An address that no droplet has yet, but DNS gives to the host. */
function freeAddress(wanted: Wanted, around: Surroundings): Outcome {
  const droplet = around.related(wanted, DROPLET);
  const name = droplet && textInput(droplet, "name");
  const addresses = name === undefined ? new Set<string>() : addressesOf(name, around);
  const fitting = around
    .existing(wanted.type)
    .filter(({ traits }) => traits["dropletId"] === undefined && addresses.has(String(traits["ip"])));
  return only(fitting, `address of ${name}`, "its droplet, or with the address that DNS gives to it");
}

function monitorAlert(wanted: Wanted, around: Surroundings): Outcome {
  const droplet = around.related(wanted, DROPLET);
  const dropletId = droplet && around.idOf(wanted, "dropletId", DROPLET);
  if (dropletId === undefined) return { kind: "absent", why: "the Droplet that it belongs to does not exist" };
  const type = textInput(wanted, "type");
  const fitting = around
    .existing(wanted.type)
    .filter(({ traits }) => traits["type"] === type && traits["entities"]?.includes(dropletId));
  return only(fitting, "type and droplet", `type ${type} for that droplet`);
}
