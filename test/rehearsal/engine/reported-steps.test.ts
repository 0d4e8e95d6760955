import { expect, it, onTestFinished } from "vitest";
import type { EventPayload } from "../../../rehearsal/engine/events.ts";
import { RehearsedEstate } from "./rehearsed-estate.ts";
import type { Registration } from "./scripted-program.ts";

const group: Registration = { type: "example:Group", name: "group", component: true, inputs: () => ({}) };
const volume = (location: string): Registration => ({
  type: "hcloud:index/volume:Volume",
  name: "data",
  deleteBeforeReplace: false,
  inputs: () => ({ name: `data-${location}`, size: 10, location }),
});

/** Runs an operation, and resolves with the events of one kind that concern a resource. */
async function reported(
  rehearsed: RehearsedEstate,
  { command = "up", program, name }: { command?: "preview" | "up"; program: Registration[]; name: string },
  kind: "resourcePreEvent" | "resOutputsEvent" = "resOutputsEvent",
) {
  const events: EventPayload[] = [];
  await rehearsed.operate(command, program, {}, [], (event) => events.push(event));
  const found = events.flatMap((event) => {
    if (kind === "resourcePreEvent") return "resourcePreEvent" in event ? [event.resourcePreEvent.metadata] : [];
    return "resOutputsEvent" in event ? [event.resOutputsEvent.metadata] : [];
  });
  return found.filter(({ urn }) => urn.endsWith(`::${name}`));
}

it("reports a component's outputs once in an up, and before the program knows them only in a preview", async () => {
  const rehearsed = new RehearsedEstate();
  onTestFinished(() => rehearsed.remove());
  expect(await reported(rehearsed, { command: "preview", program: [group], name: "group" })).toHaveLength(2);
  expect(await reported(rehearsed, { program: [group], name: "group" })).toHaveLength(1);
});

it("shows what is replaced as condemned once the new one exists", async () => {
  const rehearsed = new RehearsedEstate();
  onTestFinished(() => rehearsed.remove());
  await rehearsed.operate("up", [volume("fsn1")]);
  const moved = { command: "preview" as const, program: [volume("nbg1")], name: "data" };
  const steps = await reported(rehearsed, moved, "resourcePreEvent");
  expect(steps.map(({ op, old }) => [op, old?.delete])).toEqual([
    ["create-replacement", undefined],
    ["replace", true],
    ["delete-replaced", true],
  ]);
});
