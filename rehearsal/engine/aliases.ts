import type { Alias, Goal } from "./goal.ts";
import { nameOf, typeOf, urnOf } from "./urn.ts";

/**
 * All other URNs under which the resource may be in the state: its own aliases, and those that follow from its parent
 * having been found under another URN. A child named `<parent>-x` is then looked for as `<old parent>-x`.
 */
export function aliasUrns(goal: Goal, parentsOldUrn: string | undefined): string[] {
  const own = goal.aliases.map((alias) => aliasUrn(goal, alias));
  if (parentsOldUrn === undefined) return unique(own);
  const inherited = [goal.urn, ...own].map((urn) => childOf(parentsOldUrn, goal, typeOf(urn), nameOf(urn)));
  return unique([...own, ...inherited]);
}

function aliasUrn(goal: Goal, alias: Alias): string {
  if ("urn" in alias) return alias.urn;
  const [stack, project] = stackAndProject(goal.urn);
  const parent = alias.parent ?? goal.parent;
  return urnOf(
    alias.stack ?? stack,
    alias.project ?? project,
    parent,
    alias.type ?? goal.type,
    alias.name ?? goal.name,
  );
}

function childOf(oldParent: string, goal: Goal, type: string, name: string): string {
  const parentName = nameOf(goal.parent);
  const renamed = name.startsWith(parentName) ? nameOf(oldParent) + name.slice(parentName.length) : name;
  const [stack, project] = stackAndProject(goal.urn);
  return urnOf(stack, project, oldParent, type, renamed);
}

function stackAndProject(urn: string): [string, string] {
  const [head = "", project = ""] = urn.split("::");
  return [head.slice("urn:pulumi:".length), project];
}

function unique(urns: string[]): string[] {
  return [...new Set(urns)];
}
