import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { livePrices } from "../../../ops/cost/live-prices.ts";

/** Answers in the vendors' shapes (docs.hetzner.cloud and docs.digitalocean.com, 2026); amounts are text at Hetzner. */
const at = (location: string, net: string) => ({
  location,
  price_hourly: { net: "0.01", gross: "0.0119" },
  price_monthly: { net, gross: "0" },
});
const ANSWERS: Record<string, unknown> = {
  "/v1/pricing": {
    pricing: {
      currency: "EUR",
      vat_rate: "19.00",
      server_types: [{ id: 1, name: "cx53", prices: [at("fsn1", "29.4900000000"), at("hel1", "31.0000000000")] }],
      primary_ips: [{ type: "ipv4", prices: [at("fsn1", "0.5000000000")] }],
      volume: { price_per_gb_month: { net: "0.0572000000", gross: "0.0680680000" } },
    },
  },
  "/v1/storage_box_types": { storage_box_types: [{ id: 1, name: "bx11", prices: [at("hel1", "3.2000")] }], meta: {} },
  "/v2/sizes": { sizes: [{ slug: "s-1vcpu-2gb", price_monthly: 12, available: true }], links: {}, meta: { total: 1 } },
};

let server: Server;
let environment: NodeJS.ProcessEnv;
let seen: string[];
let respond: (request: IncomingMessage, response: ServerResponse) => boolean;
const patience = { attempts: 3, timeout: 5, longestPause: 60, pause: async () => {} };

beforeEach(async () => {
  seen = [];
  respond = () => false;
  server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    seen.push(`${request.method} ${path}`);
    if (respond(request, response)) return;
    const answer = ANSWERS[path];
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  environment = {
    HCLOUD_TOKEN: "token-of-hetzner",
    DIGITALOCEAN_TOKEN: "token-of-digitalocean",
    HCLOUD_ENDPOINT: `${origin}/v1`,
    DIGITALOCEAN_API_URL: origin,
  };
});
afterEach(() => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  return closed;
});

const both = new Set(["hetzner", "digitalocean"] as const);

describe("today's prices", () => {
  it("are read by the names that the estate's things have, with GET alone", async () => {
    const prices = await livePrices(both, environment, patience);
    expect(Object.fromEntries(prices)).toEqual({
      "server cx53 fsn1": 29.49,
      "server cx53 hel1": 31,
      "ipv4 fsn1": 0.5,
      volume: 0.0572,
      "storage box bx11 hel1": 3.2,
      "droplet s-1vcpu-2gb": 12,
    });
    expect(seen.toSorted()).toEqual(["GET /v1/pricing", "GET /v1/storage_box_types", "GET /v2/sizes"]);
  });

  it("are asked for again while a vendor is busy, and not for ever", async () => {
    let refusals = 2;
    respond = ({ url }, response) => {
      if (!url?.startsWith("/v2") || refusals-- <= 0) return false;
      response.writeHead(429, { "retry-after": "1" }).end();
      return true;
    };
    expect((await livePrices(both, environment, patience)).get("droplet s-1vcpu-2gb")).toBe(12);
    refusals = 99;
    await expect(livePrices(both, environment, patience)).rejects.toThrow(/too many requests/);
    expect(seen.filter((call) => call === "GET /v2/sizes")).toHaveLength(6);
  });

  it.each([
    ["another form", { pricing: { server_types: "none" } }],
    [
      "an amount that is no number",
      {
        pricing: {
          ...(ANSWERS["/v1/pricing"] as { pricing: object }).pricing,
          volume: { price_per_gb_month: { net: null } },
        },
      },
    ],
  ])("are not guessed from an answer of %s", async (_, answer) => {
    respond = ({ url }, response) => {
      if (!url?.startsWith("/v1/pricing")) return false;
      response.writeHead(200).end(JSON.stringify(answer));
      return true;
    };
    await expect(livePrices(both, environment, patience)).rejects.toThrow(/another form/);
  });

  it("need a token only of the vendors in use, and say which one", async () => {
    await expect(livePrices(both, { ...environment, DIGITALOCEAN_TOKEN: "" }, patience)).rejects.toThrow(
      /DIGITALOCEAN_TOKEN is not set/,
    );
    expect(seen).toEqual([]);
    await livePrices(new Set(["hetzner"]), { ...environment, DIGITALOCEAN_TOKEN: "" }, patience);
    expect(seen).not.toContain("GET /v2/sizes");
  });
});
