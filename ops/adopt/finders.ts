import type { Existing } from "../listings/existing.ts";
import type { Outcome, Surroundings } from "./match.ts";
import { textInput, type Wanted } from "./wanted.ts";

/** How a resource of one type is recognised. */
export type Rule = (wanted: Wanted, around: Surroundings) => Outcome;

/** The first rule that finds something, be it too much. */
export function first(...rules: readonly Rule[]): Rule {
  return (wanted, around) => {
    let outcome: Outcome = { kind: "unknown" };
    for (const rule of rules) {
      const next = rule(wanted, around);
      if (next.kind !== "absent") return next;
      // The first reason is that of the surest way.
      if (outcome.kind === "unknown") outcome = next;
    }
    return outcome;
  };
}

/** The one of several that fits; of none and of many it says so. */
export function only(candidates: readonly Existing[], by: string, what: string): Outcome {
  const [one, ...others] = candidates;
  if (!one) return { kind: "absent", why: `nothing exists with ${what}` };
  if (others.length > 0) return { kind: "ambiguous", candidates: candidates.map(({ name, id }) => `${name} (${id})`) };
  return { kind: "matched", importId: one.importId, existing: one, by };
}

export function byTraits(...properties: readonly string[]): Rule {
  return (wanted, { existing }) => {
    const values = properties.map((property) => textInput(wanted, property));
    const what = properties.map((property, index) => `${property} ${values[index] ?? "(unknown)"}`).join(", ");
    if (values.includes(undefined))
      return { kind: "absent", why: `the program does not say its ${properties.join(", ")} yet` };
    const fitting = existing(wanted.type).filter(({ traits }) =>
      properties.every((property, index) => sameName(traits[property], values[index])),
    );
    return only(fitting, properties.join(" and "), what);
  };
}

/** By what it refers to, and further properties. */
export function byReferences(references: Readonly<Record<string, string>>, ...properties: readonly string[]): Rule {
  return (wanted, around) => {
    const expected = new Map<string, string>();
    for (const [property, type] of Object.entries(references)) {
      const id = around.idOf(wanted, property, type);
      if (id === undefined)
        return { kind: "absent", why: `the ${type.split(":")[2]} that it belongs to does not exist` };
      expected.set(property, id);
    }
    for (const property of properties) {
      const value = textInput(wanted, property);
      if (value === undefined) return { kind: "absent", why: `the program does not say its ${property} yet` };
      expected.set(property, value);
    }
    const fitting = around
      .existing(wanted.type)
      .filter(({ traits }) => [...expected].every(([property, value]) => traits[property] === value));
    const what = [...expected].map(([property, value]) => `${property} ${value}`).join(", ");
    return only(fitting, [...expected.keys()].join(" and "), what);
  };
}

export function notImportable(why: string): Rule {
  return () => ({ kind: "notImportable", why });
}

/**
 * By the key itself: taking over another key under the same name would replace it, and with it everything that counts on
 * it. Hetzner refuses a second key of the same name.
 */
export function sshKey(namesAreUnique: boolean): Rule {
  return (wanted, { existing }) => {
    const key = keyOf(textInput(wanted, "publicKey"));
    const name = textInput(wanted, "name");
    const fitting = existing(wanted.type).filter(
      ({ traits }) => key !== undefined && keyOf(traits["publicKey"]) === key,
    );
    const namesake = existing(wanted.type).find(({ traits }) => sameName(traits["name"], name));
    if (fitting.length === 0 && namesake && namesAreUnique)
      return { kind: "blocked", by: `another key has the name ${name} (${namesake.id}): rename or delete it` };
    return only(fitting, "public key", "that public key");
  };
}

export const sameName = (trait: string | readonly string[] | undefined, value: string | undefined) =>
  typeof trait === "string" && value !== undefined && trait.toLowerCase() === value.toLowerCase();

/** Type and key without the comment. */
const keyOf = (text: string | readonly string[] | undefined) =>
  typeof text === "string" ? text.trim().split(/\s+/).slice(0, 2).join(" ") : undefined;
