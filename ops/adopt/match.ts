import type { Existing } from "../listings/existing.ts";
import { RULES } from "./matching-rules.ts";
import { textInput, type Wanted } from "./wanted.ts";

/** What there is for a resource that the program wants. */
export type Outcome =
  | {
      readonly kind: "matched";
      readonly importId: string;
      readonly existing: Existing | undefined;
      readonly by: string;
    }
  /** Several fit; nobody but a person can say which. */
  | { readonly kind: "ambiguous"; readonly candidates: readonly string[] }
  /** Something else stands where this must be created. */
  | { readonly kind: "blocked"; readonly by: string }
  /** Nothing like it exists: the first deployment creates it. */
  | { readonly kind: "absent"; readonly why: string }
  /** The provider cannot import it; the first deployment makes it, which changes nothing where it exists. */
  | { readonly kind: "notImportable"; readonly why: string }
  /** No listing knows this type. */
  | { readonly kind: "unknown" };

/** What the rules may ask for. */
export interface Surroundings {
  /** All that exists of a type. */
  readonly existing: (type: string) => readonly Existing[];
  /** All that the program wants of a type. */
  readonly wanted: (type: string) => readonly Wanted[];
  /** The wanted resource of a type that belongs to the same thing: a sibling, or one of the same host or zone. */
  readonly related: (wanted: Wanted, type: string) => Wanted | undefined;
  /** The id of what a reference points to: known to the program already, or of what was matched. */
  readonly idOf: (wanted: Wanted, property: string, type: string) => string | undefined;
}

/** Finds for each wanted resource what exists. Never takes one thing for two, nor one of several that fit equally well. */
export function matchAll(wanted: readonly Wanted[], existing: readonly Existing[]): Map<Wanted, Outcome> {
  const outcomes = new Map<Wanted, Outcome>();
  const existingByType = Map.groupBy(existing, ({ type }) => type);
  const wantedByType = Map.groupBy(wanted, ({ type }) => type);

  const surroundings: Surroundings = {
    existing: (type) => existingByType.get(type) ?? [],
    wanted: (type) => wantedByType.get(type) ?? [],
    related: (one, type) => relatedOf(one, wantedByType.get(type) ?? []),
    idOf: (one, property, type) => {
      const known = textInput(one, property);
      if (known !== undefined) return known;
      const other = relatedOf(one, wantedByType.get(type) ?? []);
      const outcome = other && outcomeOf(other);
      return outcome?.kind === "matched" ? outcome.existing?.id : undefined;
    },
  };

  function outcomeOf(one: Wanted): Outcome {
    const known = outcomes.get(one);
    if (known) return known;
    // Rules only ask for what theirs depends on; a circle would be a mistake in them and must not go on for ever.
    outcomes.set(one, { kind: "absent", why: "it depends on itself" });
    const outcome = RULES[one.type]?.(one, surroundings) ?? { kind: "unknown" };
    outcomes.set(one, outcome);
    return outcome;
  }

  for (const one of wanted) outcomeOf(one);
  return withoutDoubles(outcomes);
}

/**
 * Of several, the one with the longest common beginning of the name: `git-ipv4-ptr` belongs to `git-ipv4`. Undefined
 * when that does not decide.
 */
function relatedOf(one: Wanted, all: readonly Wanted[]): Wanted | undefined {
  const others = all.filter((other) => other !== one);
  const near = [
    others.filter(({ parent }) => parent === one.parent),
    others.filter(({ component }) => component !== undefined && component === one.component),
    others,
  ].find((some) => some.length > 0);
  if (!near || near.length === 1) return near?.[0];
  const named = near
    .filter(({ name }) => one.name.startsWith(`${name}-`))
    .sort((a, b) => b.name.length - a.name.length);
  return named[0];
}

/** Two that claim the same thing: neither gets it. */
function withoutDoubles(outcomes: ReadonlyMap<Wanted, Outcome>): Map<Wanted, Outcome> {
  const claims = Map.groupBy(outcomes, ([{ type }, outcome]) =>
    outcome.kind === "matched" ? `${type} ${outcome.importId}` : undefined,
  );
  const doubles = [...claims].filter(([claim, claimants]) => claim !== undefined && claimants.length > 1);
  const result = new Map(outcomes);
  for (const [, claimants] of doubles)
    for (const [one, outcome] of claimants)
      if (outcome.kind === "matched")
        result.set(one, {
          kind: "ambiguous",
          candidates: [
            `${outcome.existing?.name ?? outcome.importId}, which ${claimants.map(([{ name }]) => name).join(" and ")} both fit`,
          ],
        });
  return result;
}
