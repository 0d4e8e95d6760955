import * as pulumi from "@pulumi/pulumi";
import { addressBook } from "../../components/addresses.ts";
import { DnsZone } from "../../components/cloudflare/dns-zone.ts";
import { DownloadCdn } from "../../components/cloudflare/download-cdn.ts";
import { ZoneRedirects } from "../../components/cloudflare/zone-redirects.ts";
import { DropletFirewall } from "../../components/digitalocean/droplet-firewall.ts";
import { DigitalOceanProject } from "../../components/digitalocean/project.ts";
import { UptimeWatch } from "../../components/digitalocean/uptime-watch.ts";
import { WebDroplet } from "../../components/digitalocean/web-droplet.ts";
import { HetznerAddresses } from "../../components/hetzner/addresses.ts";
import { HetznerProject } from "../../components/hetzner/project.ts";
import { HetznerServer } from "../../components/hetzner/server.ts";
import { StorageBox } from "../../components/hetzner/storage-box.ts";
import type { DigitalOceanPlan, HetznerPlan, ZonePlan } from "../../model/blueprint.ts";
import { type Run, run } from "./mock-engine.ts";
import { digitalOceanPlan, hetznerPlan, sshKeys, zonePlan } from "./plans.ts";

export interface Plans {
  readonly hetzner?: HetznerPlan;
  readonly digitalOcean?: DigitalOceanPlan;
  readonly zone?: ZonePlan;
}

/** Every component once, put together as the program does it. */
export function wholeEstate({ hetzner = hetznerPlan, digitalOcean = digitalOceanPlan, zone = zonePlan }: Plans = {}) {
  const { alertEmails } = digitalOcean;
  const hetznerProject = new HetznerProject("example", { plan: hetzner, sshKeys });
  const servers = hetzner.servers.map((plan) => ({ plan, publicIps: new HetznerAddresses(plan.key, { plan }) }));
  const digitalOceanProject = new DigitalOceanProject("example", { plan: digitalOcean, sshKeys });
  const droplets = digitalOcean.droplets.map((plan) => ({
    plan,
    droplet: new WebDroplet(plan.key, { plan, project: digitalOceanProject, alertEmails }),
  }));
  const addresses = addressBook([
    ...servers.map(({ publicIps }) => publicIps),
    ...droplets.map(({ droplet }) => droplet),
  ]);
  const dnsZone = new DnsZone(zone.name, { plan: zone, accountId: "0".repeat(32), addresses });
  new DownloadCdn(zone.name, { plan: zone, zoneId: dnsZone.zoneId });
  new ZoneRedirects(zone.name, { plan: zone, zoneId: dnsZone.zoneId });
  for (const { plan, publicIps } of servers)
    new HetznerServer(plan.key, { plan, project: hetznerProject, publicIps, addresses });
  for (const { plan, droplet } of droplets) new DropletFirewall(plan.key, { plan, droplet, addresses });
  const { storageBox } = hetzner;
  const box =
    storageBox &&
    new StorageBox(storageBox.key, { plan: storageBox, password: pulumi.secret("Example-Passw0rd"), sshKeys });
  for (const plan of digitalOcean.uptimeChecks) new UptimeWatch(plan.key, { plan, alertEmails });
  return { addresses, dnsZone, box };
}

let deployment: Promise<Run<ReturnType<typeof wholeEstate>>> | undefined;

/** The whole estate after an update; registered once for all tests that only look at it. */
export function deployed(): Promise<Run<ReturnType<typeof wholeEstate>>> {
  deployment ??= run(() => wholeEstate());
  return deployment;
}
