import { describe, expect, test } from "vitest";
import { cloudflareTables } from "../../../rehearsal/clouds/cloudflare/cloudflare-provider.ts";
import { digitaloceanTables } from "../../../rehearsal/clouds/digitalocean/digitalocean-provider.ts";
import { hcloudTables } from "../../../rehearsal/clouds/hcloud/hcloud-provider.ts";
import type { Value } from "../../../rehearsal/provider.ts";
import { EXAMPLES, makeExamples } from "./examples.ts";
import { Rehearsed, type SimulatedCloud } from "./rehearsed.ts";

const TABLES = { hcloud: hcloudTables, digitalocean: digitaloceanTables, cloudflare: cloudflareTables };

/** Another value of the same kind. */
const tampered = (value: Value): Value =>
  typeof value === "string"
    ? `${value}x`
    : typeof value === "number"
      ? value - 1
      : typeof value === "boolean"
        ? !value
        : [];

describe.each(Object.keys(TABLES) as SimulatedCloud[])("a hand-made change in %s", (cloud) => {
  test("shows in every declared property that the provider reads back, and in no other", async () => {
    const rehearsed = new Rehearsed(cloud);
    const of = await makeExamples(rehearsed);
    for (const [type, inputs] of EXAMPLES[cloud]) {
      const table = TABLES[cloud][type]!;
      const unseen = new Set<string>([...(table.blind ?? []), ...(table.neverStored ?? []), ...(table.fixed ?? [])]);
      for (const [name, value] of Object.entries(inputs(of))) {
        // What an object belongs to: without it, it is gone.
        if (
          table.references?.[name]?.onDelete === "delete" ||
          (value !== null && typeof value === "object" && !Array.isArray(value))
        )
          continue;
        let before: Value | undefined;
        await rehearsed.edit((objects) => {
          const object = objects[type]![of(type).id]!;
          before = object[name];
          object[name] = tampered(before ?? value);
        });
        const drift = await rehearsed.drift(of(type));
        if (drift !== undefined)
          expect([type, name, drift.diffs.includes(name)]).toEqual([type, name, !unseen.has(name)]);
        await rehearsed.edit((objects) => {
          if (before === undefined) delete objects[type]![of(type).id]![name];
          else objects[type]![of(type).id]![name] = before;
        });
      }
    }
  });

  test("that deletes an object shows as gone", async () => {
    const rehearsed = new Rehearsed(cloud);
    const of = await makeExamples(rehearsed);
    for (const [type] of [...EXAMPLES[cloud]].reverse()) {
      await rehearsed.edit((objects) => delete objects[type]![of(type).id]);
      expect(await rehearsed.read(of(type)), type).toBeUndefined();
    }
  });
});

describe("drift", () => {
  test("in a label shows the label's path, and is repaired by an update", async () => {
    const rehearsed = new Rehearsed("hcloud");
    const labels = { role: "git", step: "1" };
    const made = await rehearsed.make("Network", "n", { name: "n", ipRange: "10.0.0.0/16", labels });
    await rehearsed.edit((objects) => {
      objects["Network"]![made.id]!["labels"] = { role: "hacked" };
    });
    expect((await rehearsed.drift(made))?.detailed).toEqual({
      "labels.role": { kind: "update", inputDiff: false },
      "labels.step": { kind: "add", inputDiff: false },
    });
    expect((await rehearsed.read(made))?.inputs?.["labels"]).toEqual({ role: "hacked" });
    const repaired = await rehearsed.change(made, made.inputs);
    expect(await rehearsed.drift(repaired)).toMatchObject({ changes: "none" });
  });

  test("in an ignored property is none", async () => {
    const rehearsed = new Rehearsed("hcloud");
    const made = await rehearsed.make("Network", "n", { name: "n", ipRange: "10.0.0.0/16", labels: { role: "git" } });
    await rehearsed.edit((objects) => {
      objects["Network"]![made.id]!["labels"] = { role: "hacked" };
    });
    for (const path of ["labels", "labels.role", "*"])
      expect(await rehearsed.drift(made, [path]), path).toMatchObject({ changes: "none" });
    expect(await rehearsed.drift(made, ["name"])).toMatchObject({ diffs: ["labels"] });
  });

  test("in a firewall rule or a ruleset's rule shows at the list", async () => {
    const hcloud = new Rehearsed("hcloud");
    const firewall = (await makeExamples(hcloud, "Firewall"))("Firewall");
    await hcloud.edit((objects) => {
      (objects["Firewall"]![firewall.id]!["rules"] as { sourceIps: string[] }[])[0]!.sourceIps = ["0.0.0.0/0"];
    });
    expect((await hcloud.drift(firewall))?.detailed).toEqual({ rules: { kind: "update", inputDiff: false } });
    const cloudflare = new Rehearsed("cloudflare");
    const ruleset = (await makeExamples(cloudflare, "Ruleset"))("Ruleset");
    await cloudflare.edit((objects) => {
      (
        objects["Ruleset"]![ruleset.id]!["rules"] as { actionParameters: { cache: boolean } }[]
      )[0]!.actionParameters.cache = false;
    });
    expect(await cloudflare.drift(ruleset)).toMatchObject({
      diffs: ["lastUpdated", "rules", "version"],
      detailed: undefined,
    });
  });

  test("shows for a volume attachment whose server or volume is gone, and for a reserved IP that moved", async () => {
    const hcloud = new Rehearsed("hcloud");
    const of = await makeExamples(hcloud);
    await hcloud.edit((objects) => delete objects["Server"]![of("Server").id]);
    for (const type of ["VolumeAttachment", "ServerNetwork"]) expect(await hcloud.read(of(type)), type).toBeUndefined();
    const digitalocean = new Rehearsed("digitalocean");
    const made = await makeExamples(digitalocean);
    const other = await digitalocean.make("Droplet", "other", {
      name: "other",
      size: "s-1vcpu-2gb",
      image: "debian-13-x64",
      region: "fra1",
    });
    const moved = await digitalocean.make("ReservedIpAssignment", "moved", {
      ipAddress: made("ReservedIp").id,
      dropletId: Number(other.id),
    });
    expect(await digitalocean.read(made("ReservedIpAssignment"))).toBeUndefined();
    expect(await digitalocean.drift(moved)).toMatchObject({ changes: "none" });
    expect(await digitalocean.drift(made("ReservedIp"))).toMatchObject({ changes: "none" });
  });

  test("of a reserved IP that is gone cannot be had of its assignment: the provider fails to read it", async () => {
    const digitalocean = new Rehearsed("digitalocean");
    const of = await makeExamples(digitalocean);
    await digitalocean.edit((objects) => delete objects["ReservedIp"]![of("ReservedIp").id]);
    expect(await digitalocean.read(of("ReservedIp"))).toBeUndefined();
    await expect(digitalocean.read(of("ReservedIpAssignment"))).rejects.toThrow(
      /does not exist any more \(not_found\)\.\n.*state delete/,
    );
  });

  test("leaves nothing in the way of a new server when the old one is deleted", async () => {
    const hcloud = new Rehearsed("hcloud");
    const of = await makeExamples(hcloud);
    await hcloud.edit((objects) => delete objects["Server"]![of("Server").id]);
    const server = await hcloud.make("Server", "again", of("Server").inputs);
    for (const type of ["VolumeAttachment", "ServerNetwork"]) {
      const { id, inputs } = of(type);
      const anew = await hcloud.make(type, "again", { ...inputs, serverId: Number(server.id) });
      expect(anew.outputs, `${type} ${id}`).toMatchObject({ serverId: Number(server.id) });
    }
    await expect(hcloud.make("Server", "twice", of("Server").inputs)).rejects.toThrow("uniqueness_error");
  });
});

// getServerAttributes in internal/server/resource.go of terraform-provider-hcloud 1.68.0: a number of Terraform's SDK is 0
// when there is none, and no null.
test("a server taken out of its placement group by hand is in group 0", async () => {
  const hcloud = new Rehearsed("hcloud");
  const group = await hcloud.make("PlacementGroup", "g", { name: "g", type: "spread" });
  const inputs = { name: "s", serverType: "cx43", image: "debian-13", location: "fsn1" };
  const server = await hcloud.make("Server", "s", { ...inputs, placementGroupId: Number(group.id) });
  await hcloud.edit((objects) => delete objects["Server"]![server.id]!["placementGroupId"]);
  expect((await hcloud.read(server))?.outputs["placementGroupId"]).toBe(0);
  expect((await hcloud.drift(server))?.detailed).toEqual({ placementGroupId: { kind: "update", inputDiff: false } });
});
