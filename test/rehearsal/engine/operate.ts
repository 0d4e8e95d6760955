/** Runs operations of the engine on the memory cloud, with the programs of this folder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Diagnostic, EventPayload, Summary } from "../../../rehearsal/engine/events.ts";
import type { Command, OperationOptions } from "../../../rehearsal/engine/operation.ts";
import { runOperation } from "../../../rehearsal/engine/run-operation.ts";
import { stateFile } from "../../../rehearsal/engine/state-file.ts";
import type { StateStore } from "../../../rehearsal/engine/state-store.ts";
import { type MemoryCloud, memoryCloud } from "./memory-cloud.ts";

export interface Stack {
  cloud: MemoryCloud;
  directory: string;
  store: StateStore;
  operate(command: Command, operation?: Operation): Promise<Outcome>;
}

interface Operation {
  program?: string;
  config?: Record<string, string>;
  options?: OperationOptions;
  environment?: NodeJS.ProcessEnv;
  onEvent?: (event: EventPayload) => void;
}

export interface Outcome {
  exit: number;
  errors: string[];
  changes: Summary["resourceChanges"] | undefined;
  diagnostics: Diagnostic[];
}

export function stack(cloud = memoryCloud()): Stack {
  const directory = mkdtempSync(join(tmpdir(), "engine-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const store = stateFile(directory, "dev");
  return {
    cloud,
    directory,
    store,
    async operate(command, { program = "chain.ts", config = {}, options = {}, environment, onEvent } = {}) {
      const events: EventPayload[] = [];
      const { exit, errors } = await runOperation({
        command,
        program: {
          directory: join(import.meta.dirname, "programs"),
          entry: program,
          project: "test",
          stack: "dev",
          config,
          secretKeys: [],
          ...(environment ? { environment } : {}),
        },
        state: store,
        providers: async () => cloud.provider,
        options,
        onEvent(event) {
          events.push(event);
          onEvent?.(event);
        },
      });
      return {
        exit,
        errors,
        changes: events.flatMap((event) => ("summaryEvent" in event ? [event.summaryEvent.resourceChanges] : []))[0],
        diagnostics: events.flatMap((event) => ("diagnosticEvent" in event ? [event.diagnosticEvent] : [])),
      };
    },
  };
}

export function namesIn(cloud: MemoryCloud): unknown[] {
  return [...cloud.items.values()].map((item) => item["name"]).sort();
}
