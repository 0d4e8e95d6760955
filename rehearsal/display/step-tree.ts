import { type PropertyChange, propertyChanges } from "./property-changes.ts";
import { changedLine, inputLines } from "./property-lines.ts";
import { STACK_TYPE } from "./special-values.ts";
import type { Step, StepList } from "./steps.ts";
import { clip, columnsOf, type Paper, printable } from "./terminal-text.ts";

/** More properties of one resource than this are counted, not shown, unless all were asked for. */
const MOST_PROPERTIES = 10;
/** From this many siblings of one type on, those that only come or only go share a line. */
const GROUPED_FROM = 4;
/** Part of a line that labels may take where something stands behind them. */
const MOST_LABEL = 0.5;

/**
 * The steps that change something, below the components they belong to. A component whose resources all come (or all go)
 * is one line with their count; `everything` shows each resource with all its inputs instead.
 */
export function stepTree(list: StepList, paper: Paper, everything = false): string[] {
  return levelLines(roots(list), 0, paper, everything);
}

interface Node {
  label: string;
  step: Step | undefined;
  children: Node[];
}
/** A node, or several siblings that share a line. */
type Row = Node | Node[];

function roots(list: StepList): Row[] {
  const known = new Map(list.steps.map((step) => [step.urn, step]));
  const nodes = new Map<string, Node>();
  const tops: Node[] = [];
  const nodeOf = (urn: string): Node => {
    const found = nodes.get(urn);
    if (found) return found;
    const step = known.get(urn);
    const node: Node = {
      label: step ? labelOf(step.type, step.name) : labelOf(...typeAndName(urn)),
      step: undefined,
      children: [],
    };
    nodes.set(urn, node);
    const siblings =
      step?.parent && known.get(step.parent)?.type !== STACK_TYPE && !isStack(step.parent)
        ? nodeOf(step.parent).children
        : tops;
    siblings.push(node);
    return node;
  };
  for (const step of list.changes()) nodeOf(step.urn).step = step;
  for (const step of list.steps) if (step.state === "failed") nodeOf(step.urn).step = step;
  return inOrder(tops);
}

/** Siblings; what stands behind their labels begins in one column. */
function levelLines(rows: Row[], depth: number, paper: Paper, everything: boolean): string[] {
  const widest = Math.max(0, ...rows.map((row) => columnsOf(rowLabel(row))));
  const column = Math.min(widest, Math.floor(paper.width * MOST_LABEL));
  return rows.flatMap((row) => rowLines(row, { depth, column }, paper, everything));
}

interface Place {
  depth: number;
  /** Columns that labels may take before what explains them. */
  column: number;
}

function rowLines(row: Row, place: Place, paper: Paper, everything: boolean): string[] {
  const indent = "    ".repeat(place.depth);
  const label = rowLabel(row);
  if (Array.isArray(row)) {
    const names = row.map((node) => printable(node.step?.name ?? "")).join(", ");
    return [columns(indent, row[0]?.step?.op ?? "", label, names, place.column, paper)];
  }
  const { step, children } = row;
  // A component that stays is not shown as one that comes, even if all that changes in it does.
  const common = everything || !step ? undefined : commonOperation(row);
  if (common && children.length > 0) return [columns(indent, common, label, contents(row), place.column, paper)];
  return [
    titleLine(row, indent, paper),
    ...(step?.custom ? propertyLines(step, `${indent}     `, paper, everything) : []),
    ...levelLines(everything ? children.toSorted(byLabel) : inOrder(children), place.depth + 1, paper, everything),
  ];
}

function rowLabel(row: Row): string {
  if (!Array.isArray(row)) return row.label;
  return `${row.length} × ${typeLabel(row[0]?.step?.type ?? "")}`;
}

/** Siblings by label; those of one type that all come or all go share a row when they are many. */
function inOrder(siblings: Node[]): Row[] {
  const groups = new Map<string, Node[]>();
  for (const node of siblings.toSorted(byLabel)) {
    const common = node.children.length === 0 ? commonOperation(node) : undefined;
    const key = common && node.step ? `${common} ${node.step.type}` : node.label;
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  return [...groups.values()].flatMap((group): Row[] => (group.length < GROUPED_FROM ? group : [group]));
}

function byLabel(a: Node, b: Node): number {
  return a.label.localeCompare(b.label, "en", { numeric: true });
}

/** The operation that all steps in a subtree share, if that is one that needs no detail and none failed. */
function commonOperation(node: Node): "create" | "delete" | undefined {
  const ops = new Set(stepsBelow(node).map((step) => (step.state === "failed" ? "failed" : step.op)));
  const [op] = ops;
  return ops.size === 1 && (op === "create" || op === "delete") ? op : undefined;
}

function stepsBelow(node: Node): Step[] {
  return [...(node.step ? [node.step] : []), ...node.children.flatMap(stepsBelow)];
}

function titleLine({ label, step }: Node, indent: string, paper: Paper): string {
  if (!step) return clip(`${indent}   ${label}`, paper.width);
  const failed = step.state === "failed" ? "failed" : "";
  const marks = [
    failed,
    step.protect ? "protected" : "",
    step.refreshed && step.op === "delete" ? "gone from the cloud" : "",
  ].filter(Boolean);
  const reasons = step.op === "replace" ? replaceReason(step) : "";
  const notes = [...marks.map((mark) => `[${mark}]`), reasons].filter(Boolean).join(" ");
  const text = clip(`${label}${notes ? `  ${notes}` : ""}`, paper.width - indent.length - 3);
  return `${indent}${symbol(step.op, paper)} ${text}`;
}

function replaceReason(step: Step): string {
  if (step.replaceReasons.length === 0) return "replaced";
  return `replaced because of ${step.replaceReasons.map(printable).join(", ")}`;
}

/** `12 resources, 3 protected: 2 PrimaryIp, Server, Volume`: what a component holds. */
function contents(node: Node): string {
  const steps = stepsBelow(node).filter((step) => step.custom);
  const safe = steps.filter((step) => step.protect).length;
  const count = `${steps.length} ${steps.length === 1 ? "resource" : "resources"}${safe ? `, ${safe} protected` : ""}`;
  return `${count}: ${kinds(steps)}`;
}

function columns(indent: string, op: string, left: string, right: string, column: number, paper: Paper): string {
  const name = clip(left, column);
  const gap = " ".repeat(column - columnsOf(name) + 2);
  const room = paper.width - indent.length - 3 - columnsOf(name) - gap.length;
  return `${indent}${symbol(op, paper)} ${name}${gap}${paper.paint("dim", clip(right, room))}`;
}

/** `2 PrimaryIp, Server, Volume`: the types of some steps, most frequent first. */
function kinds(steps: Step[]): string {
  const counts = new Map<string, number>();
  for (const step of steps) {
    const type = typeLabel(step.type).split(" ").at(-1) ?? "";
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const byCount = [...counts].toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b));
  return byCount.map(([type, count]) => (count === 1 ? type : `${count} ${type}`)).join(", ");
}

function propertyLines(step: Step, indent: string, paper: Paper, everything: boolean): string[] {
  const changes: PropertyChange[] = step.op === "update" || step.op === "replace" ? propertyChanges(step) : [];
  const shown = everything ? changes : changes.slice(0, MOST_PROPERTIES);
  const widest = Math.min(32, Math.max(0, ...shown.map((change) => columnsOf(change.path))));
  const lines = shown.map((change) => changedLine(change, indent, widest, paper));
  if (shown.length < changes.length) lines.push(`${indent}… ${changes.length - shown.length} more (--diff shows all)`);
  if (everything) lines.push(...inputLines(step, new Set(changes.map((change) => change.path)), indent, paper));
  return lines;
}

const SYMBOLS: Record<string, { text: string; style: "green" | "yellow" | "magenta" | "red" | "cyan" }> = {
  create: { text: "+ ", style: "green" },
  update: { text: "~ ", style: "yellow" },
  replace: { text: "+-", style: "magenta" },
  delete: { text: "- ", style: "red" },
  "delete-replaced": { text: "- ", style: "red" },
  import: { text: "= ", style: "cyan" },
};

function symbol(op: string, paper: Paper): string {
  const { text, style } = SYMBOLS[op] ?? { text: "  ", style: "cyan" };
  return paper.paint(style, text);
}

/** `hcloud:index/server:Server` is `hcloud Server`, a component's `foss-infra:hetzner:Server` is `hetzner Server`. */
function typeLabel(type: string): string {
  const [scope = "", module = "", name = type] = type.split(":");
  return printable(`${module.startsWith("index") ? scope : module} ${name}`);
}

function labelOf(type: string, name: string): string {
  return `${typeLabel(type)} ${printable(name)}`;
}

function typeAndName(urn: string): [string, string] {
  const [, , types = "", ...name] = urn.split("::");
  return [types.split("$").at(-1) ?? "", name.join("::")];
}

function isStack(urn: string): boolean {
  return typeAndName(urn)[0] === STACK_TYPE;
}
