import { expect, it, onTestFinished } from "vitest";
import type { EventPayload } from "../../../rehearsal/engine/events.ts";
import { RehearsedEstate } from "./rehearsed-estate.ts";
import type { Registration } from "./scripted-program.ts";

function network(name: string, protect = false): Registration {
  return { type: "hcloud:index/network:Network", name, protect, inputs: () => ({ ipRange: "10.0.0.0/16" }) };
}

function subnet(name: string, of: string, protect = false): Registration {
  return {
    type: "hcloud:index/networkSubnet:NetworkSubnet",
    name,
    protect,
    refersTo: { networkId: of },
    inputs: (id) => ({ networkId: id(of), type: "cloud", networkZone: "eu-central", ipRange: "10.0.1.0/24" }),
  };
}

it("names every protected resource at once, and plans to delete all but them and what they need", async () => {
  const rehearsed = new RehearsedEstate();
  onTestFinished(() => rehearsed.remove());
  await rehearsed.operate("up", [network("lone", true), network("net"), subnet("sub", "net", true), network("free")]);
  const deleted: string[] = [];
  const { exit, errors } = await rehearsed.operate("destroy", [], { previewOnly: true }, [], (event) => {
    const name = deletion(event);
    if (name !== undefined) deleted.push(name);
  });
  expect(exit).toBe(1);
  const refused = errors.flatMap(
    (error) => /::([a-z]+)" cannot be deleted\nbecause it is protected/.exec(error)?.[1] ?? [],
  );
  expect(refused.sort()).toEqual(["lone", "sub"]);
  expect(deleted).toEqual(["free"]);
});

it("deletes what the program dropped and nothing protected needs, and refuses the rest", async () => {
  const rehearsed = new RehearsedEstate();
  onTestFinished(() => rehearsed.remove());
  await rehearsed.operate("up", [network("net"), subnet("sub", "net", true), network("free")]);
  expect(await rehearsed.operate("up", [])).toMatchObject({ exit: 1, changes: { delete: 1 } });
  expect((await rehearsed.objects()).size).toBe(2);
});

function deletion(event: EventPayload): string | undefined {
  if (!("resOutputsEvent" in event)) return undefined;
  const { op, urn } = event.resOutputsEvent.metadata;
  return op === "delete" ? urn.split("::").at(-1) : undefined;
}
