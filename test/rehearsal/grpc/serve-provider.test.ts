import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { providerClient } from "../../../rehearsal/grpc/provider-client.ts";
import { serveProvider } from "../../../rehearsal/grpc/serve-provider.ts";
import { InitError, type Provider, Secret, Unknown } from "../../../rehearsal/provider.ts";
import { memoryCloud } from "../engine/memory-cloud.ts";

describe("a provider served over gRPC and reached through the client", () => {
  const { provider, items } = memoryCloud();
  const urn = "urn:pulumi:dev::test::sim:index:Thing::a";
  let client: Provider;
  let announced: string;

  beforeAll(async () => {
    const print = vi.spyOn(console, "log").mockImplementation(() => {});
    const port = await serveProvider(provider);
    announced = String(print.mock.calls[0]?.[0]);
    print.mockRestore();
    client = await providerClient(`127.0.0.1:${port}`);
    await client.configure({ urn: "", inputs: {} });
  });
  afterAll(() => client.close());

  it("announces its port on a line of its own, and its version", () => {
    expect(announced).toMatch(/^\d+$/);
    expect(client.version).toBe("1.0.0");
  });

  it("plans with unknown values, creates, reads, updates and deletes", async () => {
    const inputs = { name: "a", password: new Secret("s") };
    expect(await client.create({ urn, inputs, preview: true })).toEqual({
      id: "",
      outputs: { ...inputs, address: Unknown.value },
    });
    const { id, outputs } = await client.create({ urn, inputs, preview: false });
    expect(outputs).toEqual({ ...inputs, address: "a.sim.test" });
    expect(await client.read({ urn, id, inputs, outputs })).toEqual({ id, inputs, outputs });
    const news = { name: "a", size: 2 };
    await client.update({ urn, id, olds: outputs, oldInputs: inputs, news, ignoreChanges: [], preview: false });
    expect(items.get(id)).toEqual(news);
    await client.delete({ urn, id, outputs, oldInputs: news });
    expect(await client.read({ urn, id, inputs, outputs })).toBeUndefined();
  });

  it("keeps all of a diff", async () => {
    const request = {
      urn,
      id: "x",
      olds: {},
      oldInputs: { zone: "a", size: 1 },
      news: { zone: "b", size: 1 },
      ignoreChanges: [],
    };
    expect(await client.diff(request)).toEqual(await provider.diff(request));
  });

  it("tells what exists but is not ready", async () => {
    const { create } = provider;
    provider.create = async () => {
      throw new InitError("not ready", "thing-9", { name: "z" }, ["disk missing"]);
    };
    const failure = await client.create({ urn, inputs: {}, preview: false }).catch((error: unknown) => error);
    provider.create = create;
    expect(failure).toBeInstanceOf(InitError);
    expect(failure).toMatchObject({ id: "thing-9", outputs: { name: "z" }, reasons: ["disk missing"] });
  });

  it("passes on what a cloud refuses, in its own words", async () => {
    await client.create({ urn, inputs: { name: "twice" }, preview: false });
    await expect(client.create({ urn, inputs: { name: "twice" }, preview: false })).rejects.toThrow(
      'there is a "twice" already',
    );
  });
});
