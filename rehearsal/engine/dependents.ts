/** Which resource needs which: the order of deletions, and what a replacement drags along. */
import type { ResourceState } from "./state-store.ts";
import { urnOfRef } from "./urn.ts";

/** The URNs that the resource needs, parent and provider included. */
export function needs(resource: ResourceState): Set<string> {
  const urns = new Set(dataNeeds(resource));
  if (resource.parent !== "") urns.add(resource.parent);
  return urns;
}

/** The resources that depend on `root` directly or through others, in the order of the state. */
export function dependentsOf(root: ResourceState, all: readonly ResourceState[]): ResourceState[] {
  const affected = new Set([root.urn]);
  return all.slice(all.indexOf(root) + 1).filter((resource) => {
    const affects = resource.urn !== root.urn && [...dataNeeds(resource)].some((urn) => affected.has(urn));
    if (affects) affected.add(resource.urn);
    return affects;
  });
}

/**
 * Groups resources for deletion: nothing in a group needs anything else in it, and what needs a resource is in an
 * earlier group. The input is in the order of the state, in which everything stands behind what it needs.
 */
export function deletionGroups(condemned: readonly ResourceState[]): ResourceState[][] {
  const depth = new Map<string, number>();
  const groups: ResourceState[][] = [];
  for (const resource of condemned.toReversed()) {
    const at = depth.get(resource.urn) ?? 0;
    const group = groups[at] ?? [];
    groups[at] = group;
    group.push(resource);
    for (const urn of needs(resource)) depth.set(urn, Math.max(depth.get(urn) ?? 0, at + 1));
  }
  return groups.filter((group) => group !== undefined);
}

function dataNeeds(resource: ResourceState): Set<string> {
  const urns = new Set(resource.dependencies);
  for (const list of Object.values(resource.propertyDependencies)) for (const urn of list) urns.add(urn);
  if (resource.provider !== "") urns.add(urnOfRef(resource.provider));
  if (resource.deletedWith !== "") urns.add(resource.deletedWith);
  return urns;
}
