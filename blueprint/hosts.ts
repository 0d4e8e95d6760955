import type { DropletPlan, FirewallRule, HetznerServerPlan, HostSummary } from "../model/blueprint.ts";
import { DROPLET_SIZES } from "../model/catalogue/digitalocean.ts";
import { HETZNER_SERVER_TYPES } from "../model/catalogue/hetzner.ts";
import type { DigitalOceanHost, HetznerHost, Host } from "../model/host.ts";
import type { HostAdmin, HostConfiguration, RoleFiles } from "../model/host-configuration.ts";
import { type Bundle, hostBundle } from "../roles/bundle.ts";
import { webRole } from "../roles/web/role.ts";
import { hasSites } from "../roles/web/site.ts";
import { type ActiveEstate, fqdnOf, isProtected, servicesOn } from "./active-estate.ts";
import { adminNetworks, type Firewalls, firewalls } from "./firewall.ts";
import { hostContext } from "./host-context.ts";
import { criticalityOf, hostLabels, hostTags, payerOf } from "./labels.ts";
import { firstUserData } from "./user-data.ts";

/** The servers, droplets and a line about each host, from one pass over the estate. */
export interface HostPlans {
  readonly servers: readonly HetznerServerPlan[];
  readonly droplets: readonly DropletPlan[];
  readonly summaries: readonly HostSummary[];
}

export function hostPlans(active: ActiveEstate): HostPlans {
  const servers: HetznerServerPlan[] = [];
  const droplets: DropletPlan[] = [];
  const summaries: HostSummary[] = [];
  for (const [key, host] of Object.entries(active.hosts)) {
    if (host.kind === "external") {
      summaries.push(summary(active, key, host, undefined));
      continue;
    }
    const open = firewalls(active, key);
    const { configuration, bundle } = configuredHost(active, key, host, open);
    const text = firstUserData(bundle, hostBundle(configuration), configuration);
    if (host.kind === "hetzner") servers.push(hetznerServer(active, key, host, open, text));
    else droplets.push(droplet(active, key, host, open, text));
    summaries.push(summary(active, key, host, bundle.digest));
  }
  return { servers, droplets, summaries };
}

/** What the user data of a new host holds, and what converging brings to a running one. */
export function configuredHost(
  active: ActiveEstate,
  key: string,
  host: HetznerHost | DigitalOceanHost,
  open: Firewalls = firewalls(active, key),
): { readonly configuration: HostConfiguration; readonly bundle: Bundle } {
  const configuration = hostConfiguration(active, key, host, open.host);
  return { configuration, bundle: hostBundle(configuration, serviceRoles(active, key, configuration)) };
}

/** The files of the host's services, in their order in the estate, and the web server that they share. */
function serviceRoles(active: ActiveEstate, key: string, configuration: HostConfiguration): RoleFiles[] {
  const context = hostContext(active, configuration);
  const roles = servicesOn(active, key).flatMap(([, { configure }]) => (configure ? [configure(context)] : []));
  return roles.some(hasSites) ? [...roles, webRole(context)] : roles;
}

/** What the base role of a host is made from. */
export function hostConfiguration(
  active: ActiveEstate,
  key: string,
  host: HetznerHost | DigitalOceanHost,
  firewall: readonly FirewallRule[],
): HostConfiguration {
  const size = host.kind === "hetzner" ? HETZNER_SERVER_TYPES[host.type] : DROPLET_SIZES[host.size];
  return {
    host: key,
    fqdn: fqdnOf(active, key),
    cloud: host.kind,
    distribution: host.image?.startsWith("centos") ? "centos" : "debian",
    admins: adminsOf(active, key),
    adminNetworks: adminNetworks(active, host),
    volume: host.volumeGb !== undefined,
    volumeName: host.volumeGb === undefined ? undefined : volumeName(key),
    firewall,
    maintenance: active.estate.maintenance,
    privateIp: host.kind === "hetzner" ? host.privateIp : undefined,
    memory: size.memory,
  };
}

/** Admins whose groups may log in on the host; root rights when one of those groups has them. */
function adminsOf({ estate, settings }: ActiveEstate, host: string): HostAdmin[] {
  return settings.admins.flatMap(({ name, keys, groups }) => {
    const allowed = groups
      .flatMap((id) => estate.groups[id] ?? [])
      .filter((group) => group.hosts === "all" || group.hosts.includes(host));
    return allowed.length === 0 ? [] : [{ name, keys, sudo: allowed.some((group) => group.sudo) }];
  });
}

const volumeName = (host: string) => `${host}-data`;

function volume(key: string, host: HetznerHost | DigitalOceanHost) {
  return host.volumeGb === undefined ? {} : { volume: { name: volumeName(key), size: host.volumeGb } };
}

function hetznerServer(
  active: ActiveEstate,
  key: string,
  host: HetznerHost,
  open: Firewalls,
  text: string,
): HetznerServerPlan {
  return {
    key,
    name: key,
    fqdn: fqdnOf(active, key),
    type: host.type,
    image: host.image ?? "debian-13",
    location: host.location,
    privateIp: host.privateIp,
    ...(host.spread === false ? { spread: false } : {}),
    ...volume(key, host),
    firewall: open.cloud,
    labels: hostLabels(active, key),
    userData: text,
    protect: isProtected(active, key),
  };
}

function droplet(
  active: ActiveEstate,
  key: string,
  host: DigitalOceanHost,
  open: Firewalls,
  text: string,
): DropletPlan {
  return {
    key,
    name: fqdnOf(active, key),
    fqdn: fqdnOf(active, key),
    size: host.size,
    image: host.image ?? "debian-13-x64",
    region: host.region,
    ...volume(key, host),
    firewall: open.cloud,
    tags: hostTags(active, key),
    userData: text,
    protect: isProtected(active, key),
  };
}

function summary(active: ActiveEstate, key: string, host: Host, digest: string | undefined): HostSummary {
  return {
    key,
    fqdn: fqdnOf(active, key),
    kind: host.kind,
    payer: payerOf(active, key),
    services: servicesOn(active, key).map(([id]) => id),
    criticality: criticalityOf(active, key),
    adminsThrough: host.kind === "hetzner" ? host.adminsThrough : undefined,
    digest,
  };
}
