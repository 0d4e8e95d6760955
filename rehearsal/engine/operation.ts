/** What an operation of the engine is asked, and what it answers: the contract between the engine and its callers. */
import type { Provider } from "../provider.ts";
import type { EventPayload } from "./events.ts";
import type { Fault } from "./faults.ts";
import type { ProgramStarter } from "./runner.ts";
import type { StateStore } from "./state-store.ts";

export type Command = "preview" | "up" | "refresh" | "destroy";

export interface OperationRequest {
  command: Command;
  program: Program;
  state: StateStore;
  providers: ProviderSource;
  options?: OperationOptions;
  /** How the program is run; default: by the SDK's own runner, in a process of its own. */
  startProgram?: ProgramStarter;
  /** Called in the order in which things happen; sequence numbers and times are the caller's. */
  onEvent: (event: EventPayload) => void;
}

/** A Pulumi program in TypeScript or JavaScript, run unmodified by the SDK's own runner. */
export interface Program {
  /** Folder of `Pulumi.yaml`, and working directory of the program. */
  directory: string;
  /** The program's entry, absolute or relative to `directory`. */
  entry: string;
  project: string;
  stack: string;
  organization?: string;
  /** Keys as `project:key` or `namespace:key`; secrets in plain text, their keys listed in `secretKeys`. */
  config: Record<string, string>;
  secretKeys: string[];
  /** Environment of the program; default: the process's own. Credentials of clouds are removed from it either way. */
  environment?: NodeJS.ProcessEnv;
}

export const DEFAULT_PARALLEL = 8;

export interface OperationOptions {
  /** `refresh` and `destroy`: only show. */
  previewOnly?: boolean;
  /** `refresh`: run the program, so that its options and provider configuration count. */
  runProgram?: boolean;
  /** Exit 7 when there was (or would be) a change. */
  expectNoChanges?: boolean;
  /** `preview`, `up`: refresh first. */
  refresh?: boolean;
  /** URNs that must be replaced. */
  replace?: string[];
  /** `refresh`, `destroy` (and with `replace` of the same URNs, `preview` and `up`): URNs to which the operation is limited. */
  target?: string[];
  /** `destroy`: what depends on the targets goes too. */
  targetDependents?: boolean;
  /** `destroy`: leave protected resources, and what they need, in place. */
  excludeProtected?: boolean;
  /** `refresh`: forget the creates that an interrupted run left unfinished. */
  clearPendingCreates?: boolean;
  /** `preview`, `up`: refused, as only the Pulumi CLI goes on after a failed step. */
  continueOnError?: boolean;
  /** Provider calls at a time; default 8. */
  parallel?: number;
  /** For tests: failures on demand; default: those of `REHEARSAL_FAULTS`. */
  faults?: Fault[];
  /** Asks the operation to end after the calls that are under way; pending operations are kept in the state. */
  signal?: AbortSignal;
}

export interface OperationResult {
  /** As Pulumi's: 0 done, 1 failed, 7 changes although none were expected, 8 cancelled. */
  exit: 0 | 1 | 7 | 8;
  /** Why the operation could not start or had to end; also in the diagnostics, except for what happened before any event. */
  errors: string[];
}

/** Finds a provider by package and version (empty: any); called once for each provider resource of the state. */
export type ProviderSource = (packageName: string, version: string) => Promise<Provider>;
