import * as z from "zod";
import type { Existing } from "./existing.ts";
import { hetznerList } from "./pages.ts";
import type { ReadOnlyApi } from "./read-only-api.ts";

/** What a Hetzner project has. `cloud` is its API, `storage` the one that storage boxes have moved to. */
export async function hetznerListing(cloud: ReadOnlyApi, storage: ReadOnlyApi): Promise<Existing[]> {
  // One after the other: the limit is 3,600 requests an hour for a whole project (docs.hetzner.cloud, 2026).
  const servers = await hetznerList(cloud, "/servers", "servers", SERVER);
  const volumes = await hetznerList(cloud, "/volumes", "volumes", VOLUME);
  const primaryIps = await hetznerList(cloud, "/primary_ips", "primary_ips", PRIMARY_IP);
  const firewalls = await hetznerList(cloud, "/firewalls", "firewalls", NAMED);
  const networks = await hetznerList(cloud, "/networks", "networks", NETWORK);
  const groups = await hetznerList(cloud, "/placement_groups", "placement_groups", NAMED);
  const keys = await hetznerList(cloud, "/ssh_keys", "ssh_keys", SSH_KEY);
  const boxes = await hetznerList(storage, "/storage_boxes", "storage_boxes", NAMED);
  return [
    ...servers.flatMap(server),
    ...volumes.flatMap(volume),
    ...primaryIps.flatMap(primaryIp),
    ...firewalls.map((found) => existing("firewall:Firewall", found)),
    ...networks.flatMap(network),
    ...groups.map((found) => existing("placementGroup:PlacementGroup", found)),
    ...keys.map((found) => existing("sshKey:SshKey", found, { publicKey: found.public_key })),
    ...boxes.map((found) => existing("storageBox:StorageBox", found)),
  ];
}

const NAMED = z.object({ id: z.number(), name: z.string() });
const SSH_KEY = NAMED.extend({ public_key: z.string() });
const VOLUME = NAMED.extend({ server: z.number().nullable() });
const NETWORK = NAMED.extend({ ip_range: z.string(), subnets: z.array(z.object({ ip_range: z.string() })) });
const PRIMARY_IP = NAMED.extend({
  type: z.enum(["ipv4", "ipv6"]),
  ip: z.string(),
  assignee_id: z.number().nullable(),
  auto_delete: z.boolean(),
  dns_ptr: z.array(z.object({ ip: z.string(), dns_ptr: z.string() })),
});
const SERVER = NAMED.extend({
  public_net: z.object({
    ipv4: z.object({ ip: z.string() }).nullable(),
    ipv6: z.object({ ip: z.string() }).nullable(),
  }),
  private_net: z.array(z.object({ network: z.number(), ip: z.string() })),
});

function server(found: z.infer<typeof SERVER>): Existing[] {
  const { id, name, public_net, private_net } = found;
  const addresses = [public_net.ipv4?.ip, public_net.ipv6?.ip].filter((ip) => ip !== undefined);
  return [
    existing("server:Server", found, { addresses }),
    ...private_net.map(({ network, ip }) =>
      part("serverNetwork:ServerNetwork", `${id}-${network}`, `${name} in network ${network}`, {
        serverId: String(id),
        networkId: String(network),
        ip,
      }),
    ),
  ];
}

function volume(found: z.infer<typeof VOLUME>): Existing[] {
  const [id, serverId] = [String(found.id), String(found.server)];
  const attachment = part("volumeAttachment:VolumeAttachment", id, `${found.name} at server ${serverId}`, {
    volumeId: id,
    serverId,
  });
  return [existing("volume:Volume", found), ...(found.server === null ? [] : [attachment])];
}

function primaryIp(found: z.infer<typeof PRIMARY_IP>): Existing[] {
  const { type, ip, assignee_id, auto_delete, dns_ptr } = found;
  const traits = {
    type,
    ip,
    dnsPtr: dns_ptr.map((entry) => entry.dns_ptr),
    ...(assignee_id === null ? {} : { assigneeId: String(assignee_id) }),
  };
  // One that goes with its server is a part of it.
  const standalone = !(auto_delete && assignee_id !== null);
  return [
    { ...existing("primaryIp:PrimaryIp", found, traits), standalone },
    ...dns_ptr.map((entry) =>
      part("rdns:Rdns", `p-${found.id}-${entry.ip}`, `${entry.ip} → ${entry.dns_ptr}`, {
        primaryIpId: String(found.id),
        ipAddress: entry.ip,
        dnsPtr: entry.dns_ptr,
      }),
    ),
  ];
}

function network(found: z.infer<typeof NETWORK>): Existing[] {
  const id = String(found.id);
  return [
    existing("network:Network", found, { ipRange: found.ip_range }),
    ...found.subnets.map(({ ip_range }) =>
      part("networkSubnet:NetworkSubnet", `${id}-${ip_range}`, `${ip_range} of ${found.name}`, {
        networkId: id,
        ipRange: ip_range,
      }),
    ),
  ];
}

function existing(type: string, { id, name }: z.infer<typeof NAMED>, traits: Existing["traits"] = {}): Existing {
  return { ...part(type, String(id), name, { name, ...traits }), standalone: true };
}

const part = (type: string, id: string, name: string, traits: Existing["traits"]): Existing => ({
  cloud: "hcloud",
  type: `hcloud:index/${type}`,
  id,
  importId: id,
  name,
  traits,
  standalone: false,
});
