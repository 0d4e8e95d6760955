import { type ActiveEstate, activeEstate, servicesOn } from "../../blueprint/active-estate.ts";
import { watch } from "../../blueprint/checks.ts";
import { costReport } from "../../blueprint/cost.ts";
import type { CostReport } from "../../model/blueprint.ts";
import type { Estate } from "../../model/estate.ts";
import { Mistakes } from "../../model/mistakes.ts";
import { parseSettings } from "../../model/parse-settings.ts";
import { FIELDS, type Field } from "../../model/setting-fields.ts";
import { EXIT, Refusal } from "../refusal.ts";

/** What an estate costs under its settings; amounts in cents per month, net. */
export interface EstateCost {
  readonly active: ActiveEstate;
  readonly report: CostReport;
  readonly hosts: readonly HostCost[];
  readonly services: readonly ServiceCost[];
}

export interface HostCost {
  readonly host: string;
  readonly payer: string;
  readonly currency: "EUR" | "USD";
  readonly cents: number;
  readonly services: readonly string[];
}

/** A service's share: its host's cost, divided evenly among those on it. */
export interface ServiceCost {
  readonly service: string;
  readonly host: string;
  readonly currency: "EUR" | "USD";
  readonly cents: number;
}

/**
 * The cost of a stack. Settings that only its owners know (who the admins are, which relay sends mail) cost nothing, so
 * where they are missing the documented examples stand in.
 * @param raw settings by key, as text
 * @param extra hosts of the estate's pool, instead of what the settings say
 * @throws Refusal with every setting that cannot be used
 */
export function estateCost(
  raw: Readonly<Record<string, string>>,
  estates: Readonly<Record<string, Estate>>,
  extra?: number,
): EstateCost {
  const { estate, settings } = parsed(
    { ...withExamples(raw), ...poolSize(estates[raw["estate"] ?? ""], extra) },
    estates,
  );
  const active = activeEstate(estate, settings);
  const report = costReport(active, watch(active).uptime.length);
  const hosts = Object.entries(active.hosts).flatMap(([host, { kind }]): HostCost[] => {
    const own = report.items.filter((item) => item.host === host);
    const [first] = own;
    if (kind === "external" || first === undefined) return [];
    const cents = own.reduce((sum, item) => sum + item.cents, 0);
    const services = servicesOn(active, host).map(([id]) => id);
    return [{ host, payer: first.payer, currency: first.currency, cents, services }];
  });
  return { active, report, hosts, services: hosts.flatMap(shares) };
}

function shares({ host, currency, cents, services }: HostCost): ServiceCost[] {
  return services.map((service, index) => {
    const even = Math.floor(cents / services.length);
    // The shares add up to the host.
    const rest = index < cents - even * services.length ? 1 : 0;
    return { service, host, currency, cents: even + rest };
  });
}

function withExamples(raw: Readonly<Record<string, string>>): Record<string, string> {
  const owners = Object.entries(FIELDS as Record<string, Field>).filter(([, field]) => !("default" in field));
  return { ...Object.fromEntries(owners.map(([key, { example }]) => [key, example])), ...raw };
}

/** `--extra-workers` in the words of the estate, which names its pool's setting itself. */
function poolSize(estate: Estate | undefined, extra: number | undefined): Record<string, string> {
  if (estate === undefined || extra === undefined) return {};
  const pools = Object.values(estate.pools);
  const [pool] = pools;
  if (pool !== undefined && pools.length === 1) return { [pool.setting]: String(extra) };
  const named = pools.map(({ setting }) => `--config ${setting}=${extra}`);
  throw new Refusal(
    EXIT.badUsage,
    `--extra-workers ${extra}: the estate ${estate.name} has ${pools.length} pools of workers, so it is not clear which one.\n  ${named.length > 0 ? `Write ${named.join(" or ")}.` : "Leave it out."}`,
  );
}

function parsed(raw: Record<string, string>, estates: Readonly<Record<string, Estate>>) {
  try {
    return parseSettings(raw, estates);
  } catch (error) {
    if (error instanceof Mistakes) throw new Refusal(EXIT.badUsage, error.message);
    throw error;
  }
}
