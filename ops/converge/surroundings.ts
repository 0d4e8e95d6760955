import type { StackFlags, StackPlan } from "../host-plan/options.ts";
import type { Probe } from "./outside-checks.ts";
import type { Screen } from "./progress.ts";

/** What converging needs from outside; replaced in tests. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** For what would change and the results. */
  readonly write: (text: string) => void;
  /** For progress. */
  readonly screen: Screen;
  /** Undefined without a terminal. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  readonly probe: Probe;
  readonly pause: (seconds: number) => Promise<unknown>;
  readonly plan: (flags: StackFlags) => StackPlan;
}
