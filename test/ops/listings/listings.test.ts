import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { CloudName } from "../../../ops/listings/existing.ts";
import { listClouds } from "../../../ops/listings/listings.ts";
import type { Patience } from "../../../ops/listings/retries.ts";
import { exampleClouds } from "./example-clouds.ts";
import { type FakeClouds, type Fault, fakeClouds } from "./fake-clouds.ts";

const ALL: CloudName[] = ["hcloud", "digitalocean", "cloudflare"];
let clouds: FakeClouds | undefined;
const pauses: number[] = [];
const patience: Patience = {
  attempts: 4,
  timeout: 0.5,
  longestPause: 60,
  pause: async (seconds) => void pauses.push(seconds),
};

afterEach(async () => {
  pauses.length = 0;
  await clouds?.close();
  clouds = undefined;
});

async function started(pageSize?: number): Promise<FakeClouds> {
  clouds = await fakeClouds(exampleClouds, pageSize);
  return clouds;
}

const failure = async (faults: Record<string, Fault[]>, cloud: CloudName = "hcloud"): Promise<Error> => {
  const { fail, environment } = await started();
  for (const [path, list] of Object.entries(faults)) fail(path, ...list);
  return listClouds([cloud], environment, patience).then(
    () => expect.unreachable("the listing should have failed"),
    (error: Error) => error,
  );
};

describe("the listings of the three clouds", () => {
  it("hold the same whether the answers come in pages of one or in one page", async () => {
    const whole = await listClouds(ALL, (await started(100)).environment, patience);
    await clouds?.close();
    const paged = await listClouds(ALL, (await started(1)).environment, patience);
    expect(paged).toEqual(whole);
    expect(clouds?.requests.filter((request) => request === "GET /v1/servers")).toHaveLength(3);
  });

  it("name the id that the state holds and the one that an import wants", async () => {
    const { existing } = await listClouds(ALL, (await started()).environment, patience);
    const ids = Object.fromEntries(
      existing.map(({ type, name, importId }) => [`${type.split(":")[2]} ${name}`, importId]),
    );
    expect(ids).toMatchObject({
      "Server git": "114",
      "ServerNetwork git in network 90": "114-90",
      "NetworkSubnet 10.0.0.0/24 of internal": "90-10.0.0.0/24",
      "VolumeAttachment downloads-data at server 119": "105",
      "Rdns 203.0.113.104 → git.example.org": "p-104-203.0.113.104",
      "ReservedIp 198.51.100.40": "198.51.100.40",
      "ReservedIpAssignment 198.51.100.40 of a droplet": "198.51.100.40,3164444",
      "UptimeAlert git (down)": "5a4981aa-0000-4bd1-bef5-d6bff52042e4,17f0f0ae-b7e5-4ef6-86e3-aa569db58284",
      "DnsRecord git.example.org A 203.0.113.104": "d77654a5e9df49bebd7e27df69feee59/ab1df97950b64f55a9453062bf8482b5",
      "Ruleset http_request_cache_settings of example.org":
        "zones/d77654a5e9df49bebd7e27df69feee59/2f2feab2026849078ba485f918791bdc",
    });
  });

  it("take what the cloud makes by itself for no thing of its own", async () => {
    const { existing } = await listClouds(ALL, (await started()).environment, patience);
    const own = existing.filter(({ standalone }) => standalone).map(({ name }) => name);
    expect(own).toContain("forgotten");
    expect(own).not.toContain("primary_ip-901");
    expect(own).not.toContain("default-fra1");
    expect(own).not.toContain("Example");
    expect(own.join()).not.toContain("http_request_firewall_managed");
  });

  it("give the DS record that belongs at the parent, in lower case", async () => {
    const { signatures } = await listClouds(["cloudflare"], (await started()).environment, patience);
    expect(signatures).toEqual([
      {
        zone: "example.org",
        zoneId: "d77654a5e9df49bebd7e27df69feee59",
        status: "active",
        ds: `42 13 2 ${"aa".repeat(32)}`,
      },
    ]);
  });

  it("ask only the clouds that are named, with that cloud's token", async () => {
    const { requests, tokens, environment } = await started();
    await listClouds(["digitalocean"], environment, patience);
    expect(requests.every((request) => request.startsWith("GET /v2/"))).toBe(true);
    expect([...tokens]).toEqual(["Bearer digitalocean-token-of-the-test"]);
  });
});

describe("nothing is ever written", () => {
  it("as only GET is sent", async () => {
    const { requests, writes, environment } = await started();
    await listClouds(ALL, environment, patience);
    expect(requests.length).toBeGreaterThan(20);
    expect(writes).toEqual([]);
  });

  it("as no other method is written down anywhere in the code of the listings, drift and adopt", () => {
    const sources = ["listings", "drift", "adopt"].flatMap((folder) => {
      const path = join(import.meta.dirname, "../../../ops", folder);
      return readdirSync(path)
        .filter((file) => file.endsWith(".ts"))
        .map((file) => join(path, file));
    });
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) {
      const text = readFileSync(source, "utf8");
      expect(text, source).not.toMatch(/["'`](POST|PUT|PATCH|DELETE)["'`]|method: (?!"GET")/);
      if (!source.endsWith("read-only-api.ts")) expect(text, source).not.toMatch(/\bfetch\(|node:https?"/);
    }
  });
});

describe("a cloud that does not answer as it should", () => {
  const busy: Fault = {
    status: 429,
    headers: { "retry-after": "7" },
    body: '{"error":{"code":"rate_limit_exceeded"}}',
  };

  it("is asked again after as many seconds as it says when there were too many requests", async () => {
    const { fail, environment } = await started();
    fail("/v1/volumes", busy, busy);
    const { existing } = await listClouds(["hcloud"], environment, patience);
    expect(pauses).toEqual([7, 7]);
    expect(existing.some(({ name }) => name === "git-data")).toBe(true);
  });

  it("is asked again with growing pauses after a fault of the server, a cut connection and silence", async () => {
    const { fail, environment } = await started();
    fail("/v1/servers", { status: 502, body: "<html>Bad Gateway</html>" }, { cut: true }, { silent: true });
    const { existing } = await listClouds(["hcloud"], environment, patience);
    expect(pauses).toEqual([1, 2, 4]);
    expect(existing.filter(({ type }) => type.endsWith(":Server"))).toHaveLength(3);
  });

  it("is given up after a few attempts, with what it said", async () => {
    const error = await failure({ "/v1/servers": Array(9).fill({ status: 503, body: "maintenance" }) });
    expect(error.message).toMatch(/^Hetzner: the answer to GET \/servers is 503/);
    expect(error.message).toContain("maintenance");
    expect(clouds?.requests).toHaveLength(4);
  });

  it("is not waited for when it asks for more than a minute", async () => {
    const error = await failure({ "/v1/servers": [{ status: 429, headers: { "retry-after": "3600" } }] });
    expect(error.message).toMatch(/too many requests.*\n.*in "3600" seconds/);
    expect(pauses).toEqual([]);
  });

  it.each([401, 403])(
    "and refuses the token (%i) is not asked twice; the message names the variable",
    async (status) => {
      const error = await failure({ "/v2/droplets": [{ status, body: '{"id":"unauthorized"}' }] }, "digitalocean");
      expect(error.message).toContain(`was refused (${status})`);
      expect(error.message).toContain("DIGITALOCEAN_TOKEN");
      expect(clouds?.requests).toHaveLength(1);
    },
  );

  it("and repeats the token in its answer does not bring it into the message", async () => {
    const error = await failure({ "/v1/servers": [{ status: 400, body: "bad token hcloud-token-of-the-test" }] });
    expect(error.message).toContain("[token]");
    expect(error.message).not.toContain("hcloud-token-of-the-test");
  });

  it.each([
    ["no JSON", '{"servers": [', /is not JSON/],
    ["another form", '{"servers": {}, "meta": {}}', /another form at servers/],
    [
      "an item without an id",
      '{"servers":[{"name":"x"}],"meta":{"pagination":{"next_page":null}}}',
      /at servers\.0\.id/,
    ],
  ])("and sends %s ends the listing", async (_, body, message) => {
    expect((await failure({ "/v1/servers": [{ body }] })).message).toMatch(message);
  });

  it("and says success: false with status 200 ends the listing", async () => {
    const body = '{"success":false,"errors":[{"code":10000}],"result":null}';
    expect((await failure({ "/client/v4/zones": [{ body }] }, "cloudflare")).message).toMatch(/at success/);
  });

  it("and leads elsewhere is not followed: the token goes to nobody else", async () => {
    const error = await failure({
      "/v1/servers": Array(4).fill({ status: 302, headers: { location: "http://127.0.0.1:9/" } }),
    });
    expect(error.message).toMatch(/did not come/);
  });

  it("and announces pages without end is not followed for ever", async () => {
    const body = '{"servers":[],"meta":{"pagination":{"next_page":2}}}';
    expect((await failure({ "/v1/servers": Array(300).fill({ body }) })).message).toMatch(/does not end/);
    expect(clouds?.requests).toHaveLength(1);
  });
});

it("says which token is missing before it asks anything", async () => {
  const { requests, environment } = await started();
  const { CLOUDFLARE_API_TOKEN: _, ...without } = environment;
  await expect(listClouds(ALL, without, patience)).rejects.toThrow(/CLOUDFLARE_API_TOKEN is not set/);
  expect(requests).toEqual([]);
});
