import * as z from "zod";
import { type Account, ReadOnlyApi } from "../listings/read-only-api.ts";
import type { Patience } from "../listings/retries.ts";
import { EXIT, Refusal } from "../refusal.ts";
import type { PricedThing } from "./priced-things.ts";

/** Monthly net prices by the names that `PricedThing` uses. */
export type LivePrices = ReadonlyMap<string, number>;

export interface PriceChange {
  readonly price: string;
  readonly currency: "EUR" | "USD";
  readonly payer: string;
  /** Currency units per month and piece, net. */
  readonly listed: number;
  /** Undefined: the vendor does not offer it (there) any more. */
  readonly live: number | undefined;
  /** Cents per month that the estate costs more, or less. */
  readonly cents: number;
}

/**
 * Today's prices from Hetzner's and DigitalOcean's APIs, read with GET alone. Tokens and other endpoints come from the
 * environment, under the names that the providers use.
 * @param vendors those whose prices are wanted
 * @throws Refusal without a token, UnreadableCloud
 */
export async function livePrices(
  vendors: ReadonlySet<PricedThing["vendor"]>,
  environment: NodeJS.ProcessEnv,
  patience?: Patience,
): Promise<LivePrices> {
  const accounts = [...vendors].map((vendor) => ({ vendor, account: accountOf(vendor, environment) }));
  const lists = await Promise.all(
    accounts.map(({ vendor, account }) =>
      vendor === "hetzner" ? hetznerPrices(account, environment, patience) : digitalOceanPrices(account, patience),
    ),
  );
  return new Map(lists.flat());
}

/** What differs from the catalogue, for what the estate orders. */
export function priceChanges(things: readonly PricedThing[], prices: LivePrices): PriceChange[] {
  return things.flatMap(({ price, payer, currency, listed, quantity }) => {
    const live = prices.get(price);
    // Vendors give up to ten decimals.
    if (live !== undefined && Math.abs(live - listed) < 0.00005) return [];
    const cents = live === undefined ? 0 : Math.round((live - listed) * quantity * 100);
    return [{ price, payer, currency, listed, live, cents }];
  });
}

/** Hetzner writes amounts as text. */
const AMOUNT = z.object({
  net: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
});
const AT = z.object({ location: z.string(), price_monthly: AMOUNT });

const PRICING = z.object({
  pricing: z.object({
    server_types: z.array(z.object({ name: z.string(), prices: z.array(AT) })),
    primary_ips: z.array(z.object({ type: z.string(), prices: z.array(AT) })),
    volume: z.object({ price_per_gb_month: AMOUNT }),
  }),
});

const BOXES = z.object({ storage_box_types: z.array(z.object({ name: z.string(), prices: z.array(AT) })) });

async function hetznerPrices(account: Account, environment: NodeJS.ProcessEnv, patience?: Patience) {
  const endpoint = environment["HETZNER_ENDPOINT"] || environment["HCLOUD_ENDPOINT"] || "https://api.hetzner.com/v1";
  const boxes = new ReadOnlyApi({ ...account, endpoint: withoutSlash(endpoint) }, patience);
  const [{ pricing }, { storage_box_types }] = await Promise.all([
    new ReadOnlyApi(account, patience).get("/pricing", {}, PRICING),
    boxes.get("/storage_box_types", { per_page: 50 }, BOXES),
  ]);
  const perLocation = (what: string, prices: readonly z.infer<typeof AT>[]) =>
    prices.map(({ location, price_monthly }) => [`${what} ${location}`, price_monthly.net] as const);
  return [
    ...pricing.server_types.flatMap(({ name, prices }) => perLocation(`server ${name}`, prices)),
    ...pricing.primary_ips.flatMap(({ type, prices }) => perLocation(type, prices)),
    ["volume", pricing.volume.price_per_gb_month.net] as const,
    ...storage_box_types.flatMap(({ name, prices }) => perLocation(`storage box ${name}`, prices)),
  ];
}

const SIZES = z.object({ sizes: z.array(z.object({ slug: z.string(), price_monthly: z.number() })) });

async function digitalOceanPrices(account: Account, patience?: Patience) {
  const { sizes } = await new ReadOnlyApi(account, patience).get("/v2/sizes", { per_page: 200 }, SIZES);
  return sizes.map(({ slug, price_monthly }) => [`droplet ${slug}`, price_monthly] as const);
}

const VENDORS = {
  hetzner: { cloud: "Hetzner", token: "HCLOUD_TOKEN", at: "HCLOUD_ENDPOINT", endpoint: "https://api.hetzner.cloud/v1" },
  digitalocean: {
    cloud: "DigitalOcean",
    token: "DIGITALOCEAN_TOKEN",
    at: "DIGITALOCEAN_API_URL",
    endpoint: "https://api.digitalocean.com",
  },
} as const;

function accountOf(vendor: PricedThing["vendor"], environment: NodeJS.ProcessEnv): Account {
  const { cloud, token: tokenVariable, at, endpoint } = VENDORS[vendor];
  const token = environment[tokenVariable];
  if (token) return { cloud, endpoint: withoutSlash(environment[at] || endpoint), token, tokenVariable };
  throw new Refusal(
    EXIT.badUsage,
    `--live: ${tokenVariable} is not set, and ${cloud} tells its prices only to those who have a token.\n  A read-only one will do: export ${tokenVariable}=…; without --live the dated table counts.`,
  );
}

const withoutSlash = (url: string) => url.replace(/\/+$/, "");
