import type { ActiveEstate } from "./active-estate.ts";
import { hostProblems } from "./host-problems.ts";
import { nameProblems } from "./name-problems.ts";
import { settingProblems } from "./setting-problems.ts";

/** Every mistake of an estate under its settings; each says where, what was found, what is allowed, what to do. */
export function estateProblems(active: ActiveEstate): string[] {
  // What refers to hosts that do not exist is reported alone: all else would only repeat it.
  const hosts = hostProblems(active);
  return hosts.length > 0 ? hosts : [...nameProblems(active), ...settingProblems(active)];
}
