import { expect, it } from "vitest";
import { wantedState } from "../../../rehearsal/engine/goal.ts";
import { Snapshot } from "../../../rehearsal/engine/snapshot.ts";
import { type Deployment, StateError, type StateStore } from "../../../rehearsal/engine/state-store.ts";
import { goalOf } from "./goals.ts";

const resource = (name: string) => wantedState(goalOf(name), { protect: false, retainOnDelete: false });

/** Keeps what is written; the writes whose numbers (from 1) are given fail. */
function store(...failing: number[]): StateStore & { written: Deployment[] } {
  const written: Deployment[] = [];
  let count = 0;
  return {
    written,
    read: async () => written.at(-1) ?? { resources: [], pending: [] },
    write: async (deployment) => {
      count++;
      if (failing.includes(count)) throw new StateError(`write ${count} fails`);
      written.push(deployment);
    },
    lock: async () => async () => {},
    cancel: async () => {},
  };
}

it("writes again after a write has failed, so that what was done since is not lost", async () => {
  const disk = store(1);
  const snapshot = new Snapshot([], [], disk);
  snapshot.put(undefined, resource("a"));
  await expect(snapshot.save()).rejects.toThrow("write 1 fails");
  snapshot.put(undefined, resource("b"));
  await snapshot.save();
  expect(disk.written.at(-1)?.resources.map(({ urn }) => urn.split("::").at(-1))).toEqual(["a", "b"]);
});

it("does not call an operation pending that never began because its begin could not be written", async () => {
  const disk = store(1);
  const snapshot = new Snapshot([], [], disk);
  await expect(snapshot.begin("creating", resource("a"))).rejects.toThrow("write 1 fails");
  await snapshot.save();
  expect(disk.written.at(-1)?.pending).toEqual([]);
});
