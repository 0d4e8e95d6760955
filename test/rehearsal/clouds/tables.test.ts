import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cloudflareTables } from "../../../rehearsal/clouds/cloudflare/cloudflare-provider.ts";
import { digitaloceanTables } from "../../../rehearsal/clouds/digitalocean/digitalocean-provider.ts";
import { hcloudTables } from "../../../rehearsal/clouds/hcloud/hcloud-provider.ts";
import type { CloudSchema } from "../../../rehearsal/clouds/schema/cloud-schema.ts";
import { extractSchema } from "../../../rehearsal/clouds/schema/extract-schema.ts";

const TABLES = { hcloud: hcloudTables, digitalocean: digitaloceanTables, cloudflare: cloudflareTables };

describe.each(Object.entries(TABLES))("the tables of %s", (cloud, tables) => {
  const schema = JSON.parse(
    readFileSync(new URL(`../../../rehearsal/clouds/schema/${cloud}.json`, import.meta.url), "utf8"),
  ) as CloudSchema;
  const names = (properties: object) => Object.keys(properties).map((name) => name.replace("?", ""));
  const nested = new Set(Object.values(schema.types).flatMap(names));

  test("rest on the typings of the installed package (else run rehearsal/clouds/schema/extract-schema.ts)", () => {
    expect(schema).toEqual(extractSchema(cloud));
  });

  test("cover exactly the resource types that were extracted", () => {
    expect(Object.keys(tables).sort()).toEqual(Object.keys(schema.resources).sort());
  });

  test.each(Object.entries(tables))("name only properties that %s has", (type, table) => {
    const { inputs, outputs } = schema.resources[type]!;
    const [known, all] = [names(inputs), [...names(inputs), ...outputs]];
    const defaults = [table.defaults, table.readsAs, table.replacedWhen, table.stateOf, table.references].flatMap(
      (record) => Object.keys(record ?? {}),
    );
    for (const name of [...defaults, ...(table.optionalComputed ?? []), ...(table.fixed ?? [])])
      expect(known).toContain(name);
    for (const name of Object.values(table.keepsUnless ?? {})) expect(known).toContain(name);
    for (const name of [
      ...(table.keeps ?? []),
      ...Object.keys(table.keepsUnless ?? {}),
      ...(table.blind ?? []),
      ...(table.neverStored ?? []),
    ])
      expect(all).toContain(name);
    for (const path of table.replacedBy ?? []) expect(known).toContain(path.split(".")[0]);
    for (const properties of table.unique ?? []) for (const name of properties) expect(known).toContain(name);
    for (const name of [
      ...(table.sets ?? []),
      ...Object.keys(table.nestedReadsAs ?? {}),
      ...(table.nestedComputed ?? []),
    ])
      expect(all.includes(name) || nested.has(name), `${type}.${name}`).toBe(true);
    for (const part of table.importPath ?? []) if (part !== "id") expect(known).toContain(part);
  });

  test("refer only to resource types that are simulated", () => {
    for (const table of Object.values(tables))
      for (const reference of Object.values(table.references ?? {}))
        expect(Object.keys(tables)).toContain(reference?.type);
  });
});
