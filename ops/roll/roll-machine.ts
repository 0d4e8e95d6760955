import { EXIT, Refusal } from "../refusal.ts";
import type { Journal, Progress } from "./journal.ts";
import type { ActionState, RollingCloud } from "./rolling-cloud.ts";
import { CloudTrouble } from "./writing-api.ts";

export interface RollMeans {
  readonly cloud: RollingCloud;
  readonly journal: Journal;
  readonly say: (line: string) => void;
  /** Between two looks at the rebuild. */
  readonly pause: () => Promise<void>;
  /** Looks at the rebuild before it counts as stuck. */
  readonly looks: number;
  /** @returns whether the host is at its configuration and its services answer */
  readonly converge: () => Promise<boolean>;
}

/**
 * Goes from where the journal says to the end. Each step is written down before it is taken, and can be taken again.
 * @throws Refusal when a step fails: what holds then, and how to go on, is in its message
 */
export async function rollMachine(start: Progress, means: RollMeans): Promise<void> {
  const { journal, say } = means;
  let progress = start;
  const reached = (next: Progress["next"], more: Partial<Progress> = {}) => {
    progress = { ...progress, ...more, next };
    journal.write(progress);
  };
  journal.write(progress);

  if (progress.next === "lift") {
    if (progress.guarded) {
      say("lifting its protection, and no other host's");
      await means.cloud.guard(progress.machine, false);
    }
    reached("rebuild");
  }
  if (progress.next === "rebuild") {
    const action = await startRebuild(progress, means, (before) => reached("rebuild", { before }));
    reached("wait", { action });
  }
  if (progress.next === "wait") {
    const { machine, action = 0 } = progress;
    say("rebuilding");
    const state = await waited(machine, action, means);
    if (state === "running")
      throw new Refusal(
        EXIT.failed,
        `The rebuild still runs${guardNote(progress)}.\n  Run the same command again: it goes on waiting.`,
      );
    if (state !== "done") {
      await guardAgain(progress, means);
      const { before: _, action: __, ...rest } = progress;
      journal.write({ ...rest, next: "lift" });
      throw new Refusal(
        EXIT.failed,
        `The rebuild failed: ${state.failed}. The host may have no system now; its volume and addresses are as they were.\n  Run the same command again: it rebuilds anew. Or restore it in the cloud's console.`,
      );
    }
    reached("guard");
  }
  if (progress.next === "guard") {
    await guardAgain(progress, means);
    reached("converge");
  }
  say("converging: its host key is new, compare it");
  if (!(await means.converge()))
    throw new Refusal(
      EXIT.failed,
      "The host has its new system, and is protected as before; it is not at its configuration yet.\n  Run the same command again: it only converges.",
    );
  journal.remove();
}

async function startRebuild(
  { machine, before, guarded }: Progress,
  means: RollMeans,
  note: (before: number) => void,
): Promise<number> {
  const { cloud, journal } = means;
  // An earlier run may have sent it and not seen the answer.
  const sent = before === undefined ? undefined : await cloud.rebuildAfter(machine, before);
  if (sent !== undefined) return sent;
  note(await cloud.newestAction(machine));
  try {
    return await cloud.rebuild(machine);
  } catch (cause) {
    if (!(cause instanceof CloudTrouble)) throw cause;
    if (cause.unsure)
      throw new Refusal(
        EXIT.failed,
        `${cause.message}\n  It may be running all the same${guarded ? ", and the protection is lifted" : ""}. Run the same command again: it looks first.`,
      );
    const progress = journal.read();
    if (progress) {
      await guardAgain(progress, means);
      const { before: _, ...rest } = progress;
      journal.write({ ...rest, next: "lift" });
    }
    throw new Refusal(
      EXIT.failed,
      `${cause.message}\n  Nothing was rebuilt${guarded ? ", and the protection is back" : ""}. --abandon forgets this roll.`,
    );
  }
}

async function waited(machine: number, action: number, { cloud, pause, looks }: RollMeans): Promise<ActionState> {
  let state = await cloud.state(machine, action);
  for (let look = 1; state === "running" && look < looks; look++) {
    await pause();
    state = await cloud.state(machine, action);
  }
  return state;
}

/** Puts the guard back, as it was. */
export async function guardAgain(
  { guarded, machine }: Progress,
  { cloud, say }: Pick<RollMeans, "cloud" | "say">,
): Promise<void> {
  if (!guarded) return;
  say("protecting it again");
  try {
    await cloud.guard(machine, true);
  } catch (cause) {
    throw new Refusal(
      EXIT.failed,
      `The protection could not be put back: ${cause instanceof Error ? cause.message : String(cause)}\n  Run the same command again; or protect it in the cloud's console.`,
    );
  }
}

const guardNote = ({ guarded }: Progress) => (guarded ? ", and its protection is lifted" : "");
