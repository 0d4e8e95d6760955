import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Fault } from "../../../rehearsal/engine/faults.ts";
import { InitError } from "../../../rehearsal/provider.ts";
import { memoryCloud } from "./memory-cloud.ts";
import { namesIn, stack } from "./operate.ts";

const ALL = ["a", "alone", "b", "c"];
const BIGGER = { config: { "test:size": "2" } };

describe("after a provider call failed, the next up converges", () => {
  const cases: [title: string, fault: Fault, prepared: boolean, wanted: Record<string, string>][] = [
    ["a create that fails once", { method: "create", name: "b", kind: "once" }, false, {}],
    ["a create that fails after it took effect", { method: "create", name: "b", kind: "after" }, false, {}],
    ["an update that fails once", { method: "update", name: "a", kind: "once" }, true, BIGGER.config],
    ["an update that fails after it took effect", { method: "update", name: "a", kind: "after" }, true, BIGGER.config],
    ["a delete that fails once", { method: "delete", name: "c", kind: "once" }, true, { "test:short": "yes" }],
    [
      "a delete that fails after it took effect",
      { method: "delete", name: "c", kind: "after" },
      true,
      { "test:short": "yes" },
    ],
    ["the create of a replacement", { method: "create", name: "a", kind: "once" }, true, { "test:zone": "z2" }],
    ["the delete of a replacement", { method: "delete", name: "a", kind: "after" }, true, { "test:zone": "z2" }],
    ["a diff that fails", { method: "diff", name: "b", kind: "once" }, true, BIGGER.config],
    ["a check that fails", { method: "check", name: "b", kind: "once" }, false, {}],
  ];
  it.each(cases)("%s", async (_title, fault, prepared, config) => {
    const { cloud, operate, store } = stack();
    if (prepared) await operate("up");
    const failed = await operate("up", { config, options: { faults: [fault] } });
    expect(failed.exit).toBe(1);
    expect((await operate("up", { config })).exit).toBe(0);
    expect(namesIn(cloud)).toEqual("test:short" in config ? ["a", "alone", "b"] : ALL);
    const { resources } = await store.read();
    expect(
      resources
        .filter(({ type }) => type === "sim:index:Thing")
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...cloud.items.keys()].sort());
    expect((await operate("preview", { config, options: { expectNoChanges: true } })).exit).toBe(0);
  });
});

describe("the state of a rehearsal", () => {
  it("keeps what was done when a later call fails always", async () => {
    const { cloud, operate, store } = stack();
    await operate("up", { options: { faults: [{ method: "create", name: "c", kind: "always" }], parallel: 1 } });
    expect(namesIn(cloud)).toContain("b");
    const { resources } = await store.read();
    expect(resources.map(({ urn }) => urn.split("::").at(-1))).toContain("b");
  });

  it("is written before a slow call begins, so that an interruption would show", async () => {
    const { directory, operate } = stack();
    const seen: string[] = [];
    await operate("up", {
      options: { faults: [{ method: "create", name: "alone", kind: "slow", milliseconds: 50 }] },
      onEvent: (event) => {
        if ("resOutputsEvent" in event && event.resOutputsEvent.metadata.urn.endsWith("::a"))
          seen.push(readFileSync(join(directory, "dev.rehearsal.json"), "utf8"));
      },
    });
    expect(seen[0]).toContain('"type":"creating"');
  });

  // OnResourceStepPost in pkg/engine/update.go of pulumi 3.260: bridged providers fail so in the middle of an update.
  it("keeps the inputs from before an update that ended halfway, and plans to update again", async () => {
    const cloud = memoryCloud();
    const { update } = cloud.provider;
    const { operate, store } = stack(cloud);
    await operate("up");
    cloud.provider.update = async (request) => {
      const { outputs } = await update(request);
      if (request.preview || outputs["name"] !== "a") return { outputs };
      throw new InitError("the server must be stopped", request.id, outputs, ["the server must be stopped"]);
    };
    expect((await operate("up", BIGGER)).exit).toBe(1);
    const { resources } = await store.read();
    const halfway = resources.find(({ urn }) => urn.endsWith("::a"));
    expect(halfway).toMatchObject({ inputs: { size: 1 }, outputs: { size: 2 } });
    cloud.provider.update = update;
    expect((await operate("preview")).changes).toMatchObject({ update: 1 });
  });
});
