/** Killed after a create took effect and before its result was written: what the warning says, and where it leads. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RehearsedEstate } from "./rehearsed-estate.ts";
import type { Registration } from "./scripted-program.ts";

const key: Registration = {
  type: "hcloud:index/sshKey:SshKey",
  name: "deploy",
  inputs: () => ({ name: "deploy-key", publicKey: "ssh-ed25519 AAAAdeploy" }),
};
const network: Registration = {
  type: "hcloud:index/network:Network",
  name: "private",
  inputs: () => ({ ipRange: "10.0.0.0/16" }),
};
const CLEAR = { clearPendingCreates: true };

describe("after a create that the engine did not live to write down", () => {
  let rehearsed: RehearsedEstate;

  beforeEach(async () => {
    rehearsed = new RehearsedEstate();
    expect(await rehearsed.operate("up", [network])).toMatchObject({ exit: 0 });
    const killed = await rehearsed.operate("up", [network, key], {}, [
      { method: "create", name: "deploy", kind: "kill-after" },
    ]);
    expect(killed.exit).toBe("killed");
    await rehearsed.cancel();
  });
  afterEach(() => rehearsed.remove());

  it("the next up warns, names the resource and says what to do", async () => {
    const { exit, warnings } = await rehearsed.operate("up", [network, key]);
    expect(exit, "the name is taken by what the killed run made").toBe(1);
    expect(warnings.join()).toContain('hcloud:index/sshKey:SshKey "deploy", named "deploy-key" in the cloud');
    expect(warnings.join()).toMatch(/delete it there.*import/);
    expect(warnings.join()).toContain("refresh --clear-pending-creates");
  });

  it("deleting it in the cloud and clearing the create converges", async () => {
    const [made] = await unmanaged(rehearsed);
    const [pending] = (await rehearsed.state()).pending;
    expect(await rehearsed.deleteByHand({ ...must(pending).resource, id: must(made) })).toBe(true);
    expect(await rehearsed.operate("refresh", [], CLEAR)).toMatchObject({ exit: 0 });
    await converged(rehearsed, [network, key]);
  });

  it("importing it and clearing the create converges, also once the program no longer imports", async () => {
    const [made] = await unmanaged(rehearsed);
    const imported = await rehearsed.operate("up", [network, { ...key, import: must(made) }]);
    expect(imported).toMatchObject({ exit: 0, changes: { import: 1 } });
    expect(await rehearsed.operate("refresh", [], CLEAR)).toMatchObject({ exit: 0 });
    await converged(rehearsed, [network, key]);
  });
});

it("what a later up made a second time is told apart by its id, and the warning stays until the create is cleared", async () => {
  const rehearsed = new RehearsedEstate();
  try {
    await rehearsed.operate("up", [network], {}, [{ method: "create", name: "private", kind: "kill-after" }]);
    await rehearsed.cancel();
    expect(await rehearsed.operate("up", [network])).toMatchObject({ exit: 0 });
    const again = await rehearsed.operate("up", [network]);
    const [left] = await unmanaged(rehearsed);
    const { resources, pending } = await rehearsed.state();
    const managed = must(resources.find(({ type }) => type === network.type));
    expect(again.warnings.join()).toContain(`the state now has one with the id ${managed.id}`);
    expect(await rehearsed.deleteByHand({ ...must(pending[0]).resource, id: must(left) })).toBe(true);
    expect(await rehearsed.operate("refresh", [], CLEAR)).toMatchObject({ exit: 0 });
    await converged(rehearsed, [network]);
  } finally {
    await rehearsed.remove();
  }
});

/** Ids of what the cloud has and the state does not know. */
async function unmanaged(rehearsed: RehearsedEstate): Promise<string[]> {
  const { resources } = await rehearsed.state();
  const ids = [...(await rehearsed.objects()).keys()].map((key) => key.split(" ")[1] ?? "");
  return ids.filter((id) => !resources.some((resource) => resource.id === id));
}

async function converged(rehearsed: RehearsedEstate, program: Registration[]): Promise<void> {
  expect(await rehearsed.operate("up", program)).toMatchObject({ exit: 0, warnings: [], errors: [] });
  expect(await rehearsed.operate("preview", program, { expectNoChanges: true })).toMatchObject({ exit: 0 });
  expect(await unmanaged(rehearsed)).toEqual([]);
  const { resources, pending } = await rehearsed.state();
  expect(resources.filter(({ type }) => type.startsWith("hcloud:"))).toHaveLength(program.length);
  expect((await rehearsed.objects()).size).toBe(program.length);
  expect(pending).toEqual([]);
}

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("there is none");
  return value;
}
