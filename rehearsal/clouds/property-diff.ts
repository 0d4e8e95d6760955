import { type Diff, type PropertyDiffKind, Unknown, type Value, type Values } from "../provider.ts";
import type { ResourceType } from "./check-inputs.ts";
import { DEFAULTS, holdsUnknown, isObject, isZero, revealAll, same, withoutDefaultNotes } from "./property-values.ts";
import type { ResourceTable } from "./resource-table.ts";

/**
 * How the bridged provider compares a state with new inputs. `olds` and `oldInputs` are what the engine has in its
 * state, or, in a refresh, what the provider read. Pure: the cloud has no part in it.
 */
export function diffProperties(
  type: ResourceType,
  request: { olds: Values; news: Values; ignoreChanges: readonly string[] },
): Diff {
  const { table } = type;
  const olds = revealAll(request.olds);
  const news = ignoring(olds, revealAll(request.news), request.ignoreChanges);
  const changes = inputChanges(type, olds, news);
  const replaces = topLevel(changes.filter(({ replace }) => replace).map(({ path }) => path));
  const changed = topLevel(changes.map(({ path }) => path));
  const name = request.news["name"];
  const defaults = request.news[DEFAULTS];
  const explicitName = name !== undefined && Array.isArray(defaults) && !defaults.includes("name");
  const sdk = table.kind === "sdk";
  return {
    changes: changes.length > 0 ? "some" : "none",
    diffs: sdk || changes.length === 0 ? changed : topLevel([...changed, ...planUnknown(type, news)]),
    replaces,
    stables: sdk ? topLevel(table.replacedBy ?? []).filter((key) => !replaces.includes(key)) : [],
    // A fixed name would collide (pulumi-terraform-bridge, nameRequiresDeleteBeforeReplace; SDK resources only).
    deleteBeforeReplace: sdk && replaces.length > 0 && table.autoName !== undefined && explicitName,
    detailed: sdk
      ? Object.fromEntries(
          changes.map(({ path, kind, replace }) => [path, { kind: withReplace(kind, replace), inputDiff: false }]),
        )
      : undefined,
  };
}

/** Every path at which the inputs differ from the state. */
export function inputChanges({ table, schema }: ResourceType, olds: Values, news: Values): Change[] {
  return Object.keys(schema.inputs).flatMap((declared) => {
    const name = declared.replace("?", "");
    const [before, after] = [withoutDefaultNotes(olds[name] ?? null), plannedInput(table, name, olds, news)];
    const replace = replacement(table, name, before, after);
    const found = changesIn(name, name, before, withoutDefaultNotes(after), table);
    return found.map((change) => ({ ...change, replace: replace(change.path) }));
  });
}

/** What the provider plans for one input: its value in the state's form, or what an input left out becomes. */
export function plannedInput(table: ResourceTable, name: string, olds: Values | undefined, news: Values): Value {
  const value = olds && table.fixed?.includes(name) ? olds[name] : news[name];
  if (value === undefined || value === null) {
    if (table.optionalComputed?.includes(name)) return olds?.[name] ?? (olds ? null : Unknown.value);
    return table.readsAs?.[name] ?? null;
  }
  const stateOf = table.stateOf?.[name];
  if (stateOf === undefined || typeof value !== "string") return value;
  return olds?.[name] === value ? value : stateOf(value);
}

/** Names of what a plugin-framework provider plans as unknown when anything changes. */
export function planUnknown({ table, schema }: ResourceType, news: Values): string[] {
  const inputs = new Set(Object.keys(schema.inputs).map((name) => name.replace("?", "")));
  const open = schema.outputs.filter((name) =>
    inputs.has(name)
      ? (table.optionalComputed?.includes(name) ?? false) && (news[name] === undefined || news[name] === null)
      : true,
  );
  const unknown = open.filter((name) => !table.keeps?.includes(name));
  return table.plansId ? ["id", ...unknown] : unknown;
}

interface Found {
  path: string;
  kind: "add" | "delete" | "update";
}
type Change = Found & { replace: boolean };

function changesIn(path: string, name: string, before: Value, after: Value, table: ResourceTable): Found[] {
  if (after instanceof Unknown) return [{ path, kind: before === null ? "add" : "update" }];
  if (isZero(before) && isZero(after)) return [];
  if (isZero(before)) return [{ path, kind: before === null || isCollection(before) ? "add" : "update" }];
  if (isZero(after)) return [{ path, kind: after === null || isCollection(after) ? "delete" : "update" }];
  if (isObject(before) && isObject(after)) return objectChanges(path, before, after, table);
  if (Array.isArray(before) && Array.isArray(after))
    return table.sets?.includes(name)
      ? setChanges(path, before, after, table)
      : listChanges(path, before, after, table);
  return sameScalar(before, after) ? [] : [{ path, kind: "update" }];
}

function objectChanges(path: string, before: Values, after: Values, table: ResourceTable): Found[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((key) => {
    const left = before[key] ?? null;
    const right = after[key] ?? table.nestedReadsAs?.[key] ?? null;
    if (after[key] === undefined && table.nestedComputed?.includes(key)) return [];
    return changesIn(/^[\w-]+$/.test(key) ? `${path}.${key}` : `${path}["${key}"]`, key, left, right, table);
  });
}

function listChanges(path: string, before: Value[], after: Value[], table: ResourceTable): Found[] {
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => {
    const at = `${path}[${index}]`;
    if (index >= before.length) return [{ path: at, kind: "add" as const }];
    if (index >= after.length) return [{ path: at, kind: "delete" as const }];
    return changesIn(at, "", before[index] ?? null, after[index] ?? null, table);
  }).flat();
}

/**
 * Sets of objects are shown as a whole, as the bridge does when the state's elements have more than the inputs; so is a
 * set with an element that is not known yet.
 */
function setChanges(path: string, before: Value[], after: Value[], table: ResourceTable): Found[] {
  const equal = (a: Value, b: Value) => changesIn("", "", a, b, table).length === 0;
  const gone = before.filter((old) => !after.some((value) => equal(old, value)));
  const added = after.filter((value) => holdsUnknown(value) || !before.some((old) => equal(old, value)));
  if (gone.length === 0 && added.length === 0) return [];
  if ([...gone, ...added].some((value) => isCollection(value) || value instanceof Unknown))
    return [{ path, kind: "update" }];
  const found = new Map<string, Found>();
  for (const value of gone) {
    const at = `${path}[${before.indexOf(value)}]`;
    found.set(at, { path: at, kind: "delete" });
  }
  for (const value of added) {
    const at = `${path}[${after.indexOf(value)}]`;
    found.set(at, { path: at, kind: found.has(at) ? "update" : "add" });
  }
  return [...found.values()];
}

const isCollection = (value: Value): boolean => Array.isArray(value) || isObject(value);

/** Text and numbers or booleans of the same spelling are one, as in Terraform. */
const sameScalar = (a: Value, b: Value): boolean =>
  same(a, b) || (!isCollection(a) && !isCollection(b) && String(a) === String(b));

function replacement(table: ResourceTable, name: string, before: Value, after: Value): (path: string) => boolean {
  const paths = (table.replacedBy ?? []).filter((path) => path === name || path.startsWith(`${name}.`));
  const sometimes = table.replacedWhen?.[name]?.(before, after) ?? false;
  return (path) =>
    sometimes ||
    paths.some((forcing) => path === forcing || path.startsWith(`${forcing}.`) || path.startsWith(`${forcing}[`)) ||
    // The whole object came or went.
    (path === name && paths.length > 0);
}

const withReplace = (kind: Found["kind"], replace: boolean): PropertyDiffKind => (replace ? `${kind}-replace` : kind);

export const topLevel = (paths: readonly string[]): string[] =>
  [...new Set(paths.map((path) => path.split(/[.[]/, 1)[0] ?? path))].sort();

/** The new inputs with what is to be ignored as it is in the state: `size`, `labels.role`, `rules[0].port` or `*`. */
export function ignoring(olds: Values, news: Values, paths: readonly string[]): Values {
  let result = news;
  for (const path of paths) {
    if (path === "*") return { ...olds };
    const steps = [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, key]) =>
      index === undefined ? (quoted ?? key ?? "") : Number(index),
    );
    result = asObject(pinned(olds, result, steps)) ?? result;
  }
  return result;
}

const asObject = (value: Value | undefined): Values | undefined => (isObject(value) ? value : undefined);

function pinned(
  old: Value | undefined,
  value: Value | undefined,
  [step, ...rest]: (string | number)[],
): Value | undefined {
  if (step === undefined) return old ?? undefined;
  if (typeof step === "number") {
    if (!Array.isArray(value) || step >= value.length) return value;
    const element = pinned(Array.isArray(old) ? old[step] : undefined, value[step], rest);
    return value.map((current, index) => (index === step ? (element ?? null) : current));
  }
  const before = asObject(old)?.[step];
  if (value === undefined && before === undefined) return value;
  const result: Values = { ...asObject(value) };
  const next = pinned(before, result[step], rest);
  if (next === undefined) delete result[step];
  else result[step] = next;
  return result;
}
