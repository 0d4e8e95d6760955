import { describe, expect, test } from "vitest";
import { cloudflareTables } from "../../../rehearsal/clouds/cloudflare/cloudflare-provider.ts";
import { digitaloceanTables } from "../../../rehearsal/clouds/digitalocean/digitalocean-provider.ts";
import { hcloudTables } from "../../../rehearsal/clouds/hcloud/hcloud-provider.ts";
import { Secret, Unknown, type Value, type Values } from "../../../rehearsal/provider.ts";
import { EXAMPLES, makeExamples } from "./examples.ts";
import { type Made, Rehearsed, type SimulatedCloud } from "./rehearsed.ts";

const TABLES = { hcloud: hcloudTables, digitalocean: digitaloceanTables, cloudflare: cloudflareTables };
const CLOUDS = Object.keys(TABLES) as SimulatedCloud[];

describe.each(CLOUDS)("every resource type of %s", (cloud) => {
  test("has an example", () => {
    expect(EXAMPLES[cloud].map(([type]) => type).sort()).toEqual(Object.keys(TABLES[cloud]).sort());
  });

  test("has no difference after create, after read and after a refresh", async () => {
    const rehearsed = new Rehearsed(cloud);
    const of = await makeExamples(rehearsed);
    for (const [type, inputs] of EXAMPLES[cloud]) {
      const made = of(type);
      expect(await rehearsed.diff(made, inputs(of)), type).toMatchObject({ changes: "none", diffs: [], replaces: [] });
      const read = await rehearsed.read(made);
      expect(await rehearsed.drift(made), type).toMatchObject({ changes: "none" });
      const refreshed: Made = { ...made, inputs: read!.inputs!, outputs: read!.outputs };
      expect(await rehearsed.diff(refreshed, inputs(of)), `${type} refreshed`).toMatchObject({ changes: "none" });
    }
  });

  test("accepts an update that changes nothing, as the engine asks for after a create that failed at its end", async () => {
    const rehearsed = new Rehearsed(cloud);
    const of = await makeExamples(rehearsed);
    for (const [type, inputs] of EXAMPLES[cloud]) {
      const made = of(type);
      const again = await rehearsed.change(made, inputs(of));
      expect(again.id, type).toBe(made.id);
      expect(await rehearsed.diff(again, inputs(of)), type).toMatchObject({ changes: "none" });
    }
  });

  test("plans in a preview what it then makes, but for what is unknown", async () => {
    const rehearsed = new Rehearsed(cloud);
    const made = new Map<string, Made>();
    for (const [type, inputs] of EXAMPLES[cloud]) {
      const news = inputs((other) => made.get(other)!);
      const planned = await rehearsed.planned(type, `${type}-1`, news);
      made.set(type, await rehearsed.make(type, `${type}-1`, news));
      expect(planned["id"], type).toBe(Unknown.value);
      for (const [name, value] of Object.entries(planned))
        if (!(value instanceof Unknown))
          expect(actual(made.get(type)!.outputs, name, value), `${type}.${name}`).toEqual(value);
    }
  });

  test("can be imported by its id, and then fits the program or differs only where it is not read back", async () => {
    const rehearsed = new Rehearsed(cloud);
    const of = await makeExamples(rehearsed);
    for (const [type, inputs] of EXAMPLES[cloud]) {
      const table = TABLES[cloud][type]!;
      const { urn, id, outputs } = of(type);
      const given = (table.importPath ?? ["id"])
        .map((part) => (part === "id" ? id : String(outputs[part] ?? "zones")))
        .join("/");
      const read = await rehearsed.provider.read({ urn, id: given, inputs: {}, outputs: {} });
      expect(read?.id, type).toBe(id);
      const diff = await rehearsed.diff({ urn, id, inputs: read!.inputs!, outputs: read!.outputs }, inputs(of));
      const unseen = [...(table.blind ?? []), ...(table.neverStored ?? [])];
      expect(
        diff.diffs.filter((key) => !unseen.includes(key) && key in inputs(of)),
        type,
      ).toEqual([]);
    }
  });

  test("is gone after its delete, in the order of a destroy", async () => {
    const rehearsed = new Rehearsed(cloud);
    const of = await makeExamples(rehearsed);
    for (const [type] of [...EXAMPLES[cloud]].reverse()) {
      await rehearsed.remove(of(type));
      if (TABLES[cloud][type]!.deleteKeeps !== true) expect(await rehearsed.read(of(type)), type).toBeUndefined();
    }
  });

  test("keeps a secret input secret in its outputs and out of the preview's plain values", async () => {
    const rehearsed = new Rehearsed(cloud);
    const [type, property] = {
      hcloud: ["Server", "userData"],
      digitalocean: ["Droplet", "userData"],
      cloudflare: ["NotificationPolicyWebhooks", "secret"],
    }[cloud] as [string, string];
    const of = await makeExamples(rehearsed, type);
    const news = { ...of(type).inputs, name: "another", publicNets: [], [property]: new Secret("hush") } as Values;
    if (cloud !== "hcloud") delete news["publicNets"];
    expect((await rehearsed.planned(type, "other", news))[property]).toBeInstanceOf(Secret);
    const made = await rehearsed.make(type, "other", news);
    expect(made.outputs[property]).toBeInstanceOf(Secret);
    expect((await rehearsed.read(made))?.outputs[property]).toBeInstanceOf(Secret);
    expect((await rehearsed.read(made))?.inputs?.[property]).toEqual(new Secret("hush"));
  });
});

/** The real value cut down to the keys that were planned: nested objects may gain computed ones. */
function actual(outputs: Values, name: string, planned: Value): Value {
  const cut = (value: Value, like: Value): Value => {
    if (Array.isArray(value) && Array.isArray(like))
      return value.map((element, index) => cut(element, like[index] ?? null));
    if (
      value !== null &&
      typeof value === "object" &&
      like !== null &&
      typeof like === "object" &&
      !Array.isArray(value)
    )
      return Object.fromEntries(
        Object.keys(like).map((key) => [key, cut((value as Values)[key] ?? null, (like as Values)[key] ?? null)]),
      );
    return value;
  };
  return cut(outputs[name] ?? null, planned);
}
