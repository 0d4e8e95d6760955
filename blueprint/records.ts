import { addressOf, type RecordPlan } from "../model/blueprint.ts";
import { CLOUDFLARE_CAS } from "../model/catalogue/cloudflare.ts";
import { type ActiveEstate, fqdnOf } from "./active-estate.ts";
import { mailRecords } from "./mail-records.ts";
import { isProxied, zoneOf } from "./names.ts";
import { DIRECT_TTL, PROXIED_TTL, txt } from "./record.ts";

/** Discard prefix (RFC 6666): names that the edge answers by itself have no origin. */
const NO_ORIGIN = "100::";
/** The hosts get their certificates here. */
const HOST_CA = "letsencrypt.org";

/** All records of a zone. Keys say name, type and purpose: a record keeps its identity when others come and go. */
export function records(active: ActiveEstate, zone: string): RecordPlan[] {
  return [
    ...hostRecords(active, zone),
    ...serviceRecords(active, zone),
    ...redirectRecords(active, zone),
    ...mailRecords(active, zone),
    ...foreignRecords(active, zone),
    ...caaRecords(active, zone),
  ];
}

/** A and AAAA at a host. Droplets publish IPv4 alone: their reserved address has no IPv6 sibling that outlives them. */
function addressRecords(
  active: ActiveEstate,
  name: string,
  host: string,
  proxied: boolean,
  purpose: string,
): RecordPlan[] {
  const at = active.hosts[host];
  if (!at) return [];
  const common = { name, proxied, ttl: proxied ? PROXIED_TTL : DIRECT_TTL, purpose };
  const a = { ...common, key: `${name}/A/host`, type: "A" as const };
  const aaaa = { ...common, key: `${name}/AAAA/host`, type: "AAAA" as const };
  switch (at.kind) {
    case "hetzner":
      return [
        { ...a, content: addressOf(host, "ipv4") },
        { ...aaaa, content: addressOf(host, "ipv6") },
      ];
    case "digitalOcean":
      return [{ ...a, content: addressOf(host, "ipv4") }];
    case "external":
      return [{ ...a, content: at.ipv4 }, ...(at.ipv6 ? [{ ...aaaa, content: at.ipv6 }] : [])];
    default:
      return at satisfies never;
  }
}

function hostRecords(active: ActiveEstate, zone: string): RecordPlan[] {
  if (active.estate.domain !== zone) return [];
  return Object.keys(active.hosts).flatMap((host) =>
    addressRecords(active, fqdnOf(active, host), host, false, `host ${host}`),
  );
}

function serviceRecords(active: ActiveEstate, zone: string): RecordPlan[] {
  const zones = Object.keys(active.estate.zones);
  return Object.entries(active.services).flatMap(([id, service]) =>
    service.names
      .filter(({ name }) => zoneOf(name, zones) === zone)
      .flatMap((name) =>
        addressRecords(active, name.name, service.on, isProxied(name, active.settings), `service ${id}`),
      ),
  );
}

/** A redirect at the edge needs a proxied record, whatever it points to; one at a service points there. */
function redirectRecords(active: ActiveEstate, zone: string): RecordPlan[] {
  const redirects = active.estate.zones[zone]?.redirects ?? [];
  const served = new Set(Object.values(active.services).flatMap(({ names }) => names.map(({ name }) => name)));
  const byName = new Map(
    redirects.filter(({ from }) => !served.has(from)).map((redirect) => [redirect.from, redirect]),
  );
  return [...byName.values()].flatMap(({ from, to, at }): RecordPlan[] => {
    const host = at === undefined ? undefined : active.services[at]?.on;
    if (host !== undefined) return addressRecords(active, from, host, false, `redirect to ${to}`);
    return [
      {
        key: `${from}/AAAA/redirect`,
        name: from,
        type: "AAAA",
        content: NO_ORIGIN,
        proxied: true,
        ttl: PROXIED_TTL,
        purpose: `redirect to ${to}`,
      },
    ];
  });
}

function foreignRecords(active: ActiveEstate, zone: string): RecordPlan[] {
  return (active.estate.zones[zone]?.records ?? []).map(({ name, type, content, purpose }) => {
    const label = purpose.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    if (type === "TXT") return txt(name, label, content, purpose);
    return { key: `${name}/${type}/${label}`, name, type, content, proxied: false, ttl: DIRECT_TTL, purpose };
  });
}

/** Only the authorities of the hosts and of the edge may issue certificates. */
function caaRecords(active: ActiveEstate, zone: string): RecordPlan[] {
  const caa = (tag: "issue" | "issuewild" | "iodef", value: string): RecordPlan => ({
    key: `${zone}/CAA/${tag === "iodef" ? tag : `${tag}-${value}`}`,
    name: zone,
    type: "CAA",
    content: `0 ${tag} "${value}"`,
    caa: { flags: 0, tag, value },
    proxied: false,
    ttl: DIRECT_TTL,
    purpose: tag === "iodef" ? "reports of refused certificates" : "who may issue certificates",
  });
  const authorities = [...new Set([HOST_CA, ...CLOUDFLARE_CAS])];
  return [
    ...authorities.flatMap((authority) => [caa("issue", authority), caa("issuewild", authority)]),
    ...active.settings.alertEmails.slice(0, 1).map((mailbox) => caa("iodef", `mailto:${mailbox}`)),
  ];
}
