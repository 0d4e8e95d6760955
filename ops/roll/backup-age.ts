import type { BackupPlan } from "../../model/blueprint.ts";

export interface BackupFacts {
  /** The host's backups. */
  readonly planned: readonly BackupPlan[];
  /** When the last one was made, as an admin has seen it. */
  readonly last: Date | undefined;
  /** Hours that it may be old. */
  readonly oldest: number;
  readonly now: Date;
}

/** Why a host must not be rebuilt yet; its volume stays, but this is the day on which a mistake costs most. */
export function backupProblem(host: string, { planned, last, oldest, now }: BackupFacts): string | undefined {
  if (planned.length === 0) return undefined;
  if (last === undefined)
    return `${host} has ${planned.length} backups, and nobody says when they were last made.\n  Look in the repositories above, then give --last-backup with the time of the oldest of them.`;
  const age = (now.getTime() - last.getTime()) / 3_600_000;
  if (age < -1) return `--last-backup ${last.toISOString()} is in the future.\n  Give the time with its zone.`;
  if (age <= oldest) return undefined;
  return `The last backup of ${host} is ${Math.round(age)} hours old; allowed are ${oldest}.\n  Make one first, or allow it with --oldest-backup ${Math.ceil(age)}.`;
}
