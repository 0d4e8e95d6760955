import type { EngineEvent } from "../engine/events.ts";
import type { Command, OperationOptions } from "../engine/operation.ts";
import type { Stack } from "./stack.ts";

/** One operation, for whichever engine runs it. */
export interface Job {
  command: Command;
  stack: Stack;
  /** Holds the state and the simulated clouds. */
  folder: string;
  options: OperationOptions;
  onEvent: (event: EngineEvent) => void;
}

export interface Outcome {
  exit: number;
  /** Why the operation could not start or had to end, as far as the events do not tell. */
  errors: string[];
}

/** The local engine, or the Pulumi CLI; both run the unmodified program on the simulated clouds. */
export interface Engine {
  /** For the first line of the output. */
  readonly title: string;
  /** Folder of the simulated clouds' files below a job's folder. */
  cloudsFolder(folder: string): string;
  run(job: Job): Promise<Outcome>;
  /** Removes the lock that an interrupted operation left. */
  cancel(stack: Stack, folder: string): Promise<Outcome>;
}
