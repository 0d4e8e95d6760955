import { byReferences, byTraits, first, only, type Rule, sshKey } from "./finders.ts";
import { byAddress, hostName } from "./host-addresses.ts";
import type { Outcome, Surroundings } from "./match.ts";
import { textInput, type Wanted } from "./wanted.ts";

const SERVER = "hcloud:index/server:Server";
const PRIMARY_IP = "hcloud:index/primaryIp:PrimaryIp";

export const HETZNER_RULES: Readonly<Record<string, Rule>> = {
  [SERVER]: first(
    byTraits("name"),
    byAddress((wanted, around) => hostName(wanted, around)),
  ),
  [PRIMARY_IP]: first(byTraits("name", "type"), ofServer, byReverseName),
  "hcloud:index/volume:Volume": first(byTraits("name"), attachedVolume),
  "hcloud:index/network:Network": first(byTraits("name"), byTraits("ipRange")),
  "hcloud:index/firewall:Firewall": byTraits("name"),
  "hcloud:index/placementGroup:PlacementGroup": byTraits("name"),
  "hcloud:index/storageBox:StorageBox": byTraits("name"),
  "hcloud:index/sshKey:SshKey": sshKey(true),
  "hcloud:index/networkSubnet:NetworkSubnet": byReferences({ networkId: "hcloud:index/network:Network" }, "ipRange"),
  // A server is in a network once, with whatever address; the subnet is not read back.
  "hcloud:index/serverNetwork:ServerNetwork": serverNetwork,
  "hcloud:index/volumeAttachment:VolumeAttachment": byReferences({
    volumeId: "hcloud:index/volume:Volume",
    serverId: SERVER,
  }),
  "hcloud:index/rdns:Rdns": rdns,
};

/** Addresses of servers made by hand are named `primary_ip-<number>`. */
function ofServer(wanted: Wanted, around: Surroundings): Outcome {
  const serverId = around.idOf(wanted, "assigneeId", SERVER);
  const type = textInput(wanted, "type");
  const fitting = around
    .existing(PRIMARY_IP)
    .filter(({ traits }) => serverId !== undefined && traits["assigneeId"] === serverId && traits["type"] === type);
  return only(fitting, "server", `type ${type} at its server`);
}

function byReverseName(wanted: Wanted, around: Surroundings): Outcome {
  const name = hostName(wanted, around);
  const type = textInput(wanted, "type");
  const fitting = around
    .existing(PRIMARY_IP)
    .filter(({ traits }) => name !== undefined && traits["type"] === type && traits["dnsPtr"]?.includes(name));
  return only(fitting, `reverse entry ${name}`, `type ${type} and the reverse entry ${name}`);
}

/** The only volume at the server, whatever its name. */
function attachedVolume(wanted: Wanted, around: Surroundings): Outcome {
  const serverId = around.idOf(wanted, "serverId", SERVER);
  const attached = around
    .existing("hcloud:index/volumeAttachment:VolumeAttachment")
    .filter(({ traits }) => serverId !== undefined && traits["serverId"] === serverId);
  const fitting = around
    .existing(wanted.type)
    .filter(({ id }) => attached.some(({ traits }) => traits["volumeId"] === id));
  return only(fitting, "server", "its name or at its server");
}

function serverNetwork(wanted: Wanted, around: Surroundings): Outcome {
  const serverId = around.idOf(wanted, "serverId", SERVER);
  const networkId = around.idOf(wanted, "networkId", "hcloud:index/network:Network");
  if (serverId === undefined || networkId === undefined)
    return { kind: "absent", why: "its server or its network does not exist" };
  const fitting = around
    .existing(wanted.type)
    .filter(({ traits }) => traits["serverId"] === serverId && traits["networkId"] === networkId);
  const ip = textInput(wanted, "ip");
  const [found] = fitting;
  if (found && ip !== undefined && found.traits["ip"] !== ip)
    return {
      kind: "blocked",
      by: `the server has the private address ${found.traits["ip"]}, the program wants ${ip}: write the existing one into the estate, or detach the server from the network first`,
    };
  return only(fitting, "server and network", "that server in that network");
}

/** A reverse entry belongs to one address of its Primary IP: the only one, or the first of an IPv6 network. */
function rdns(wanted: Wanted, around: Surroundings): Outcome {
  const primaryIpId = around.idOf(wanted, "primaryIpId", PRIMARY_IP);
  const primaryIp = around.existing(PRIMARY_IP).find(({ id }) => id === primaryIpId);
  if (!primaryIp) return { kind: "absent", why: "the Primary IP that it belongs to does not exist" };
  const address = textInput(wanted, "ipAddress") ?? String(primaryIp.traits["ip"]).replace(/::\/\d+$/, "::1");
  const fitting = around
    .existing(wanted.type)
    .filter(({ traits }) => traits["primaryIpId"] === primaryIpId && traits["ipAddress"] === address);
  return only(fitting, "address", `an entry for ${address}`);
}
