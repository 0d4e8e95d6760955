import { afterAll, describe, expect, test } from "vitest";
import { RehearsedStack } from "../lifecycle/rehearsed-stack.ts";

/* The real program on simulated clouds. The tests run in order: each finds the clouds as the one before left them. */

/** Cost and digests as reviewers see them: no cloud is called for it. */
const REPORT = "update foss-infra:index:EstateReport rdo";

describe("the RDO stack", () => {
  const stack = new RehearsedStack("rdo");
  afterAll(() => stack.remove());

  test("comes up from its settings and the examples, and the next preview has nothing to do", async () => {
    const up = await stack.run("up");
    expect(up).toMatchObject({ exit: 0, errors: "" });
    const created = (type: string) => up.changes.filter((change) => change.startsWith(`create ${type} `));
    expect(created("hcloud:index/server:Server")).toHaveLength(12);
    expect(created("digitalocean:index/droplet:Droplet")).toHaveLength(2);
    expect(up.changes.filter((change) => !change.startsWith("create "))).toEqual([]);
    expect(up.list.diagnostics.filter(({ severity }) => severity === "warning")).toEqual([]);
    expect(await stack.run("preview", [], { expectNoChanges: true })).toMatchObject({ exit: 0, changes: [] });
  });

  test("grows by test nodes alone: no other resource changes", async () => {
    const { exit, changes } = await stack.run("preview", ["testNodes=6"]);
    expect(exit).toBe(0);
    expect(changes.filter((change) => change.startsWith("create hcloud:index/server:Server "))).toHaveLength(4);
    for (const change of changes.filter((each) => each !== REPORT))
      expect(change).toMatch(/^create \S+ (\S*-)?node-0[3-6][-.\w/]*$/);
  });

  test("admits the nodes in ci.centos.org where logs and images are uploaded, and nowhere else", async () => {
    const { changes } = await stack.run("preview", ['centosCiNetworks=["203.0.113.64/26"]']);
    expect(changes).toEqual([
      REPORT,
      "update hcloud:index/firewall:Firewall artifacts-01-firewall",
      "update hcloud:index/firewall:Firewall images-01-firewall",
    ]);
  });

  test("keeps its guards: neither destroyed nor rid of retired services before they are lifted", async () => {
    for (const run of [
      await stack.run("destroy", [], { previewOnly: true }),
      await stack.run("preview", ["includeRetired=false"]),
    ]) {
      expect(run.exit).toBe(1);
      expect(run.errors).toMatch(/protect/);
    }
  });

  test("leaves the retired services out by one switch, and touches no other", async () => {
    const hosts = 'unprotected=["packaging-01","artifacts-01","status-01"]';
    expect(await stack.run("up", [hosts])).toMatchObject({ exit: 0 });
    const { exit, changes } = await stack.run("up", [hosts, "includeRetired=false"]);
    expect(exit).toBe(0);
    expect(changes.length).toBeGreaterThan(30);
    for (const change of changes.filter((each) => each !== REPORT))
      expect(change).toMatch(/^delete \S+ \S*(packaging|artifacts-01|status|registry|logs)/);
  });

  test("is destroyed once the guards are lifted", async () => {
    expect(await stack.run("up", ["includeRetired=false", "unprotected=all"])).toMatchObject({ exit: 0 });
    expect(await stack.run("destroy")).toMatchObject({ exit: 0, errors: "" });
    for (const cloud of ["hcloud", "digitalocean", "cloudflare"] as const)
      stack.editCloud(cloud, (objects) => {
        // Cloudflare keeps the values of a zone's settings when their resource is deleted.
        const left = Object.entries(objects).filter(
          ([type, byId]) => type !== "ZoneSetting" && Object.keys(byId).length,
        );
        expect(left, cloud).toEqual([]);
      });
  });
});
