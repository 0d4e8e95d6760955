/** What the planner decides and the executor does: one change of one resource. */
import type { Diff } from "../provider.ts";
import type { StepOp } from "./events.ts";
import type { ResourceState } from "./state-store.ts";

export interface Step {
  op: StepOp;
  urn: string;
  type: string;
  provider: string;
  old: ResourceState | undefined;
  new: ResourceState | undefined;
  /** The properties that make a replacement necessary. */
  keys: readonly string[];
  diffs: readonly string[];
  detailed: Diff["detailed"];
  /** Counted and shown; the parts of a replacement are not. */
  logical: boolean;
  /** `create-replacement`, `replace`: the old one still exists and is deleted after the program has ended. */
  createFirst?: boolean;
  /** `delete-replaced`: the old one stays in the state, as pending, until the new one exists. */
  deleteFirst?: boolean;
  /** `import-replacement`: the old one, which is deleted after the program has ended. */
  condemns?: ResourceState;
  /** `same`: the resource is not in the state and stays out of it (refreshes). */
  mention?: boolean;
}

type Reasons = Partial<Pick<Step, "keys" | "diffs" | "detailed" | "createFirst" | "deleteFirst" | "condemns">>;

/** A step that ends with `state`. */
export function stepTo(op: StepOp, old: ResourceState | undefined, state: ResourceState, reasons: Reasons = {}): Step {
  return step(op, old, state, state, reasons);
}

/** A step that removes `old`. */
export function stepAway(op: StepOp, old: ResourceState, reasons: Reasons = {}): Step {
  return step(op, old, undefined, old, reasons);
}

const PARTS = new Set<StepOp>([
  ...(["create-replacement", "delete-replaced", "import-replacement", "remove-pending-replace"] as const),
  "refresh",
]);

function step(
  op: StepOp,
  old: ResourceState | undefined,
  state: ResourceState | undefined,
  { urn, type, provider }: ResourceState,
  reasons: Reasons,
): Step {
  const logical = !PARTS.has(op);
  return { op, urn, type, provider, old, new: state, keys: [], diffs: [], detailed: undefined, logical, ...reasons };
}
