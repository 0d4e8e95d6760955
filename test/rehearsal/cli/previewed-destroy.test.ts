import { expect, it, onTestFinished } from "vitest";
import type { Engine, Job } from "../../../rehearsal/commands/engine.ts";
import { previewedDestroy } from "../../../rehearsal/commands/previewed-destroy.ts";
import type { EngineEvent } from "../../../rehearsal/engine/events.ts";
import { RehearsedEstate } from "../engine/rehearsed-estate.ts";
import type { Registration } from "../engine/scripted-program.ts";

const network = (name: string, protect: boolean): Registration => ({
  type: "hcloud:index/network:Network",
  name,
  protect,
  inputs: () => ({ ipRange: "10.0.0.0/16" }),
});

it("deletes nothing at all while a resource is protected, and says which", async () => {
  const rehearsed = new RehearsedEstate();
  onTestFinished(() => rehearsed.remove());
  const events: EngineEvent[] = [];
  const job = jobOf(rehearsed, events);
  await rehearsed.operate("up", [network("kept", true), network("alone", false)]);

  expect(await previewedDestroy(job.engine, job.job)).toMatchObject({ exit: 1 });
  const errors = events.flatMap((event) => ("diagnosticEvent" in event ? [event.diagnosticEvent] : []));
  expect(errors.map(({ message }) => message).join()).toMatch(
    /Network::kept" cannot be deleted\nbecause it is protected/,
  );
  expect((await rehearsed.objects()).size).toBe(2);
  expect((await rehearsed.state()).resources.filter(({ custom, id }) => custom && id !== "")).toHaveLength(3);

  await rehearsed.operate("up", [network("kept", false), network("alone", false)]);
  expect(await previewedDestroy(job.engine, job.job)).toMatchObject({ exit: 0 });
  expect((await rehearsed.objects()).size).toBe(0);
});

it("shows only the destroy itself when its preview is fine", async () => {
  const rehearsed = new RehearsedEstate();
  onTestFinished(() => rehearsed.remove());
  const events: EngineEvent[] = [];
  const { engine, job } = jobOf(rehearsed, events);
  await rehearsed.operate("up", [network("alone", false)]);
  await previewedDestroy(engine, job);
  const summaries = events.flatMap((event) => ("summaryEvent" in event ? [event.summaryEvent] : []));
  expect(summaries).toMatchObject([{ isPreview: false, resourceChanges: { delete: 2 } }]);
});

function jobOf(rehearsed: RehearsedEstate, events: EngineEvent[]): { engine: Engine; job: Job } {
  const engine: Engine = {
    title: "local engine",
    cloudsFolder: (folder) => folder,
    run: async ({ command, options, onEvent }) => {
      const { exit, errors } = await rehearsed.operate(command, [], options, [], (payload) =>
        onEvent({ sequence: 0, timestamp: 0, ...payload }),
      );
      return { exit: exit === "killed" ? 1 : exit, errors };
    },
    cancel: async () => ({ exit: 0, errors: [] }),
  };
  const stack = { name: "dev", project: "test", directory: ".", entry: "", config: {}, secretKeys: [], examples: [] };
  return {
    engine,
    job: { command: "destroy", stack, folder: ".", options: {}, onEvent: (event) => events.push(event) },
  };
}
