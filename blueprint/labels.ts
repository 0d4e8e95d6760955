import { type Criticality, RESTORE_WITHIN_HOURS } from "../model/service.ts";
import { type ActiveEstate, servicesOn } from "./active-estate.ts";

/** Hetzner's labels of a host: who runs it, what runs on it, who pays, how soon it must be back, when it may go down. */
export function hostLabels(active: ActiveEstate, host: string): Record<string, string> {
  const services = servicesOn(active, host);
  // Label values allow letters, digits, dots, dashes and underscores, 63 characters (docs.hetzner.cloud, 2026).
  const joined = (values: readonly string[]) =>
    [...new Set(values)]
      .join("_")
      .slice(0, 63)
      .replace(/[^a-zA-Z0-9]+$/, "");
  return {
    estate: active.estate.name,
    host,
    role: joined(services.map(([, { role }]) => role)),
    service: joined(services.map(([id]) => id)),
    payer: payerOf(active, host),
    criticality: criticalityOf(active, host),
    "restore-within": restoreWithin(active, host),
    maintenance: maintenanceOf(active),
  };
}

/** DigitalOcean's tags say the same, one tag each. */
export function hostTags(active: ActiveEstate, host: string): string[] {
  const services = servicesOn(active, host);
  return [
    `estate:${active.estate.name}`,
    ...new Set(services.map(([, { role }]) => `role:${role}`)),
    ...services.map(([id]) => `service:${id}`),
    `payer:${payerOf(active, host)}`,
    `criticality:${criticalityOf(active, host)}`,
    `restore-within:${restoreWithin(active, host)}`,
    `maintenance:${maintenanceOf(active)}`,
  ];
}

const restoreWithin = (active: ActiveEstate, host: string) => `${RESTORE_WITHIN_HOURS[criticalityOf(active, host)]}h`;

/** `tuesday-1-3_0800_2h`: weekday, which of the month's, start in UTC, length. */
function maintenanceOf({ estate }: ActiveEstate): string {
  const { weekday, weeks = [], from, hours } = estate.maintenance;
  return `${[weekday.toLowerCase(), ...weeks].join("-")}_${from.replace(":", "")}_${hours}h`;
}

/** A host is as critical as the most critical of its services. */
export function criticalityOf(active: ActiveEstate, host: string): Criticality {
  const [first] = servicesOn(active, host)
    .map(([, { criticality }]) => criticality)
    .sort((a, b) => RESTORE_WITHIN_HOURS[a] - RESTORE_WITHIN_HOURS[b]);
  return first ?? "low";
}

/** Who pays for a host; the owner of a donated one. */
export function payerOf({ hosts }: ActiveEstate, id: string): string {
  const host = hosts[id];
  if (!host) return "";
  return host.kind === "external" ? host.owner : host.payer;
}
