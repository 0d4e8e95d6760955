import type { CostItem, CostReport } from "../model/blueprint.ts";
import { DIGITALOCEAN_EXTRAS, DIGITALOCEAN_PRICES_OF, DROPLET_SIZES } from "../model/catalogue/digitalocean.ts";
import {
  HETZNER_EXTRAS,
  HETZNER_PRICES_OF,
  HETZNER_SERVER_TYPES,
  STORAGE_BOX_TYPES,
} from "../model/catalogue/hetzner.ts";
import type { ActiveEstate } from "./active-estate.ts";

/**
 * What the deployment costs each month, net, in cents; dollars and euros are never added.
 * @param uptimeChecks number of uptime checks at DigitalOcean
 */
export function costReport(active: ActiveEstate, uptimeChecks: number): CostReport {
  const items = [
    ...hostItems(active),
    ...storageBoxItems(active),
    ...uptimeItems(active, uptimeChecks),
    ...domainItems(active),
  ];
  const hetzner = sum(items.filter(({ provider, usage }) => provider === "hetzner" && !usage));
  const perPayer = Map.groupBy(items, ({ payer, currency }) => JSON.stringify([payer, currency]));
  return {
    items,
    perPayer: [...perPayer.values()].map((own) => {
      const { payer, currency } = own[0] as CostItem;
      return { payer, currency, cents: sum(own) };
    }),
    hetzner: { cents: hetzner, capCents: capCents(active), grossCents: Math.round(hetzner * (1 + HETZNER_EXTRAS.vat)) },
    usdCents: sum(items.filter(({ currency }) => currency === "USD")),
    pricesOf: { hetzner: HETZNER_PRICES_OF, digitalocean: DIGITALOCEAN_PRICES_OF },
  };
}

/** The budget's message when a plan costs more than the cap; undefined when it does not. */
export function overBudget(
  report: CostReport,
  settings: { readonly overBudget: string | undefined },
): string | undefined {
  const { cents, capCents } = report.hetzner;
  if (cents <= capCents || settings.overBudget !== undefined) return undefined;
  const largest = report.items
    .filter(({ provider, usage }) => provider === "hetzner" && !usage)
    .sort((a, b) => b.cents - a.cents)
    .slice(0, 3)
    .map(({ item, cents }) => `${item} €${euros(cents)}`);
  return (
    `budget: Hetzner would cost €${euros(cents)} a month net, €${euros(cents - capCents)} over the cap of €${euros(capCents)}.\n` +
    `  Largest: ${largest.join(", ")}. Choose smaller ones, or in an emergency: pulumi config set overBudget 'the reason'`
  );
}

/** A line of the stack output `cost`; amounts in the currency's units per month, net. */
export interface CostLine {
  readonly payer: string;
  readonly currency: "EUR" | "USD";
  readonly monthly: number;
  readonly cap?: number;
  readonly gross?: number;
}

/** What each payer pays, and at last what the cap counts. */
export function costLines({ perPayer, hetzner }: CostReport): CostLine[] {
  return [
    ...perPayer.map(({ payer, currency, cents }) => ({ payer, currency, monthly: cents / 100 })),
    {
      payer: "Hetzner in all",
      currency: "EUR",
      monthly: hetzner.cents / 100,
      cap: hetzner.capCents / 100,
      gross: hetzner.grossCents / 100,
    },
  ];
}

const euros = (cents: number) => (cents / 100).toFixed(2);
const cents = (amount: number) => Math.round(amount * 100);
const sum = (items: readonly CostItem[]) => items.reduce((total, item) => total + item.cents, 0);

function capCents({ estate, hosts }: ActiveEstate): number {
  const inPools = Object.values(hosts).filter((host) => host.kind === "hetzner" && host.pool).length;
  return cents(estate.budget.base + inPools * estate.budget.perPoolHost);
}

function hostItems({ hosts, settings }: ActiveEstate): CostItem[] {
  return Object.entries(hosts).flatMap(([id, host]): CostItem[] => {
    switch (host.kind) {
      case "hetzner": {
        const own = { host: id, payer: host.payer, currency: "EUR", provider: "hetzner" } as const;
        const egress = settings.cdn ? host.egressTb?.cdn : host.egressTb?.direct;
        const beyond = Math.max(0, (egress ?? 0) - HETZNER_EXTRAS.includedTraffic);
        return [
          { ...own, item: `${id} ${host.type}`, cents: cents(HETZNER_SERVER_TYPES[host.type].monthly) },
          { ...own, item: `${id} IPv4`, cents: cents(HETZNER_EXTRAS.ipv4) },
          ...(host.volumeGb
            ? [
                {
                  ...own,
                  item: `${id} volume ${host.volumeGb} GB`,
                  cents: cents(host.volumeGb * HETZNER_EXTRAS.volumePerGb),
                },
              ]
            : []),
          ...(beyond
            ? [
                {
                  ...own,
                  item: `${id} traffic, ${beyond} TB beyond the included`,
                  cents: cents(beyond * HETZNER_EXTRAS.trafficPerTb),
                  usage: true as const,
                },
              ]
            : []),
        ];
      }
      case "digitalOcean": {
        const own = { host: id, payer: host.payer, currency: "USD", provider: "digitalocean" } as const;
        const { monthly } = DROPLET_SIZES[host.size];
        return [
          { ...own, item: `${id} ${host.size}`, cents: cents(monthly) },
          { ...own, item: `${id} weekly backups`, cents: cents(monthly * DIGITALOCEAN_EXTRAS.weeklyBackups) },
          ...(host.volumeGb
            ? [
                {
                  ...own,
                  item: `${id} volume ${host.volumeGb} GB`,
                  cents: cents(host.volumeGb * DIGITALOCEAN_EXTRAS.volumePerGb),
                },
              ]
            : []),
        ];
      }
      case "external":
        return [];
      default:
        return host satisfies never;
    }
  });
}

function storageBoxItems({ estate }: ActiveEstate): CostItem[] {
  const { backups } = estate;
  if (backups.kind !== "storageBox") return [];
  const { name, type, payer } = backups;
  return [
    {
      item: `storage box ${name} ${type}`,
      payer,
      currency: "EUR",
      provider: "hetzner",
      cents: cents(STORAGE_BOX_TYPES[type].monthly),
    },
  ];
}

function uptimeItems({ estate }: ActiveEstate, count: number): CostItem[] {
  if (count === 0) return [];
  const price = cents(DIGITALOCEAN_EXTRAS.uptimeCheck);
  return [
    {
      item: `${count} uptime checks`,
      payer: estate.monitoringPaidBy,
      currency: "USD",
      provider: "digitalocean",
      cents: count * price,
    },
  ];
}

/** Yearly fees, a twelfth each month, rounded to the cent. */
function domainItems({ estate }: ActiveEstate): CostItem[] {
  return Object.entries(estate.zones).map(([zone, { yearlyFee }]) => ({
    item: `domain ${zone}, ${yearlyFee} EUR a year`,
    payer: estate.domainsPaidBy,
    currency: "EUR",
    provider: "registrar",
    cents: cents(yearlyFee / 12),
  }));
}
