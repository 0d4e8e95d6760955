import { type ActiveEstate, activeEstate, fqdnOf, servicesOn } from "../../blueprint/active-estate.ts";
import { hostContext } from "../../blueprint/host-context.ts";
import { configuredHost } from "../../blueprint/hosts.ts";
import { estateProblems } from "../../blueprint/problems.ts";
import type { HostAddress } from "../../model/blueprint.ts";
import type { Host } from "../../model/host.ts";
import type { HostConfiguration, HostContext } from "../../model/host-configuration.ts";
import { Mistakes } from "../../model/mistakes.ts";
import type { Check, SharedLine, SharedSecret } from "../../model/service.ts";
import type { Bundle } from "../../roles/bundle.ts";
import { EXIT, Refusal } from "../refusal.ts";
import type { StackSettings } from "./stack-settings.ts";

/** What a running host should have, with what is needed to bring it there. */
export interface PlannedHost {
  /** The host's id. */
  readonly key: string;
  readonly fqdn: string;
  readonly configuration: HostConfiguration;
  /** The very bundle that the blueprint puts into the user data of a new host, so the digests are the same. */
  readonly bundle: Bundle;
  /** Secrets that its services wait for. */
  readonly secrets: readonly NeededSecret[];
  readonly checks: readonly (Check & { readonly service: string })[];
  /** Addresses in its firewall that only the cloud knows. */
  readonly peers: readonly HostAddress[];
  /** Host that admins pass through on their way; undefined: they come directly. */
  readonly through: string | undefined;
}

export interface NeededSecret {
  /** Id of the service in the estate: several of one role have secrets of their own. */
  readonly service: string;
  readonly name: string;
  /** `<role>/<name>`: below `/etc/secrets` on its host, where the role's files name it. */
  readonly place: string;
  readonly what: string;
  /** The service has files on its host, so something waits for the secret; false while it is declared only. */
  readonly awaited: boolean;
  /** Made of values that others know too; left out: the value is this service's own. */
  readonly shared?: { readonly here: SharedSecret["here"]; readonly lines: readonly SharedLine[] };
}

/** Where shared values are kept, beside the services: none may have this id. */
export const SHARED = "shared";

/**
 * The hosts of a stack that are configured from here: external machines belong to others.
 * @throws Refusal (exit 2) for mistakes in the estate
 */
export function plannedHosts({ estate, settings }: StackSettings): PlannedHost[] {
  const active = activeEstate(estate, settings);
  const problems = estateProblems(active);
  if (problems.length > 0) throw new Refusal(EXIT.badUsage, new Mistakes("the estate", problems).message);
  return Object.entries(active.hosts).flatMap(([key, host]) =>
    host.kind === "external" ? [] : [plannedHost(active, key, host)],
  );
}

/**
 * Those among them that the command line names, in that order: it may matter who converges first.
 * @throws Refusal (exit 2) for names that are none
 */
export function chosen(hosts: readonly PlannedHost[], names: readonly string[]): PlannedHost[] {
  const unknown = names.filter((name) => !hosts.some(({ key }) => key === name));
  if (unknown.length > 0)
    throw new Refusal(
      EXIT.badUsage,
      `No host to configure: ${unknown.join(", ")}.\n  Allowed: ${hosts.map(({ key }) => key).join(", ")}. External machines are configured by their owners.`,
    );
  return [...new Set(names)].flatMap((name) => hosts.filter(({ key }) => key === name));
}

function plannedHost(active: ActiveEstate, key: string, host: Exclude<Host, { kind: "external" }>): PlannedHost {
  const { configuration, bundle } = configuredHost(active, key, host);
  const services = servicesOn(active, key);
  const peers = configuration.firewall.flatMap(({ sources }) =>
    sources.filter((source): source is HostAddress => typeof source !== "string"),
  );
  return {
    key,
    fqdn: fqdnOf(active, key),
    configuration,
    bundle,
    secrets: neededSecrets(hostContext(active, configuration), services),
    checks: services.flatMap(([service, { checks }]) => checks.map((check) => ({ ...check, service }))),
    peers: [...new Map(peers.map((peer) => [`${peer.host}/${peer.address}`, peer])).values()],
    through: host.kind === "hetzner" ? host.adminsThrough : undefined,
  };
}

function neededSecrets(context: HostContext, services: ReturnType<typeof servicesOn>): NeededSecret[] {
  const { host } = context.host;
  if (services.some(([service]) => service === SHARED))
    throw new Refusal(
      EXIT.badUsage,
      `${host}: a service is named ${SHARED}, and so is the folder of shared secrets.\n  Give the service another id in the estate.`,
    );
  const needed = services.flatMap(([service, { role, secrets, configure }]) =>
    secrets.map(({ name, what, shared }) => ({
      service,
      name,
      place: `${role}/${name}`,
      what,
      awaited: configure !== undefined,
      ...(shared ? { shared: { here: shared.here, lines: shared.lines(context) } } : {}),
    })),
  );
  for (const [place, [first, second]] of Map.groupBy(needed, (secret) => secret.place))
    if (first && second)
      throw new Refusal(
        EXIT.badUsage,
        `${host}: ${first.service} and ${second.service} both have their secret at /etc/secrets/${place}.\n  Put the services of one role on two hosts.`,
      );
  return needed;
}
