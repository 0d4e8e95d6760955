import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { wantedState } from "../../../rehearsal/engine/goal.ts";
import { stateFile } from "../../../rehearsal/engine/state-file.ts";
import { type Deployment, StateError } from "../../../rehearsal/engine/state-store.ts";
import { Secret } from "../../../rehearsal/provider.ts";
import { goalOf } from "./goals.ts";

const NONE = { protect: false, retainOnDelete: false };

function scratch() {
  const directory = mkdtempSync(join(tmpdir(), "state-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return { directory, path: join(directory, "dev.rehearsal.json"), store: stateFile(directory, "dev") };
}

function deployment(): Deployment {
  const inputs = { name: "a", password: new Secret("hunter2"), nested: { list: [1, new Secret({ deep: true })] } };
  const resource = { ...wantedState(goalOf("a", { inputs, protect: true }), NONE), id: "thing-1" };
  return { resources: [resource], pending: [{ type: "updating", resource }] };
}

describe("the state file", () => {
  it("gives back what was written", async () => {
    const { store } = scratch();
    await store.write(deployment());
    expect(await store.read()).toEqual(deployment());
  });

  it("shows no secret, and can't be read without its key", async () => {
    const { directory, path, store } = scratch();
    await store.write(deployment());
    expect(readFileSync(path, "utf8")).not.toContain("hunter2");
    expect(statSync(join(directory, "dev.key")).mode & 0o077).toBe(0);
    writeFileSync(join(directory, "dev.key"), Buffer.alloc(32).toString("base64"));
    await expect(stateFile(directory, "dev").read()).rejects.toThrow(/key .* does not open/);
  });

  it("is no deployment that `pulumi stack import` would take: its version is no number", async () => {
    const { path, store } = scratch();
    await store.write(deployment());
    const content = JSON.parse(readFileSync(path, "utf8"));
    expect(typeof content.version).toBe("string");
    expect(content.deployment).toBeUndefined();
  });

  it("leaves no temporary file", async () => {
    const { directory, store } = scratch();
    await store.write(deployment());
    expect(readdirSync(directory).sort()).toEqual(["dev.key", "dev.rehearsal.json"]);
  });

  it.each([
    ["truncated", (text: string) => text.slice(0, text.length / 2), /damaged or incomplete/],
    ["empty", () => "", /damaged or incomplete/],
    ["the deployment of a real stack", () => '{"version":3,"deployment":{"resources":[]}}', /real stack/],
    ["of a newer version", (text: string) => text.replace("rehearsal-1", "rehearsal-9"), /another version/],
    [
      "of a newer deployment format",
      (text: string) => text.replace('"rehearsal":{"version":3', '"rehearsal":{"version":4'),
      /another version/,
    ],
    ["without resources", (text: string) => text.replace('"resources":[', '"things":['), /lists no resources/],
  ])("says what is wrong when it is %s, and stays as it is", async (_what, spoil, message) => {
    const { path, store } = scratch();
    await store.write(deployment());
    const spoiled = spoil(readFileSync(path, "utf8"));
    writeFileSync(path, spoiled);
    const error = await store.read().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StateError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(path);
    expect(readFileSync(path, "utf8")).toBe(spoiled);
  });

  it("lets one operation in at a time, and says how to go on", async () => {
    const { store } = scratch();
    const release = await store.lock("up");
    await expect(store.lock("destroy")).rejects.toThrow(/locked.*"command":"up".*cancel/);
    await release();
    await (await store.lock("destroy"))();
    await store.lock("up");
    await store.cancel();
    await expect(store.lock("up")).resolves.toBeDefined();
  });
});
