import * as pulumi from "@pulumi/pulumi";
import type { CostReport } from "../model/blueprint.ts";

export interface EstateReportArgs {
  readonly cost: CostReport;
  /** Digest of each host's configuration, by host. */
  readonly digests: Readonly<Record<string, string>>;
  /** Public URLs by service. */
  readonly urls: Readonly<Record<string, readonly string[]>>;
}

/** The inputs as previews show them; amounts in the currency's units per month, net. `ops review` reads them. */
export interface EstateReportInputs {
  readonly cost: {
    readonly perPayer: readonly {
      readonly payer: string;
      readonly currency: "EUR" | "USD";
      readonly monthly: number;
    }[];
    /** What the cap counts. */
    readonly capped: {
      readonly provider: "hetzner";
      readonly currency: "EUR";
      readonly monthly: number;
      readonly withVat: number;
      readonly cap: number;
    };
    readonly largest: readonly { readonly item: string; readonly currency: "EUR" | "USD"; readonly monthly: number }[];
    /** Dates of the price tables, by provider. */
    readonly pricesOf: Readonly<Record<string, string>>;
  };
  readonly digests: Readonly<Record<string, string>>;
  readonly urls: Readonly<Record<string, readonly string[]>>;
}

/**
 * What a change costs and which hosts it concerns, as a resource that makes nothing. A preview's JSON holds no stack
 * outputs, but it holds the inputs of components before and after (kept in the state since SDK 3.198), so this is where
 * a reviewer's comment gets both sides from. No cloud is called for it.
 */
export class EstateReport extends pulumi.ComponentResource {
  constructor(name: string, args: EstateReportArgs, opts?: pulumi.ComponentResourceOptions) {
    const inputs: EstateReportInputs = { cost: cost(args.cost), digests: args.digests, urls: args.urls };
    super("foss-infra:index:EstateReport", name, { ...inputs }, opts);
    this.registerOutputs();
  }
}

function cost({ perPayer, hetzner, items, pricesOf }: CostReport): EstateReportInputs["cost"] {
  return {
    perPayer: perPayer.map(({ payer, currency, cents }) => ({ payer, currency, monthly: cents / 100 })),
    capped: {
      provider: "hetzner",
      currency: "EUR",
      monthly: hetzner.cents / 100,
      withVat: hetzner.grossCents / 100,
      cap: hetzner.capCents / 100,
    },
    largest: items
      .toSorted((a, b) => b.cents - a.cents)
      .slice(0, 5)
      .map(({ item, currency, cents }) => ({ item, currency, monthly: cents / 100 })),
    pricesOf,
  };
}
