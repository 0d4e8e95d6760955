import { afterAll, describe, expect, test } from "vitest";
import { type CloudObjects, RehearsedStack } from "./rehearsed-stack.ts";

/*
 * The real program on simulated clouds, from nothing to nothing. The tests of a block run in order: each finds the
 * clouds as the one before left them.
 */

describe("the OpenWrt stack", () => {
  const stack = new RehearsedStack("prod");
  afterAll(() => stack.remove());

  test("is planned as creations alone: three servers, two droplets, two zones", async () => {
    const { exit, list, changes } = await stack.run("preview");
    expect(exit).toBe(0);
    const ofType = (type: string) => list.steps.filter((step) => step.type === type).map(({ name }) => name);
    expect(ofType("hcloud:index/server:Server").sort()).toEqual([
      "build-01-server",
      "downloads-01-server",
      "services-01-server",
    ]);
    expect(ofType("digitalocean:index/droplet:Droplet")).toHaveLength(2);
    expect(ofType("cloudflare:index/zone:Zone")).toHaveLength(2);
    expect(changes.filter((change) => !change.startsWith("create "))).toEqual([]);
  });

  test("comes up, and the next preview has nothing to do", async () => {
    expect(await stack.run("up")).toMatchObject({ exit: 0, errors: "" });
    expect(await stack.run("preview", [], { expectNoChanges: true })).toMatchObject({ exit: 0, changes: [] });
  });

  test("grows by exactly the two planned workers; nothing is replaced or deleted, and no other resource changes", async () => {
    const { exit, changes } = await stack.run("preview", ["extraWorkers=2"]);
    expect(exit).toBe(0);
    const permittedUpdates = ["update foss-infra:index:EstateReport openwrt"];
    expect(changes.filter((change) => !change.startsWith("create "))).toEqual(permittedUpdates);
    const created = changes
      .filter((change) => change.startsWith("create "))
      .map((change) => change.split(" ").at(-1) ?? "");
    expect(created.filter((name) => !/(^|-)build-0[23]([.-]|$)/.test(name))).toEqual([]);
    expect(changes.filter((change) => change.includes("hcloud:index/server:Server"))).toHaveLength(2);
    expect(changes.filter((change) => change.includes("hcloud:index/volume:Volume "))).toHaveLength(2);
  });

  test("lets a donated machine in: a name, and its address at the ports of workers", async () => {
    const { changes } = await stack.run("preview", [
      'donatedWorkers=[{"name":"donor-01","ipv4":"192.0.2.7","owner":"a university"}]',
    ]);
    expect(changes).toEqual([
      "create cloudflare:index/dnsRecord:DnsRecord openwrt.org-donor-01.infra.openwrt.org/A/host",
      "update foss-infra:index:EstateReport openwrt",
      "update hcloud:index/firewall:Firewall downloads-01-firewall",
      "update hcloud:index/firewall:Firewall services-01-firewall",
    ]);
  });

  test("works without the CDN: no cache rules, and the origin is open to everybody", async () => {
    const { exit, changes } = await stack.run("preview", ["cdn=false"]);
    expect(exit).toBe(0);
    expect(changes).toContain("delete cloudflare:index/ruleset:Ruleset openwrt.org-cache-rules");
    expect(changes).toContain("update cloudflare:index/dnsRecord:DnsRecord openwrt.org-downloads.openwrt.org/A/host");
    expect(changes.filter((change) => /^(replace|delete) (hcloud|digitalocean)/.test(change))).toEqual([]);
  });

  test("plans no replacement of a host when an admin comes, and says by digest that hosts must converge", async () => {
    const admins = JSON.stringify(
      ["alice", "bob"].map((name) => ({ name, keys: [`ssh-ed25519 ${name.padEnd(68, "A")}`], groups: ["infra"] })),
    );
    const { list, changes } = await stack.run("preview", [`admins=${admins}`]);
    expect(
      changes.filter((change) => /^(replace|delete)/.test(change) && /server|droplet:|volume/i.test(change)),
    ).toEqual([]);
    expect(list.stackOutputs?.["digests"]).not.toEqual(list.oldStackOutputs?.["digests"]);
  });

  test("finds a label changed by hand and names it, with exit code 7", async () => {
    stack.editCloud("hcloud", (objects) => {
      const [server] = Object.values(objects["Server"] ?? {});
      Object.assign(server!["labels"] as object, { payer: "somebody" });
    });
    const { exit, list } = await stack.run("refresh", [], { previewOnly: true, expectNoChanges: true });
    expect(exit).toBe(7);
    const [drifted, ...others] = list.changes();
    expect(others).toEqual([]);
    expect(drifted?.name).toBe("build-01-server");
    expect(Object.keys(drifted?.detailedDiff ?? {})).toEqual(["labels.payer"]);
  });

  test("repairs that drift and a deleted record, and is clean again", async () => {
    stack.editCloud("cloudflare", (objects: CloudObjects) => {
      const records = objects["DnsRecord"] ?? {};
      const [id] = Object.entries(records).find(([, { name }]) => name === "forum.openwrt.org") ?? [""];
      delete records[id];
    });
    const { exit } = await stack.run("up", [], { refresh: true });
    expect(exit).toBe(0);
    expect(await stack.run("refresh", [], { previewOnly: true, expectNoChanges: true })).toMatchObject({ exit: 0 });
  });

  test("refuses to be destroyed while its guards stand", async () => {
    const { exit, errors } = await stack.run("destroy", [], { previewOnly: true });
    expect(exit).toBe(1);
    expect(errors).toMatch(/protect/i);
  });

  test("is destroyed once the guards are lifted by a setting, and leaves nothing in the clouds", async () => {
    const lifted = await stack.run("up", ["unprotected=all"]);
    expect(lifted.exit).toBe(0);
    expect(lifted.changes.filter((change) => !change.startsWith("update "))).toEqual([]);
    expect(await stack.run("destroy")).toMatchObject({ exit: 0, errors: "" });
    for (const cloud of ["hcloud", "digitalocean", "cloudflare"] as const)
      stack.editCloud(cloud, (objects) => {
        const left = Object.entries(objects).flatMap(([type, byId]) => Object.keys(byId).map((id) => `${type} ${id}`));
        // Cloudflare keeps the values of a zone's settings when their resource is deleted.
        expect(
          left.filter((object) => !object.startsWith("ZoneSetting ")),
          cloud,
        ).toEqual([]);
      });
  });
});

describe("a stack with mistakes", () => {
  const stack = new RehearsedStack("prod");
  afterAll(() => stack.remove());

  test("gets one message for each, with key, value found, what is allowed and an example; nothing is registered", async () => {
    const { exit, list, errors } = await stack.run("up", [
      "cdn=maybe",
      "extraWorkers=7",
      'adminNetworks=["0.0.0.0/0"]',
      "cloudflareAccountId=123",
      "dmarc=never",
    ]);
    expect(exit).toBe(1);
    for (const key of [
      "cdn: found maybe",
      "extraWorkers: found 7",
      "adminNetworks: found",
      "cloudflareAccountId: found 123",
      "dmarc: found never",
    ])
      expect(errors).toContain(key);
    expect(errors.match(/Allowed: .+\n\s+Example: pulumi config set/g)).toHaveLength(5);
    expect(list.changes()).toEqual([]);
  });

  test.each([
    ["an unknown estate", "estate=gentoo", /estate: found gentoo/],
    ["a guard that is lifted from nothing", 'unprotected=["nothing"]', /unprotected: found nothing/],
  ])("is refused for %s", async (_what, config, message) => {
    const { exit, list, errors } = await stack.run("preview", [config]);
    expect(exit).toBe(1);
    expect(errors).toMatch(message);
    expect(list.changes()).toEqual([]);
  });
});
