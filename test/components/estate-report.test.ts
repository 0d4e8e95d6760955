import { describe, expect, it } from "vitest";
import { EstateReport, type EstateReportArgs } from "../../components/estate-report.ts";
import { run } from "./mock-engine.ts";

const args = (cents: number): EstateReportArgs => ({
  cost: {
    items: Array.from({ length: 8 }, (_, index) => ({
      item: `item ${index}`,
      payer: "a",
      currency: "EUR",
      provider: "hetzner",
      cents: index * 100,
    })),
    perPayer: [{ payer: "a", currency: "EUR", cents }],
    hetzner: { cents, capCents: 15_000, grossCents: 17_554 },
    usdCents: 0,
    pricesOf: { hetzner: "2026-06-15", digitalocean: "2026-10-07" },
  },
  digests: { "git-01": "sha256:1" },
  urls: { git: ["https://git.example.org/"] },
});

describe("EstateReport", () => {
  it.each([false, true])(
    "registers cost and digests as inputs, so that previews hold both sides (preview: %s)",
    async (preview) => {
      const { resources } = await run(() => new EstateReport("example", args(14_751)), { preview });
      expect(resources).toHaveLength(1);
      expect(resources[0]).toMatchObject({ type: "foss-infra:index:EstateReport", name: "example", parent: undefined });
      expect(resources[0]?.inputs).toEqual({
        cost: {
          perPayer: [{ payer: "a", currency: "EUR", monthly: 147.51 }],
          capped: { provider: "hetzner", currency: "EUR", monthly: 147.51, withVat: 175.54, cap: 150 },
          largest: [7, 6, 5, 4, 3].map((index) => ({ item: `item ${index}`, currency: "EUR", monthly: index })),
          pricesOf: { hetzner: "2026-06-15", digitalocean: "2026-10-07" },
        },
        digests: { "git-01": "sha256:1" },
        urls: { git: ["https://git.example.org/"] },
      });
    },
  );
});
