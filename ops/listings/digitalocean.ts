import * as z from "zod";
import type { Existing } from "./existing.ts";
import { digitalOceanList } from "./pages.ts";
import type { ReadOnlyApi } from "./read-only-api.ts";

/** What a DigitalOcean team has. The endpoint is the host's root, as the provider takes it. */
export async function digitalOceanListing(api: ReadOnlyApi): Promise<Existing[]> {
  const droplets = await digitalOceanList(api, "/v2/droplets", "droplets", DROPLET);
  const volumes = await digitalOceanList(api, "/v2/volumes", "volumes", VOLUME);
  const firewalls = await digitalOceanList(api, "/v2/firewalls", "firewalls", NAMED);
  const reservedIps = await digitalOceanList(api, "/v2/reserved_ips", "reserved_ips", RESERVED_IP);
  const vpcs = await digitalOceanList(api, "/v2/vpcs", "vpcs", VPC);
  const projects = await digitalOceanList(api, "/v2/projects", "projects", PROJECT);
  const keys = await digitalOceanList(api, "/v2/account/keys", "ssh_keys", SSH_KEY);
  const domains = await digitalOceanList(api, "/v2/domains", "domains", z.object({ name: z.string() }));
  const alerts = await digitalOceanList(api, "/v2/monitoring/alerts", "policies", MONITOR_ALERT);
  const checks = await digitalOceanList(api, "/v2/uptime/checks", "checks", CHECK);
  const checkAlerts: Existing[] = [];
  for (const check of checks)
    for (const found of await digitalOceanList(api, `/v2/uptime/checks/${check.id}/alerts`, "alerts", CHECK_ALERT))
      checkAlerts.push(checkAlert(check.id, found));
  return [
    ...droplets.map((found) => existing("droplet:Droplet", found, { region: found.region.slug, ...addresses(found) })),
    ...volumes.map((found) => existing("volume:Volume", found, { region: found.region.slug })),
    ...firewalls.map((found) => existing("firewall:Firewall", found)),
    ...reservedIps.flatMap(reservedIp),
    // Every region gets a default VPC, every account a default project: nobody made them.
    ...vpcs.map((found) => ({ ...existing("vpc:Vpc", found, vpcTraits(found)), standalone: found.default !== true })),
    ...projects.map((found) => ({ ...existing("project:Project", found), standalone: found.is_default !== true })),
    ...keys.map((found) => existing("sshKey:SshKey", found, { publicKey: found.public_key })),
    ...domains.map(({ name }) => existing("domain:Domain", { id: name, name })),
    ...alerts.map((found) =>
      existing("monitorAlert:MonitorAlert", { id: found.uuid, name: found.description }, monitorTraits(found)),
    ),
    ...checks.map((found) => existing("uptimeCheck:UptimeCheck", found, { type: found.type, target: found.target })),
    ...checkAlerts,
  ];
}

const ID = z.union([z.number(), z.string()]);
const NAMED = z.object({ id: ID, name: z.string() });
const REGION = z.object({ slug: z.string() });
const DROPLET = NAMED.extend({
  region: REGION,
  networks: z.object({ v4: z.array(z.object({ ip_address: z.string(), type: z.string() })) }),
});
const VOLUME = NAMED.extend({ region: REGION });
const RESERVED_IP = z.object({ ip: z.string(), region: REGION, droplet: z.object({ id: z.number() }).nullable() });
const VPC = NAMED.extend({ region: z.string(), ip_range: z.string(), default: z.boolean().optional() });
const PROJECT = NAMED.extend({ is_default: z.boolean().optional() });
const SSH_KEY = NAMED.extend({ public_key: z.string() });
const CHECK = NAMED.extend({ id: z.string(), type: z.string(), target: z.string() });
const CHECK_ALERT = NAMED.extend({ id: z.string(), type: z.string() });
const MONITOR_ALERT = z.object({
  uuid: z.string(),
  type: z.string(),
  description: z.string(),
  entities: z.array(z.string()),
});

const addresses = ({ networks }: z.infer<typeof DROPLET>) => ({
  addresses: networks.v4.filter(({ type }) => type === "public").map(({ ip_address }) => ip_address),
});

const vpcTraits = ({ region, ip_range }: z.infer<typeof VPC>) => ({ region, ipRange: ip_range });

const monitorTraits = ({ type, description, entities }: z.infer<typeof MONITOR_ALERT>) => ({
  type,
  description,
  entities,
});

function reservedIp({ ip, region, droplet }: z.infer<typeof RESERVED_IP>): Existing[] {
  const dropletId = droplet && { dropletId: String(droplet.id) };
  return [
    existing("reservedIp:ReservedIp", { id: ip, name: ip }, { region: region.slug, ip, ...dropletId }),
    ...(dropletId
      ? [
          {
            ...part("reservedIpAssignment:ReservedIpAssignment", `${ip},${dropletId.dropletId}`, `${ip} of a droplet`, {
              ipAddress: ip,
              ...dropletId,
            }),
          },
        ]
      : []),
  ];
}

const checkAlert = (checkId: string, { id, name, type }: z.infer<typeof CHECK_ALERT>): Existing => ({
  ...part("uptimeAlert:UptimeAlert", id, name, { checkId, type, name }),
  importId: `${checkId},${id}`,
});

function existing(type: string, { id, name }: z.infer<typeof NAMED>, traits: Existing["traits"] = {}): Existing {
  return { ...part(type, String(id), name, { name, ...traits }), standalone: true };
}

const part = (type: string, id: string, name: string, traits: Existing["traits"]): Existing => ({
  cloud: "digitalocean",
  type: `digitalocean:index/${type}`,
  id,
  importId: id,
  name,
  traits,
  standalone: false,
});
