import { describe, expect, it } from "vitest";
import { namesIn, stack } from "./operate.ts";

describe("a program that does not end well removes nothing", () => {
  it("says so when the program ends itself before it is complete", async () => {
    const { cloud, operate } = stack();
    await operate("up");
    const outcome = await operate("up", { program: "exits.ts" });
    expect(outcome.exit).toBe(1);
    expect(outcome.diagnostics.map(({ message }) => message).join()).toContain(
      "nothing that it did not register is removed",
    );
    expect(namesIn(cloud)).toEqual(["a", "alone", "b", "c"]);
  });

  it("ends a program that hangs when it is asked to", async () => {
    const { cloud, operate } = stack();
    const cancel = new AbortController();
    const outcome = await operate("up", {
      program: "hangs.ts",
      options: { signal: cancel.signal },
      onEvent: (event) => {
        if ("resOutputsEvent" in event && event.resOutputsEvent.metadata.urn.endsWith("::a")) cancel.abort();
      },
    });
    expect(outcome.exit).toBe(8);
    expect(namesIn(cloud)).toEqual(["a"]);
  });
});

it("gives the program no credentials of any cloud", async () => {
  const { operate, store } = stack();
  const environment = {
    PATH: process.env["PATH"],
    HCLOUD_TOKEN: "x",
    AWS_PROFILE: "x",
    PULUMI_ACCESS_TOKEN: "x",
    SPACES_SECRET_ACCESS_KEY: "x",
  };
  expect((await operate("up", { program: "credentials.ts", environment })).exit).toBe(0);
  const { resources } = await store.read();
  expect(resources[0]?.outputs["seen"]).toBe("PULUMI_CONFIG_SECRET_KEYS");
});

it("reports a provider that answers an up with unknown values, and keeps the state readable", async () => {
  const { cloud, operate, store } = stack();
  const { create } = cloud.provider;
  cloud.provider.create = (request) => create({ ...request, preview: true });
  const outcome = await operate("up");
  expect(outcome.exit).toBe(1);
  expect(outcome.diagnostics.map(({ message }) => message).join()).toMatch(/without an id|not known/);
  await expect(store.read()).resolves.toBeDefined();
});
