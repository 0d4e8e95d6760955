import { appendFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { publicIpv4 } from "../../../rehearsal/clouds/addresses.ts";
import { CloudFile } from "../../../rehearsal/clouds/cloud-file.ts";
import { simulatedClouds } from "../../../rehearsal/clouds/simulated-clouds.ts";
import { Rehearsed } from "./rehearsed.ts";

const network = (name: string) => ({ name, ipRange: "10.0.0.0/16" });

describe("a simulated cloud's file", () => {
  test("holds a created object when the call returns, although the process is killed then", async () => {
    const first = new Rehearsed("hcloud");
    const made = await first.make("Network", "n", network("n"));
    // Nothing was closed: a second process starts on what the first one left.
    const second = new Rehearsed("hcloud", dirname(first.file));
    expect(await second.read(made)).toMatchObject({ id: made.id });
    await second.provider.close();
    expect(JSON.parse(readFileSync(first.file, "utf8"))).toMatchObject({
      objects: { Network: { [made.id]: { name: "n" } } },
    });
    expect(existsSync(`${first.file}.journal`)).toBe(false);
  });

  test("survives a journal whose last line was cut off by a kill, and goes on after it", async () => {
    const first = new Rehearsed("hcloud");
    const made = await first.make("Network", "n", network("n"));
    appendFileSync(`${first.file}.journal`, '\n[{"put":["Network","102",{"na');
    const second = new Rehearsed("hcloud", dirname(first.file));
    const next = await second.make("Network", "m", network("m"));
    const third = new Rehearsed("hcloud", dirname(first.file));
    expect([await third.read(made), await third.read(next)]).toMatchObject([{ id: made.id }, { id: next.id }]);
  });

  test("survives a kill while the journal is folded into it", async () => {
    const directory = mkdtempSync(join(tmpdir(), "clouds-"));
    const path = join(directory, "hcloud.json");
    writeFileSync(`${path}.journal.folding`, '[{"put":["Network","101",{"name":"n"}]},{"counter":["id",1]}]\n');
    writeFileSync(
      `${path}.journal`,
      '[{"put":["Network","102",{"name":"m"}]},{"counter":["id",2]}]\n[{"remove":["Network","101"]}]\n',
    );
    const cloud = new CloudFile("hcloud", path);
    expect(cloud.transaction(() => cloud.all("Network"))).toEqual([["102", { name: "m" }]]);
    cloud.close();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({
      counters: { id: 2 },
      objects: { Network: { 102: { name: "m" } } },
    });
    expect([existsSync(`${path}.journal.folding`), existsSync(`${path}.journal`)]).toEqual([false, false]);
  });

  test("is shared by providers of one process, and never gives an id or an address twice", async () => {
    const first = new Rehearsed("hcloud");
    const second = new Rehearsed("hcloud", dirname(first.file));
    const ip = { type: "ipv4", location: "fsn1" };
    const [a, b] = [await first.make("PrimaryIp", "a", ip), await second.make("PrimaryIp", "b", ip)];
    await first.remove(b);
    const c = await second.make("PrimaryIp", "c", ip);
    expect(new Set([a, b, c].map(({ id }) => id)).size).toBe(3);
    expect([a, b, c].map(({ outputs }) => outputs["ipAddress"])).toEqual(["203.0.113.1", "203.0.113.2", "203.0.113.3"]);
  });

  test("is unchanged when a call is refused half way", async () => {
    const rehearsed = new Rehearsed("hcloud");
    await rehearsed.make("Network", "n", network("n"));
    await expect(rehearsed.make("Network", "m", network("n"))).rejects.toThrow("uniqueness_error");
    await rehearsed.provider.close();
    expect(JSON.parse(readFileSync(rehearsed.file, "utf8"))).toMatchObject({ counters: { id: 1 } });
    expect((await rehearsed.make("Network", "m", network("m"))).id).toBe("102");
  });

  test("is not changed by a preview, a check or a diff", async () => {
    const rehearsed = new Rehearsed("hcloud");
    const made = await rehearsed.make("Network", "n", network("n"));
    await rehearsed.provider.close();
    const before = readFileSync(rehearsed.file, "utf8");
    await rehearsed.planned("Network", "m", network("m"));
    await rehearsed.diff(made, network("o"));
    await rehearsed.change(made, network("o"), true);
    await rehearsed.provider.close();
    expect(readFileSync(rehearsed.file, "utf8")).toBe(before);
  });

  test("that cannot be read is an error that names the file and leaves it alone", async () => {
    const rehearsed = new Rehearsed("hcloud");
    for (const [content, message] of [
      ["{ truncated", "is not valid JSON"],
      ['{ "objects": { "Network": [] } }', "another form than expected under objects.Network"],
    ] as const) {
      writeFileSync(rehearsed.file, content);
      await expect(rehearsed.make("Network", "n", network("n"))).rejects.toThrow(message);
      await expect(rehearsed.make("Network", "n", network("n"))).rejects.toThrow(rehearsed.file);
      expect(readFileSync(rehearsed.file, "utf8")).toBe(content);
    }
  });

  test("takes what a person sets: quotas and what is out of stock", async () => {
    const rehearsed = new Rehearsed("hcloud");
    await rehearsed.make("Network", "n", network("n"));
    await rehearsed.edit((_objects, file) => {
      file.settings = { quotas: { Network: 1 }, outOfStock: { fsn1: ["cx53"] } };
    });
    await expect(rehearsed.make("Network", "m", network("m"))).rejects.toThrow("resource_limit_exceeded");
    const server = { name: "s", serverType: "cx53", image: "debian-13", location: "fsn1" };
    await expect(rehearsed.make("Server", "s", server)).rejects.toThrow(
      /cx53" is out of stock in fsn1 \(resource_unavailable\)/,
    );
    await rehearsed.make("Server", "s", { ...server, location: "hel1" });
  });

  test("gives addresses of documentation ranges first, then of the benchmark range, each once", () => {
    const cloud = new CloudFile("hcloud", join(mkdtempSync(join(tmpdir(), "clouds-")), "hcloud.json"));
    const addresses = cloud.transaction(() => Array.from({ length: 2_000 }, () => publicIpv4(cloud, "hcloud")));
    expect(new Set(addresses).size).toBe(2_000);
    expect(addresses.slice(0, 508).every((address) => /^(203\.0\.113|192\.0\.2)\./.test(address))).toBe(true);
    expect(addresses.slice(508).every((address) => address.startsWith("198.18."))).toBe(true);
  });
});

describe("the simulated clouds of a folder", () => {
  test("are opened by package name, in the version of the installed package; others are refused by name", async () => {
    const open = simulatedClouds(mkdtempSync(join(tmpdir(), "clouds-")));
    const providers = await Promise.all(["hcloud", "digitalocean", "cloudflare"].map((name) => open(name, "")));
    expect(providers.map(({ version }) => version)).toEqual(["1.41.0", "4.80.1", "6.22.1"]);
    await expect(open("aws", "")).rejects.toThrow("aws");
  });

  test("refuse a resource type and a function that they lack in one line that names it", async () => {
    const { provider } = new Rehearsed("hcloud");
    const urn = "urn:pulumi:dev::demo::hcloud:index/loadBalancer:LoadBalancer::lb";
    await expect(provider.check({ urn, olds: {}, news: {} })).rejects.toThrow(
      "has no resource type hcloud:index/loadBalancer:LoadBalancer",
    );
    await expect(provider.invoke({ token: "hcloud:index/getImage:getImage", args: {} })).rejects.toThrow(
      "has no function hcloud:index/getImage:getImage",
    );
  });
});
