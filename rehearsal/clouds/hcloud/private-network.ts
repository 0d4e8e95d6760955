import { ipv4Number, ipv4Range, ipv4Text } from "../addresses.ts";
import type { CloudFile } from "../cloud-file.ts";
import { amount, objects, text } from "../property-values.ts";
import type { Operation } from "../resource-table.ts";

/**
 * The private address for a server in a network: the wanted one, or the first free one. Refuses one outside the subnet,
 * one that is in use and the gateway's.
 */
export function privateAddress(
  { id, type, cloud, refuse }: Operation,
  { networkId, subnetId, wanted }: { networkId: string; subnetId: string; wanted: string },
): { networkId: string; ip: string } {
  const network = subnetId === "" ? networkId : subnetId.slice(0, subnetId.indexOf("-"));
  if (cloud.get("Network", network) === undefined)
    refuse(
      "not_found",
      `there is no network ${network || "(none given)"}`,
      "Refer to the id of a Network, or to a NetworkSubnet.",
    );
  const subnets = cloud
    .where("NetworkSubnet", "networkId", network)
    .filter(([name]) => subnetId === "" || name === subnetId);
  if (subnets.length === 0)
    refuse(
      "no_subnet_available",
      `network ${network} has no ${subnetId === "" ? "subnet" : `subnet ${subnetId}`}`,
      "Create a NetworkSubnet and make the server depend on it.",
    );
  const used = usedAddresses(cloud, network, type === "Server" ? id : "", type === "ServerNetwork" ? id : "");
  const ranges = subnets.map(([, subnet]) => ipv4Range(text(subnet, "ipRange"))).filter((range) => range !== undefined);
  if (wanted !== "") {
    const number = ipv4Number(wanted) ?? -1;
    const range = ranges.find(({ first, last }) => number > first && number < last);
    if (range === undefined)
      return refuse(
        "ip_not_available",
        `${wanted} is not in ${subnets.map(([, subnet]) => text(subnet, "ipRange")).join(" or ")}`,
        "Choose an address of the subnet.",
      );
    if (number === range.first + 1)
      refuse("ip_not_available", `${wanted} is the subnet's gateway`, "Choose another address.");
    if (used.has(wanted))
      refuse("ip_not_available", `${wanted} is already used in network ${network}`, "Choose another address.");
    return { networkId: network, ip: wanted };
  }
  for (const { first, last } of ranges)
    for (let number = first + 2; number < last; number++)
      if (!used.has(ipv4Text(number))) return { networkId: network, ip: ipv4Text(number) };
  return refuse("no_space_left_in_subnet", `the subnets of network ${network} are full`, "Add a subnet.");
}

function usedAddresses(cloud: CloudFile, network: string, exceptServer: string, exceptAttachment: string): Set<string> {
  const used = new Set<string>();
  for (const [id, attachment] of cloud.where("ServerNetwork", "networkId", network))
    if (id !== exceptAttachment) {
      used.add(text(attachment, "ip"));
      for (const alias of (attachment["aliasIps"] as string[] | undefined) ?? []) used.add(alias);
    }
  for (const [id, server] of cloud.where("Server", "networks.networkId", network))
    if (id !== exceptServer)
      for (const net of objects(server, "networks"))
        if (amount(net, "networkId") === Number(network)) used.add(text(net, "ip"));
  return used;
}

/** `86:00:00:…` from the address: the same for the same address. */
export const macAddress = (ip: string): string =>
  `86:00:${ip
    .split(".")
    .map((byte) => Number(byte).toString(16).padStart(2, "0"))
    .join(":")}`;
