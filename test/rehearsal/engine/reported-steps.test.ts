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

// `continueStepsFromRefresh` in pkg/resource/deploy/step_generator.go of pulumi 3.260.
it("shows components of undeployed code in a refresh that runs the program, and never what they would hold", async () => {
  const rehearsed = new RehearsedEstate();
  onTestFinished(() => rehearsed.remove());
  const component = (name: string, inputs: Registration["inputs"], more: Partial<Registration> = {}) => ({
    ...{ type: "example:Group", name, component: true, inputs },
    ...more,
  });
  await rehearsed.operate("up", [component("report", () => ({ hosts: 1 })), volume("fsn1")]);
  const undeployed = [
    component("report", () => ({ hosts: 2 })),
    volume("fsn1"),
    component("new-host", () => ({})),
    { ...volume("hel1"), name: "new-data", parent: "new-host" },
    component("new-view", (resolve) => ({ of: resolve("new-data") }), { refersTo: { of: "new-data" } }),
  ];
  const options = { previewOnly: true, runProgram: true, expectNoChanges: true };
  const { exit, changes } = await rehearsed.operate("refresh", undeployed, options);
  expect({ exit, changes }).toEqual({ exit: 7, changes: { same: 4, update: 1, create: 1 } });
});
