import type { ProbePlan, UptimeCheckPlan } from "../model/blueprint.ts";
import { Mistakes } from "../model/mistakes.ts";
import type { Check, Service } from "../model/service.ts";
import { type ActiveEstate, hostsOfRole } from "./active-estate.ts";

export interface Watch {
  readonly uptime: readonly UptimeCheckPlan[];
  readonly probes: readonly ProbePlan[];
}

/**
 * Who watches what: monitoring stands outside of what it monitors. The first page of each service outside DigitalOcean
 * has an uptime check there (they cost money each); everything else is probed from a host that does not run it.
 * @throws Mistakes when nobody could watch a check
 */
export function watch(active: ActiveEstate): Watch {
  const watched = Object.entries(active.services).map(([id, service]) => watchOf(active, id, service));
  return { uptime: watched.flatMap(({ uptime }) => uptime), probes: watched.flatMap(({ probes }) => probes) };
}

/** The part of it that one service has. */
export function watchOf(active: ActiveEstate, id: string, service: Service): Watch {
  const uptime: UptimeCheckPlan[] = [];
  const probes: ProbePlan[] = [];
  const page = isOnDigitalOcean(active, service.on) ? undefined : service.checks.find(({ kind }) => kind === "http");
  for (const check of service.checks) {
    if (check === page && check.kind === "http") {
      const type = check.url.startsWith("https:") ? "https" : "http";
      uptime.push({ key: id, name: `${active.estate.name} ${id}: ${check.what}`, type, target: check.url });
      continue;
    }
    const target = targetOf(check);
    const from = proberFor(active, service.on, target);
    probes.push({ key: `${id}/${target}`, service: id, from, target, kind: check.kind });
  }
  return { uptime, probes };
}

const isOnDigitalOcean = ({ hosts }: ActiveEstate, host: string) => hosts[host]?.kind === "digitalOcean";

const targetOf = (check: Check) => (check.kind === "http" ? check.url : `${check.name}:${check.port}`);

/** A prober on another host, on the other cloud where there is one. */
function proberFor(active: ActiveEstate, host: string, target: string): string {
  const probers = hostsOfRole(active, "prober").filter((prober) => prober !== host);
  const elsewhere = probers.find((prober) => active.hosts[prober]?.kind !== active.hosts[host]?.kind);
  const prober = elsewhere ?? probers[0];
  if (prober === undefined)
    throw new Mistakes("the estate", [
      `checks: nobody can watch ${target}, as no prober runs on a host other than ${host}.\n  Add a service with the role prober on another host.`,
    ]);
  return prober;
}
