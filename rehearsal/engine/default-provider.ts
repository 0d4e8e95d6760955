import { type Goal, plainGoal } from "./goal.ts";
import type { Names } from "./goal-from-request.ts";
import { defaultProviderName, providerType, urnOf } from "./urn.ts";

/** The provider resource that the engine itself makes for a package and version; version empty: any. */
export function defaultProviderGoal({ stack, project }: Names, packageName: string, version: string): Goal {
  const type = providerType(packageName);
  const name = defaultProviderName(version);
  return plainGoal({
    urn: urnOf(stack, project, "", type, name),
    type,
    name,
    custom: true,
    inputs: version === "" ? {} : { version },
    parent: "",
    provider: "",
  });
}
