import type { Value } from "../provider.ts";

export interface ListItemChange {
  readonly index: number;
  readonly kind: "add" | "delete" | "update";
}

/**
 * What of a list of plain values changed, by the shortest way from one list to the other: removed values at their old
 * place, new ones at their new place, both at the same place as one update. The bridge does so for lists of scalars
 * (pulumi-terraform-bridge, makeListAttributeDiff, 2026-08); of equally short ways it takes the one that removes first.
 */
export function changedListItems(
  before: readonly Value[],
  after: readonly Value[],
  equal: (a: Value, b: Value) => boolean,
): ListItemChange[] {
  const steps = remainingSteps(before, after, equal);
  const left = (from: number, to: number): number => steps[from]?.[to] ?? 0;
  const kinds = new Map<number, ListItemChange["kind"]>();
  const note = (index: number, kind: "add" | "delete") => kinds.set(index, kinds.has(index) ? "update" : kind);
  let [from, to] = [0, 0];
  while (from < before.length || to < after.length) {
    const removing = from < before.length ? 1 + left(from + 1, to) : Number.POSITIVE_INFINITY;
    const adding = to < after.length ? 1 + left(from, to + 1) : Number.POSITIVE_INFINITY;
    if (left(from, to) < Math.min(removing, adding)) {
      from++;
      to++;
    } else if (adding < removing) note(to++, "add");
    else note(from++, "delete");
  }
  return [...kinds].map(([index, kind]) => ({ index, kind }));
}

/**
 * How many steps are left when both lists have come to these places. A value that is kept counts as one, too, so that
 * keeping is preferred only where it saves another step.
 */
function remainingSteps(
  before: readonly Value[],
  after: readonly Value[],
  equal: (a: Value, b: Value) => boolean,
): number[][] {
  const steps = before.map((): number[] => []).concat([[]]);
  const at = (from: number, to: number): number => steps[from]?.[to] ?? 0;
  for (let from = before.length; from >= 0; from--)
    for (let to = after.length; to >= 0; to--) {
      const row = steps[from] ?? [];
      if (from === before.length) row[to] = after.length - to;
      else if (to === after.length) row[to] = before.length - from;
      else {
        const change = 1 + Math.min(at(from + 1, to), at(from, to + 1));
        const keep = equal(before[from] ?? null, after[to] ?? null) ? at(from + 1, to + 1) : change;
        row[to] = Math.min(change, keep);
      }
    }
  return steps;
}
