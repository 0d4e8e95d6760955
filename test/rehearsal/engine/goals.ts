import { type Goal, plainGoal } from "../../../rehearsal/engine/goal.ts";
import { urnOf } from "../../../rehearsal/engine/urn.ts";

export const STACK_URN = "urn:pulumi:dev::test::pulumi:pulumi:Stack::test-dev";

/** A goal for a `sim:index:Thing`. */
export function goalOf(name: string, goal: Partial<Goal> = {}): Goal {
  const { type = "sim:index:Thing", parent = STACK_URN } = goal;
  const identity = {
    urn: urnOf("dev", "test", parent, type, name),
    type,
    name,
    custom: true,
    inputs: {},
    parent,
    provider: "urn:pulumi:dev::test::pulumi:providers:sim::default::1",
  };
  return { ...plainGoal(identity), ...goal };
}
