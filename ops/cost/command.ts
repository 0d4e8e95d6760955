import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { estates } from "../../estates/estates.ts";
import { EXIT } from "../refusal.ts";
import { stackConfiguration } from "../stack-configuration.ts";
import { ageInDays, costText } from "./cost-text.ts";
import { type EstateCost, estateCost } from "./estate-cost.ts";
import { livePrices, type PriceChange, priceChanges } from "./live-prices.ts";
import { pricedThings } from "./priced-things.ts";

/** The estate costs more than its cap. */
const OVER_CAP = 10;

const HELP = `
Examples
  npm run ops -- cost
  npm run ops -- cost --extra-workers 2                      what if
  npm run ops -- cost --stack prod --config cdn=false --json
  HCLOUD_TOKEN=… DIGITALOCEAN_TOKEN=… npm run ops -- cost --live    compares with today's prices (GET only)

Exit codes
  0   within the cap
  1   --live: a vendor's prices cannot be read
  2   a flag or a setting is wrong
  10  over the cap (with --live: at today's prices)`;

interface Options {
  stack: string;
  cwd: string;
  config: string[];
  extraWorkers?: number;
  live?: boolean;
  json?: boolean;
}

export function command(): Command {
  return new Command("cost")
    .description(
      "What the estate costs each month: per host, service and payer, against the cap. Needs no Pulumi and no account.",
    )
    .option("-s, --stack <name>", "stack (Pulumi.<name>.yaml)", "prod")
    .option("-C, --cwd <folder>", "the project's folder", ".")
    .option("-c, --config <key=value>", "another setting (repeat for more)", collect, [])
    .option("--extra-workers <n>", "hosts of the estate's pool of workers", wholeNumber)
    .option("--live", "compare with today's prices from the vendors' APIs")
    .option("--json", "for machines; amounts in cents")
    .addHelpText("after", HELP)
    .action(cost);
}

async function cost({ stack, cwd, config, extraWorkers, live, json }: Options): Promise<void> {
  const found = estateCost(stackConfiguration(resolve(cwd), stack, config).values, estates, extraWorkers);
  const things = pricedThings(found.active);
  const changes = live
    ? priceChanges(things, await livePrices(new Set(things.map(({ vendor }) => vendor)), process.env))
    : undefined;
  const today = new Date();
  process.stdout.write(
    json ? `${JSON.stringify(forMachines(found, changes, today), undefined, 2)}\n` : costText(found, changes, today),
  );
  const more = (changes ?? []).reduce((sum, { currency, cents }) => sum + (currency === "EUR" ? cents : 0), 0);
  const { cents, capCents } = found.report.hetzner;
  process.exitCode = cents + more > capCents ? OVER_CAP : EXIT.done;
}

function forMachines({ report, hosts, services }: EstateCost, live: readonly PriceChange[] | undefined, today: Date) {
  const ages = Object.entries(report.pricesOf).map(([vendor, date]) => [vendor, ageInDays(date, today)]);
  return { ...report, hosts, services, pricesAgeInDays: Object.fromEntries(ages), ...(live && { live }) };
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

function wholeNumber(value: string): number {
  if (/^\d{1,3}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("Allowed: a whole number, for example 2.");
}
