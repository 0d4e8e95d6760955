import type { ActiveEstate } from "./active-estate.ts";
import { hostProblems } from "./host-problems.ts";
import { nameProblems } from "./name-problems.ts";
import { settingProblems } from "./setting-problems.ts";

/** Mistakes that the types cannot say readably: all at once, before anything is registered. */
export class EstateError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.length === 1 ? (problems[0] ?? "") : `${problems.length} mistakes:\n${problems.join("\n")}`);
    this.name = "EstateError";
    this.problems = problems;
  }
}

/** Every mistake of an estate under its settings; each says where, what was found, what is allowed, what to do. */
export function estateProblems(active: ActiveEstate): string[] {
  // What refers to hosts that do not exist is reported alone: all else would only repeat it.
  const hosts = hostProblems(active);
  return hosts.length > 0 ? hosts : [...nameProblems(active), ...settingProblems(active)];
}
