import { CLOUDFLARE_FREE_PLAN } from "../model/catalogue/cloudflare.ts";
import { type ActiveEstate, fqdnOf } from "./active-estate.ts";
import { depthIn, isProxied, zoneOf } from "./names.ts";
import { redirectLoops, redirectProblems } from "./redirect-rules.ts";

/** Mistakes about names: each must lie in a zone of ours and lead to one thing. */
export function nameProblems(active: ActiveEstate): string[] {
  return [
    ...ownerProblems(active),
    ...exposureProblems(active),
    ...mailProblems(active),
    ...Object.entries(active.estate.zones).flatMap(([name, zone]) => redirectProblems(name, zone)),
    ...redirectLoops(active.estate.zones).map(
      (loop) =>
        `zones: redirects run in a circle: ${loop.join(" → ")}.\n  Let one of them lead to a name that is served.`,
    ),
  ];
}

function ownerProblems(active: ActiveEstate): string[] {
  const { estate, services, hosts } = active;
  const zones = Object.keys(estate.zones);
  const claims = [
    ...Object.keys(hosts).map((host) => [fqdnOf(active, host), `hosts.${host}`] as const),
    ...Object.entries(services).flatMap(([id, { names }]) =>
      names.map(({ name }) => [name, `services.${id}`] as const),
    ),
    ...Object.entries(estate.zones).flatMap(([zone, { redirects = [] }]) =>
      redirects.filter(({ path }) => path === undefined).map(({ from }) => [from, `zones.${zone}.redirects`] as const),
    ),
  ];
  const owners = new Map<string, string>();
  return claims.flatMap(([name, where]) => {
    const owner = owners.get(name);
    owners.set(name, where);
    if (zoneOf(name, zones) === undefined)
      return [`${where}: ${name} is in no zone of the estate.\n  Allowed: names in ${zones.join(", ")}.`];
    return owner === undefined
      ? []
      : [`${where}: ${name} belongs to ${owner} already.\n  A name leads to one thing: remove one of them.`];
  });
}

function exposureProblems({ estate, services, settings }: ActiveEstate): string[] {
  const zones = Object.keys(estate.zones);
  const deep = (name: string) => {
    const zone = zoneOf(name, zones);
    return zone !== undefined && depthIn(name, zone) > CLOUDFLARE_FREE_PLAN.certificateDepth;
  };
  const advice = "The free certificate of the edge covers one label before the zone's name";
  return [
    ...Object.entries(services).flatMap(([id, { names }]) =>
      names
        .filter((name) => isProxied(name, settings) && deep(name.name))
        .map(
          ({ name }) =>
            `services.${id}: ${name} cannot be proxied.\n  ${advice}: make it direct, or choose a shorter name.`,
        ),
    ),
    ...Object.entries(estate.zones).flatMap(([zone, { redirects = [] }]) =>
      redirects.flatMap(({ from, at }) => {
        const where = `zones.${zone}.redirects`;
        if (zoneOf(from, zones) !== zone) return [`${where}: ${from} is not in ${zone}.\n  Move it to its own zone.`];
        if (at === undefined)
          return deep(from)
            ? [`${where}: ${from} cannot be answered at the edge.\n  ${advice}: set at to a service that answers.`]
            : [];
        return at in estate.services
          ? []
          : [
              `${where}: ${from} is answered at ${at}, which does not exist.\n  Allowed: ${Object.keys(estate.services).join(", ")}.`,
            ];
      }),
    ),
  ];
}

/** A mail server needs reverse DNS, which only Hetzner's addresses have, and a name that is not proxied. */
function mailProblems({ estate, services, hosts, settings }: ActiveEstate): string[] {
  return Object.entries(estate.zones).flatMap(([zone, { mail = {} }]) =>
    Object.entries(mail).flatMap(([domain, spec]) => {
      const where = `zones.${zone}.mail.${domain}`;
      if (!spec || "sendsOnly" in spec) return [];
      const service = services[spec.mx];
      if (!service)
        return [
          `${where}: mx ${spec.mx} is no service of the estate.\n  Allowed: ${Object.keys(services).join(", ")}.`,
        ];
      const [exchange] = service.names;
      if (exchange === undefined || isProxied(exchange, settings))
        return [`${where}: ${spec.mx} has no direct name for the MX record.\n  Make its first name direct.`];
      if (hosts[service.on]?.kind !== "hetzner")
        return [
          `${where}: ${spec.mx} is on ${service.on}, whose address has no reverse DNS of ours.\n  Move it to a Hetzner host.`,
        ];
      return [];
    }),
  );
}
