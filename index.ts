import { blueprintOf } from "./blueprint/blueprint.ts";
import { costLines } from "./blueprint/cost.ts";
import { addressBook } from "./components/addresses.ts";
import { DnsZone } from "./components/cloudflare/dns-zone.ts";
import { DownloadCdn } from "./components/cloudflare/download-cdn.ts";
import { ZoneRedirects } from "./components/cloudflare/zone-redirects.ts";
import { DropletFirewall } from "./components/digitalocean/droplet-firewall.ts";
import { DigitalOceanProject } from "./components/digitalocean/project.ts";
import { UptimeWatch } from "./components/digitalocean/uptime-watch.ts";
import { WebDroplet } from "./components/digitalocean/web-droplet.ts";
import { EstateReport } from "./components/estate-report.ts";
import { explained } from "./components/explained.ts";
import { HetznerAddresses } from "./components/hetzner/addresses.ts";
import { HetznerProject } from "./components/hetzner/project.ts";
import { HetznerServer } from "./components/hetzner/server.ts";
import { StorageBox } from "./components/hetzner/storage-box.ts";
import { readSettings } from "./components/read-settings.ts";
import { estates } from "./estates/estates.ts";

// Settings → estate → what must exist. Every mistake is reported here, before anything is registered.
const { estate, settings, storageBoxPassword } = explained(() => readSettings(estates));
const blueprint = explained(() => blueprintOf(estate, settings));
const { sshKeys } = blueprint;
const { alertEmails } = settings;

// Addresses first: firewalls and records name them.
const hetzner = new HetznerProject(estate.name, { plan: blueprint.hetzner, sshKeys });
const servers = blueprint.hetzner.servers.map((plan) => ({
  plan,
  publicIps: new HetznerAddresses(plan.key, { plan }),
}));
const digitalOcean = new DigitalOceanProject(estate.name, { plan: blueprint.digitalOcean, sshKeys });
const droplets = blueprint.digitalOcean.droplets.map((plan) => ({
  plan,
  droplet: new WebDroplet(plan.key, { plan, project: digitalOcean, alertEmails }),
}));
const addresses = addressBook([
  ...servers.map(({ publicIps }) => publicIps),
  ...droplets.map(({ droplet }) => droplet),
]);

const zones = blueprint.zones.map((plan) => {
  const zone = new DnsZone(plan.name, { plan, accountId: settings.cloudflareAccountId, addresses });
  if (plan.cacheRules.length > 0) new DownloadCdn(plan.name, { plan, zoneId: zone.zoneId });
  if (plan.redirectRules.length > 0) new ZoneRedirects(plan.name, { plan, zoneId: zone.zoneId });
  return { name: plan.name, zone };
});
for (const { plan, publicIps } of servers)
  new HetznerServer(plan.key, { plan, project: hetzner, publicIps, addresses });
for (const { plan, droplet } of droplets) new DropletFirewall(plan.key, { plan, droplet, addresses });
for (const plan of blueprint.digitalOcean.uptimeChecks) new UptimeWatch(plan.key, { plan, alertEmails });
const { storageBox } = blueprint.hetzner;
const box = storageBox && new StorageBox(storageBox.key, { plan: storageBox, password: storageBoxPassword, sshKeys });

/** Addresses of each host. */
export const hosts = Object.fromEntries(
  blueprint.hosts.map(({ key, fqdn }) => [key, { name: fqdn, ...addresses.get(key) }]),
);
/** Public URLs of each service. */
export const urls = blueprint.urls;
/** Digest of each host's configuration: hosts whose digest changed must converge. */
export const digests = Object.fromEntries(
  blueprint.hosts.flatMap(({ key, digest }) => (digest ? [[key, digest]] : [])),
);
/** To be set at the registrar. */
export const nameServers = Object.fromEntries(zones.map(({ name, zone }) => [name, zone.nameServers]));
export const dsRecords = Object.fromEntries(
  zones.flatMap(({ name, zone }) => (zone.dsRecord ? [[name, zone.dsRecord]] : [])),
);
/** Where the hosts back up to. */
export const backups = box ? { server: box.server, username: box.username } : estate.backups;
/** Monthly, net, per payer and currency; the last line is what the cap counts. */
export const cost = costLines(blueprint.cost);

// For reviewers: a preview shows the inputs of a component before and after.
new EstateReport(estate.name, { cost: blueprint.cost, digests, urls });
