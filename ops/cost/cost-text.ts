import type { EstateCost } from "./estate-cost.ts";
import type { PriceChange } from "./live-prices.ts";

/** Prices older than this many days deserve a look (`--live`, or the vendors' pages). */
const OLD = 120;

/** The cost for people: items by host, services' shares, payers, the cap, and how old the prices are. */
export function costText(
  { report, hosts, services }: EstateCost,
  live: readonly PriceChange[] | undefined,
  today: Date,
): string {
  const shared = report.items.filter(({ host }) => host === undefined);
  const { hetzner } = report;
  const left = hetzner.capCents - hetzner.cents;
  return [
    "A month, net.",
    ...hosts.flatMap(({ host, payer, currency, cents }) => [
      "",
      row(host, cents, currency, `paid by ${payer}`),
      ...report.items
        .filter((item) => item.host === host)
        .map((item) =>
          row(
            `  ${item.item.replace(`${host} `, "")}`,
            item.cents,
            item.currency,
            item.usage ? "expected, outside the cap" : "",
          ),
        ),
    ]),
    "",
    ...shared.map(({ item, cents, currency, payer }) => row(item, cents, currency, `paid by ${payer}`)),
    "",
    "Each service's share of its host",
    ...services.map(({ service, host, cents, currency }) => row(`  ${service}`, cents, currency, `on ${host}`)),
    "",
    "Payers",
    ...report.perPayer.map(({ payer, currency, cents }) => row(`  ${payer}`, cents, currency, "")),
    "",
    row(
      "Hetzner, against the cap",
      hetzner.cents,
      "EUR",
      `cap ${amount(hetzner.capCents)}, ${left < 0 ? `${amount(-left)} OVER` : `${amount(left)} left`}; ${amount(hetzner.grossCents)} with VAT`,
    ),
    "",
    ...Object.entries(report.pricesOf).map(([vendor, date]) => ageOf(vendor, date, today)),
    ...(live === undefined ? [] : liveLines(live, hetzner.cents, hetzner.capCents)),
    "",
  ].join("\n");
}

/** Days since a price table was written. */
export function ageInDays(date: string, today: Date): number {
  return Math.floor((today.getTime() - Date.parse(date)) / 86_400_000);
}

function ageOf(vendor: string, date: string, today: Date): string {
  const days = ageInDays(date, today);
  return `Prices of ${vendor}: table of ${date}, ${days} days old${days > OLD ? "; check them with --live" : ""}`;
}

function liveLines(changes: readonly PriceChange[], cents: number, cap: number): string[] {
  if (changes.length === 0) return ["", "Today's prices are those of the table."];
  const perPrice = Map.groupBy(changes, ({ price }) => price);
  const more = changes.reduce((sum, change) => sum + (change.currency === "EUR" ? change.cents : 0), 0);
  return [
    "",
    "Today's prices differ from the table",
    ...[...perPrice].map(([price, own]) => {
      const [{ listed, live, currency } = { listed: 0, live: undefined, currency: "EUR" }] = own;
      const sum = own.reduce((total, change) => total + change.cents, 0);
      return live === undefined
        ? `  ${price}: not offered any more (table: ${listed} ${currency})`
        : `  ${price}: ${live} ${currency} instead of ${listed}, together ${signed(sum)} a month`;
    }),
    row("Hetzner, at today's prices", cents + more, "EUR", `cap ${amount(cap)}${cents + more > cap ? ", OVER" : ""}`),
  ];
}

function row(what: string, cents: number, currency: string, rest: string): string {
  return `${what.padEnd(44)} ${amount(cents).padStart(9)} ${currency}  ${rest}`.trimEnd();
}

const amount = (cents: number) => (cents / 100).toFixed(2);
const signed = (cents: number) => `${cents < 0 ? "−" : "+"}${amount(Math.abs(cents))}`;
