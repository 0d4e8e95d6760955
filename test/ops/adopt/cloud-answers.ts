import type { CloudContent } from "../listings/fake-clouds.ts";

/** The objects of one simulated cloud, by type and id, as its file keeps them. */
export type SimulatedObjects = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** What the vendors' APIs would say of simulated clouds. */
export function cloudAnswers(
  hcloud: SimulatedObjects,
  digitalOcean: SimulatedObjects,
  cloudflare: SimulatedObjects,
): CloudContent {
  return { hetzner: hetzner(hcloud), digitalOcean: ocean(digitalOcean), cloudflare: flare(cloudflare) };
}

interface Simulated {
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: objects of all types, as a JSON file has them
  readonly [property: string]: any;
}

const all = (objects: SimulatedObjects, type: string) =>
  Object.entries(objects[type] ?? {}).map(([id, object]) => ({ ...object, id }) as Simulated);

function hetzner(objects: SimulatedObjects): NonNullable<CloudContent["hetzner"]> {
  const named = (type: string) => all(objects, type).map(({ id, name }) => ({ id: Number(id), name }));
  const ips = all(objects, "PrimaryIp");
  const holder = (ipId: string) =>
    all(objects, "Server").find(({ publicNets }) =>
      (publicNets as { ipv4: number; ipv6: number }[]).some(({ ipv4, ipv6 }) => [ipv4, ipv6].includes(Number(ipId))),
    );
  return {
    servers: all(objects, "Server").map(({ id, name, publicNets }) => {
      const [{ ipv4, ipv6 } = { ipv4: 0, ipv6: 0 }] = publicNets as { ipv4: number; ipv6: number }[];
      const ip = (wanted: number) => ips.find((one) => one.id === String(wanted));
      return {
        id: Number(id),
        name,
        public_net: { ipv4: { ip: ip(ipv4)?.["ipAddress"] }, ipv6: { ip: ip(ipv6)?.["ipNetwork"] } },
        private_net: all(objects, "ServerNetwork")
          .filter(({ serverId }) => String(serverId) === id)
          .map((net) => ({ network: net["networkId"], ip: net["ip"] })),
      };
    }),
    volumes: all(objects, "Volume").map(({ id, name }) => ({
      id: Number(id),
      name,
      server: all(objects, "VolumeAttachment").find(({ volumeId }) => String(volumeId) === id)?.["serverId"] ?? null,
    })),
    primary_ips: ips.map(({ id, name, type, ipAddress, ipNetwork, autoDelete }) => ({
      id: Number(id),
      name,
      type,
      ip: ipNetwork ?? ipAddress,
      assignee_id: holder(id) ? Number(holder(id)?.id) : null,
      auto_delete: autoDelete,
      dns_ptr: all(objects, "Rdns")
        .filter(({ primaryIpId }) => String(primaryIpId) === id)
        .map((entry) => ({ ip: entry["ipAddress"], dns_ptr: entry["dnsPtr"] })),
    })),
    firewalls: named("Firewall"),
    networks: all(objects, "Network").map(({ id, name, ipRange }) => ({
      id: Number(id),
      name,
      ip_range: ipRange,
      subnets: all(objects, "NetworkSubnet")
        .filter(({ networkId }) => String(networkId) === id)
        .map((subnet) => ({ ip_range: subnet["ipRange"] })),
    })),
    placement_groups: named("PlacementGroup"),
    ssh_keys: all(objects, "SshKey").map(({ id, name, publicKey }) => ({
      id: Number(id),
      name,
      public_key: publicKey,
    })),
    storage_boxes: named("StorageBox"),
  };
}

function ocean(objects: SimulatedObjects): NonNullable<CloudContent["digitalOcean"]> {
  const alerts = all(objects, "UptimeAlert");
  return {
    droplets: all(objects, "Droplet").map(({ id, name, region, ipv4Address }) => ({
      id: Number(id),
      name,
      region: { slug: region },
      networks: { v4: [{ ip_address: ipv4Address, type: "public" }] },
    })),
    volumes: all(objects, "Volume").map(({ id, name, region }) => ({ id, name, region: { slug: region } })),
    firewalls: all(objects, "Firewall").map(({ id, name }) => ({ id, name })),
    reserved_ips: all(objects, "ReservedIp").map(({ id, region, dropletId }) => ({
      ip: id,
      region: { slug: region },
      droplet: dropletId ? { id: dropletId } : null,
    })),
    vpcs: all(objects, "Vpc").map(({ id, name, region, ipRange }) => ({ id, name, region, ip_range: ipRange })),
    projects: all(objects, "Project").map(({ id, name }) => ({ id, name })),
    "account/keys": all(objects, "SshKey").map(({ id, name, publicKey }) => ({
      id: Number(id),
      name,
      public_key: publicKey,
    })),
    "uptime/checks": all(objects, "UptimeCheck").map(({ id, name, type, target }) => ({ id, name, type, target })),
    ...Object.fromEntries(
      all(objects, "UptimeCheck").map(({ id }) => [
        `uptime/checks/${id}/alerts`,
        alerts
          .filter(({ checkId }) => checkId === id)
          .map((alert) => ({ id: alert.id, name: alert["name"], type: alert["type"] })),
      ]),
    ),
    "monitoring/alerts": all(objects, "MonitorAlert").map(({ id, type, description, entities }) => ({
      uuid: id,
      type,
      description,
      entities,
    })),
  };
}

function flare(objects: SimulatedObjects): NonNullable<CloudContent["cloudflare"]> {
  const zones = all(objects, "Zone");
  const inZone = (type: string, zone: string) => all(objects, type).filter(({ zoneId }) => zoneId === zone);
  return {
    zones: zones.map(({ id, name }) => ({ id, name })),
    ...Object.fromEntries(
      zones.flatMap(({ id: zone }) => [
        [
          `zones/${zone}/dns_records`,
          inZone("DnsRecord", zone).map(({ id, name, type, content, data, priority }) => ({
            id,
            name,
            type,
            // The API shows the content of records with data, too.
            content: content ?? caaText(data),
            priority,
          })),
        ],
        [
          `zones/${zone}/rulesets`,
          inZone("Ruleset", zone).map(({ id, name, kind, phase }) => ({ id, name, kind, phase })),
        ],
        [`zones/${zone}/dnssec`, { status: inZone("ZoneDnssec", zone)[0]?.["status"] ?? "disabled" }],
      ]),
    ),
  };
}

const caaText = ({ flags, tag, value }: { flags: number; tag: string; value: string }) => `${flags} ${tag} "${value}"`;
