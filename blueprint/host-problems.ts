import { DIGITALOCEAN_LIMITS, DIGITALOCEAN_REGIONS, DROPLET_SIZES } from "../model/catalogue/digitalocean.ts";
import { HETZNER_LIMITS, HETZNER_LOCATIONS, HETZNER_SERVER_TYPES } from "../model/catalogue/hetzner.ts";
import type { Host } from "../model/host.ts";
import type { ActiveEstate } from "./active-estate.ts";
import { contains } from "./ip-range.ts";

/** Mistakes about hosts and what runs on them. */
export function hostProblems(active: ActiveEstate): string[] {
  const { estate } = active;
  return [
    ...Object.entries(estate.hosts).flatMap(([id, host]) => machineProblems(active, id, host)),
    ...Object.entries(estate.services).flatMap(([id, { on }]) =>
      on in estate.hosts
        ? []
        : [`services.${id}: host ${on} does not exist.\n  Allowed: ${Object.keys(estate.hosts).join(", ")}.`],
    ),
    ...addressProblems(active),
    ...volumeProblems(active),
    ...portProblems(active),
    ...companyProblems(active),
    ...copyProblems(active),
    ...donationProblems(active),
    ...gatewayProblems(active),
    ...placementProblems(active),
    ...backupProblems(active),
  ];
}

const oneOf = (where: string, value: string, allowed: object): string[] =>
  value in allowed ? [] : [`${where}: found ${value}.\n  Allowed: ${Object.keys(allowed).join(", ")}.`];

function machineProblems({ estate }: ActiveEstate, id: string, host: Host): string[] {
  const where = `hosts.${id}`;
  const name = /^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/.test(id)
    ? []
    : [`${where}: the name cannot be a host's.\n  Allowed: lower-case letters, digits and dashes, as in git-01.`];
  if (host.kind === "external") return name;
  const payer = oneOf(`${where}.payer`, host.payer, estate.payers);
  const pool = host.pool === undefined ? [] : oneOf(`${where}.pool`, host.pool.pool, estate.pools);
  const places =
    host.kind === "hetzner"
      ? [
          ...oneOf(`${where}.type`, host.type, HETZNER_SERVER_TYPES),
          ...oneOf(`${where}.location`, host.location, HETZNER_LOCATIONS),
        ]
      : [
          ...oneOf(`${where}.size`, host.size, DROPLET_SIZES),
          ...oneOf(`${where}.region`, host.region, DIGITALOCEAN_REGIONS),
        ];
  return [...name, ...payer, ...pool, ...places];
}

/** Private addresses are fixed in the data: each once, inside the network, and none that the cloud keeps for itself. */
function addressProblems({ estate }: ActiveEstate): string[] {
  const seen = new Map<string, string>();
  return Object.entries(estate.hosts).flatMap(([id, host]) => {
    if (host.kind !== "hetzner") return [];
    const where = `hosts.${id}.privateIp`;
    const taken = seen.get(host.privateIp);
    seen.set(host.privateIp, id);
    if (taken !== undefined)
      return [
        `${where}: ${host.privateIp} is that of ${taken}.\n  Choose another address in ${estate.networks.hetzner}.`,
      ];
    if (!contains(estate.networks.hetzner, host.privateIp) || /\.(0|1|255)$/.test(host.privateIp))
      return [
        `${where}: found ${host.privateIp}.\n  Allowed: an address in ${estate.networks.hetzner} that does not end in .0, .1 or .255.`,
      ];
    return [];
  });
}

function volumeProblems({ estate }: ActiveEstate): string[] {
  const sizes = Object.entries(estate.hosts).flatMap(([id, host]) => {
    if (host.kind === "external" || host.volumeGb === undefined) return [];
    const where = `hosts.${id}.volumeGb`;
    const { min, max } = (host.kind === "hetzner" ? HETZNER_LIMITS : DIGITALOCEAN_LIMITS).volume;
    if (Array.isArray(host.volumeGb))
      return [
        `${where}: found ${host.volumeGb.length} volumes.\n  Allowed: one a host, as it finds its only volume without being told which. Use one size in GB.`,
      ];
    const fits = Number.isInteger(host.volumeGb) && host.volumeGb >= min && host.volumeGb <= max;
    return fits ? [] : [`${where}: found ${host.volumeGb}.\n  Allowed: a whole number of GB from ${min} to ${max}.`];
  });
  const owners = new Map<string, string>();
  const paths = Object.entries(estate.services).flatMap(([id, service]) =>
    service.data.flatMap(({ path }) => {
      const host = estate.hosts[service.on];
      const key = `${service.on}:${path}`;
      const owner = owners.get(key);
      owners.set(key, id);
      if (owner !== undefined)
        return [
          `services.${id}: ${path} on ${service.on} is the data of ${owner} already.\n  Give the service another host.`,
        ];
      if (host && (host.kind === "external" || host.volumeGb === undefined))
        return [
          `services.${id}: keeps data in ${path}, but ${service.on} has no volume.\n  Set hosts.${service.on}.volumeGb.`,
        ];
      return [];
    }),
  );
  return [...sizes, ...paths];
}

/** Web servers share their ports by name; everything else needs its port for itself. */
const SHARED_PORTS = new Set([80, 443]);

function portProblems({ estate }: ActiveEstate): string[] {
  const owners = new Map<string, string>();
  return Object.entries(estate.services).flatMap(([id, service]) =>
    [...new Set(service.ports.map(({ protocol, port }) => `${protocol}/${port}`))].flatMap((port) => {
      if (SHARED_PORTS.has(Number(port.split("/")[1]))) return [];
      const key = `${service.on} ${port}`;
      const owner = owners.get(key);
      owners.set(key, id);
      return owner === undefined
        ? []
        : [`services.${id}: port ${port} on ${service.on} is taken by ${owner}.\n  Give one of them another host.`];
    }),
  );
}

function companyProblems({ estate }: ActiveEstate): string[] {
  return Object.entries(estate.services).flatMap(([id, service]) => {
    const others = Object.entries(estate.services).flatMap(([other, { on }]) =>
      on === service.on && other !== id ? [other] : [],
    );
    if (service.alone === undefined || others.length === 0) return [];
    return [
      `services.${id}: must be alone on its host, as ${service.alone}, but ${others.join(", ")} on ${service.on} too.\n  Give it a host of its own.`,
    ];
  });
}

function copyProblems({ estate }: ActiveEstate): string[] {
  return Object.entries(estate.services).flatMap(([id, { on, apartFrom }]) => {
    if (apartFrom === undefined) return [];
    const original = estate.services[apartFrom];
    if (!original)
      return [
        `services.${id}: is to be apart from ${apartFrom}, which does not exist.\n  Allowed: ${Object.keys(estate.services).join(", ")}.`,
      ];
    return estate.hosts[on]?.kind === estate.hosts[original.on]?.kind
      ? [
          `services.${id}: on ${on} it shares a cloud with ${apartFrom} on ${original.on}.\n  Move one of them: they must not be lost together.`,
        ]
      : [];
  });
}

/** Admins pass through a host of the same private network that they reach directly. */
function gatewayProblems({ estate }: ActiveEstate): string[] {
  return Object.entries(estate.hosts).flatMap(([id, host]) => {
    if (host.kind !== "hetzner" || host.adminsThrough === undefined) return [];
    const through = estate.hosts[host.adminsThrough];
    if (host.adminsThrough !== id && through?.kind === "hetzner" && through.adminsThrough === undefined) return [];
    return [
      `hosts.${id}.adminsThrough: found ${host.adminsThrough}.\n  Allowed: another Hetzner host of the estate that admins reach directly.`,
    ];
  });
}

function placementProblems({ hosts }: ActiveEstate): string[] {
  const spread = Object.entries(hosts).flatMap(([id, host]) =>
    host.kind === "hetzner" && host.spread !== false ? [id] : [],
  );
  const allowed = HETZNER_LIMITS.placementGroup;
  return spread.length <= allowed
    ? []
    : [
        `hosts: ${spread.length} servers in the placement group: ${spread.join(", ")}.\n  Allowed: ${allowed}. Set spread: false for those that may fail together.`,
      ];
}

/** Data must not lie beside its only backup, and backups need a volume to lie on. */
function backupProblems({ estate }: ActiveEstate): string[] {
  const { backups } = estate;
  if (backups.kind !== "host") return [];
  const target = estate.hosts[backups.on];
  if (!target || target.kind === "external" || target.volumeGb === undefined)
    return [`backups.on: ${backups.on} has no volume.\n  Choose a host of the estate with one, or set its volumeGb.`];
  return Object.entries(estate.services).flatMap(([id, service]) =>
    service.on === backups.on && service.data.some(({ keep }) => keep !== "scratch")
      ? [`services.${id}: its data would lie on ${backups.on} beside its backup.\n  Give the service another host.`]
      : [],
  );
}

function donationProblems({ estate, settings }: ActiveEstate): string[] {
  return settings.donations.flatMap(({ name }) =>
    name in estate.hosts
      ? [
          `${estate.donations?.setting}: a machine is named ${name}, as a host of the estate is.\n  Choose another name, such as donor-01.`,
        ]
      : [],
  );
}
