import { describe, expect, it } from "vitest";
import { estates } from "../../../estates/estates.ts";
import { costText } from "../../../ops/cost/cost-text.ts";
import { estateCost } from "../../../ops/cost/estate-cost.ts";
import { priceChanges } from "../../../ops/cost/live-prices.ts";
import { pricedThings } from "../../../ops/cost/priced-things.ts";

const NAMES = Object.keys(estates);
const cost = (estate: string, more: Record<string, string> = {}, extra?: number) =>
  estateCost({ estate, ...more }, estates, extra);

describe.each(NAMES)("the cost of the estate %s", (name) => {
  it("needs none of the settings that only its owners know", () => {
    expect(cost(name).report.items.length).toBeGreaterThan(0);
  });

  it("adds up: hosts to their items, shares to their hosts", () => {
    const { report, hosts, services } = cost(name);
    const sum = (items: readonly { cents: number }[]) => items.reduce((total, { cents }) => total + cents, 0);
    for (const { host, cents } of hosts) {
      expect(sum(report.items.filter((item) => item.host === host))).toBe(cents);
      const own = services.filter((service) => service.host === host);
      if (own.length > 0) expect(sum(own)).toBe(cents);
    }
    expect(sum(hosts) + sum(report.items.filter(({ host }) => host === undefined))).toBe(sum(report.items));
  });

  it("is what the things that vendors price cost, for all that Hetzner sells", () => {
    const { active, report } = cost(name);
    const things = pricedThings(active).filter(({ vendor }) => vendor === "hetzner");
    const cents = things.reduce((sum, { listed, quantity }) => sum + Math.round(listed * quantity * 100), 0);
    expect(cents).toBe(report.hetzner.cents);
  });

  it("does not change when today's prices are those of the table, and changes by the difference when not", () => {
    const things = pricedThings(cost(name).active);
    const table = new Map(things.map(({ price, listed }) => [price, listed]));
    expect(priceChanges(things, table)).toEqual([]);
    const dearer = new Map([...table].map(([price, listed]) => [price, listed + 1]));
    const more = priceChanges(things, dearer).reduce((sum, { cents }) => sum + cents, 0);
    expect(more).toBeCloseTo(
      things.reduce((sum, { quantity }) => sum + quantity * 100, 0),
      5,
    );
    expect(priceChanges(things, new Map())).toHaveLength(things.length);
  });
});

describe("what if", () => {
  const pooled = NAMES.filter((name) => Object.keys(estates[name]?.pools ?? {}).length === 1);

  it.each(pooled)("%s had more workers: cost and cap grow", (name) => {
    const [before, after] = [cost(name, {}, 0).report.hetzner, cost(name, {}, 1).report.hetzner];
    expect(after.cents).toBeGreaterThan(before.cents);
    expect(after.capCents).toBeGreaterThan(before.capCents);
  });

  it("a pool had more hosts than it may have is refused with what is allowed", () => {
    expect(() => cost(pooled[0] ?? "", {}, 99)).toThrow(/found 99[\s\S]*a whole number from 0 to/);
  });

  it("a setting does not exist is refused", () => {
    expect(() => cost(NAMES[0] ?? "", { workersExtra: "2" })).toThrow(/workersExtra/);
  });
});

describe("the text", () => {
  const today = new Date("2027-06-15T12:00:00Z");

  it("says how old the prices are, and to look when they are old", () => {
    const text = costText(cost(NAMES[0] ?? ""), undefined, today);
    expect(text).toContain("Prices of hetzner: table of 2026-06-15, 365 days old; check them with --live");
  });

  it("shows what differs today, together and against the cap", () => {
    const found = cost(NAMES[0] ?? "");
    const [thing] = pricedThings(found.active);
    const prices = new Map(pricedThings(found.active).map(({ price, listed }) => [price, listed]));
    prices.set(thing?.price ?? "", 999);
    const text = costText(found, priceChanges(pricedThings(found.active), prices), today);
    expect(text).toContain(`${thing?.price}: 999 EUR instead of ${thing?.listed}, together +`);
    expect(text).toMatch(/Hetzner, at today's prices .*OVER/);
    prices.delete(thing?.price ?? "");
    expect(costText(found, priceChanges(pricedThings(found.active), prices), today)).toContain("not offered any more");
  });
});
