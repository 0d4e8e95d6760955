import { type Diff, type PropertyDiffKind, Unknown, type Value, type Values } from "../provider.ts";
import type { ResourceType } from "./check-inputs.ts";
import { DEFAULTS, isObject, revealAll, withoutDefaultNotes } from "./property-values.ts";
import type { ResourceTable } from "./resource-table.ts";
import { changesIn, type Found } from "./value-diff.ts";

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
    diffs: sdk || changes.length === 0 ? changed : topLevel([...changed, ...planUnknown(type, news, changed)]),
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
export function inputChanges(type: ResourceType, olds: Values, news: Values): Change[] {
  const { table, schema } = type;
  return Object.keys(schema.inputs).flatMap((declared) => {
    const name = declared.replace("?", "");
    const [before, after] = [withoutDefaultNotes(olds[name] ?? null), plannedInput(table, name, olds, news)];
    const replace = replacement(table, name, before, after);
    const place = { path: name, name, expected: schema.inputs[declared] ?? "any" };
    const found = changesIn(place, before, withoutDefaultNotes(after), type);
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
export function planUnknown({ table, schema }: ResourceType, news: Values, changed: readonly string[]): string[] {
  const inputs = new Set(Object.keys(schema.inputs).map((name) => name.replace("?", "")));
  const open = schema.outputs.filter((name) =>
    inputs.has(name)
      ? (table.optionalComputed?.includes(name) ?? false) && (news[name] === undefined || news[name] === null)
      : true,
  );
  return open.filter((name) => {
    const cause = table.keepsUnless?.[name];
    return !table.keeps?.includes(name) && (cause === undefined || changed.includes(cause));
  });
}

type Change = Found & { replace: boolean };

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
