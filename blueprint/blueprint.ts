import type { Blueprint, DigitalOceanPlan, HetznerPlan, SshKeyPlan } from "../model/blueprint.ts";
import { DIGITALOCEAN_REGIONS } from "../model/catalogue/digitalocean.ts";
import { HETZNER_LOCATIONS } from "../model/catalogue/hetzner.ts";
import type { Estate } from "../model/estate.ts";
import { Mistakes } from "../model/mistakes.ts";
import type { Settings } from "../model/settings.ts";
import { type ActiveEstate, activeEstate } from "./active-estate.ts";
import { backups } from "./backups.ts";
import { type Watch, watch } from "./checks.ts";
import { costReport, overBudget } from "./cost.ts";
import { type HostPlans, hostPlans } from "./hosts.ts";
import { estateProblems } from "./problems.ts";
import { zonePlans } from "./zones.ts";

/**
 * Everything that must exist for an estate under its settings.
 * @throws Mistakes: every mistake found, the budget's among them
 */
export function blueprintOf(estate: Estate, settings: Settings): Blueprint {
  const active = activeEstate(estate, settings);
  const problems = estateProblems(active);
  if (problems.length > 0) throw new Mistakes("the estate", problems);
  const watched = watch(active);
  const cost = costReport(active, watched.uptime.length);
  const expensive = overBudget(cost, settings);
  if (expensive !== undefined) throw new Mistakes("the estate", [expensive]);
  const hosts = hostPlans(active);
  return {
    estate: estate.name,
    sshKeys: sshKeys(settings),
    hetzner: hetznerPlan(active, hosts),
    digitalOcean: digitalOceanPlan(active, hosts, watched),
    zones: zonePlans(active),
    hosts: hosts.summaries,
    backups: backups(active),
    probes: watched.probes,
    urls: Object.fromEntries(
      Object.entries(active.services).flatMap(([id, { urls }]) =>
        urls.length > 0 ? [[id, urls.map(({ url }) => url)]] : [],
      ),
    ),
    cost,
  };
}

/** Keys that a new host trusts from its first minute; which of them log in later is the host configuration's to say. */
function sshKeys({ admins }: Settings): SshKeyPlan[] {
  return admins.flatMap(({ name, keys }) =>
    keys.map((publicKey, index) => ({ key: `${name}-${index + 1}`, name: `${name}-${index + 1}`, publicKey })),
  );
}

function hetznerPlan(active: ActiveEstate, { servers, droplets }: HostPlans): HetznerPlan {
  const { estate } = active;
  const labels = { estate: estate.name };
  const [first] = servers;
  const { backups: target } = estate;
  return {
    network: first && {
      name: estate.name,
      ipRange: estate.networks.hetzner,
      networkZone: HETZNER_LOCATIONS[first.location].networkZone,
      labels,
    },
    placementGroup: estate.name,
    servers,
    storageBox:
      target.kind === "storageBox"
        ? {
            key: target.name,
            name: `${estate.name}-${target.name}`,
            type: target.type,
            location: target.location,
            labels: { ...labels, payer: target.payer },
            reachableExternally: droplets.length > 0,
            protect: active.settings.unprotected !== "all" && !active.settings.unprotected.includes(target.name),
          }
        : undefined,
  };
}

/** Each region in use has a network of its own: a /24 of the estate's range. */
function digitalOceanPlan(active: ActiveEstate, { droplets }: HostPlans, { uptime }: Watch): DigitalOceanPlan {
  const { estate } = active;
  const regions = [...new Set(droplets.map(({ region }) => region))].sort();
  const [first = "10", second = "0"] = estate.networks.digitalOcean.split(".");
  return {
    project:
      droplets.length === 0 ? undefined : { name: estate.title, description: `Infrastructure of ${estate.title}` },
    vpcs: regions.map((region) => ({
      key: region,
      name: `${estate.name}-${region}`,
      region,
      ipRange: `${first}.${second}.${DIGITALOCEAN_REGIONS[region].subnet}.0/24`,
    })),
    droplets,
    uptimeChecks: uptime,
    alertEmails: active.settings.alertEmails,
  };
}
