import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activeEstate } from "../../blueprint/active-estate.ts";
import { costReport, overBudget } from "../../blueprint/cost.ts";
import { openwrt } from "../../estates/openwrt.ts";
import type { Estate } from "../../model/estate.ts";
import { someSettings } from "./arbitrary-estate.ts";

const cost = (estate: Estate, workers = 0, more = {}) =>
  costReport(activeEstate(estate, { ...someSettings, pools: { workers }, ...more }), 0);

describe("the OpenWrt estate", () => {
  test("costs €147.51 a month net with its three servers, under the cap of €150", () => {
    expect(cost(openwrt).hetzner).toMatchObject({ cents: 14_751, capCents: 15_000 });
  });

  test("costs €230.37 with the two planned workers, under a cap of €250", () => {
    expect(cost(openwrt, 2).hetzner).toMatchObject({ cents: 23_037, capCents: 25_000 });
  });

  test("costs 19 % more with German VAT", () => {
    expect(cost(openwrt).hetzner.grossCents).toBe(17_554);
  });

  test("pays 1 euro for each TB beyond the included 20 when the CDN is off, outside of the cap", () => {
    const traffic = cost(openwrt, 0, { cdn: false }).items.filter(({ usage }) => usage);
    expect(traffic).toEqual([expect.objectContaining({ host: "downloads-01", cents: 1_000 })]);
    expect(cost(openwrt, 0, { cdn: false }).hetzner.cents).toBe(cost(openwrt).hetzner.cents);
    expect(cost(openwrt).items.filter(({ usage }) => usage)).toEqual([]);
  });

  test("asks dollars for droplets, weekly backups, volumes and uptime checks, apart from the euros", () => {
    const report = costReport(activeEstate(openwrt, someSettings), 6);
    expect(report.usdCents).toBe(1_200 + 240 + 250 + 2_400 + 480 + 500 + 600);
    expect(report.perPayer.filter(({ payer }) => payer === "digitalocean")).toEqual([
      { payer: "digitalocean", currency: "USD", cents: 5_070 },
    ]);
  });
});

describe("the cap", () => {
  const withBudget = (base: number): Estate => ({ ...openwrt, budget: { ...openwrt.budget, base } });

  test("is met to the cent", () => {
    expect(overBudget(cost(withBudget(147.51)), someSettings)).toBeUndefined();
  });

  test("one euro below the cost refuses the plan and names the largest items", () => {
    const message = overBudget(cost(withBudget(146.51)), someSettings);
    expect(message).toContain("€1.00 over the cap of €146.51");
    expect(message).toContain("downloads-01 volume 600 GB €34.32");
  });

  test("lets an emergency with a reason pass", () => {
    expect(overBudget(cost(withBudget(100)), { overBudget: "mirror lost until March" })).toBeUndefined();
  });
});

test("the sum of the payers is the sum of the items, in each currency", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 40 }),
      (workers, cdn, checks) => {
        const { items, perPayer } = costReport(
          activeEstate(openwrt, { ...someSettings, pools: { workers }, cdn }),
          checks,
        );
        for (const currency of ["EUR", "USD"]) {
          const sum = (list: readonly { currency: string; cents: number }[]) =>
            list.filter((each) => each.currency === currency).reduce((total, { cents }) => total + cents, 0);
          expect(sum(perPayer)).toBe(sum(items));
        }
        for (const { cents } of items) expect(Number.isInteger(cents)).toBe(true);
      },
    ),
  );
});
