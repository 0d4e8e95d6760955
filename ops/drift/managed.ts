import { readFileSync } from "node:fs";
import * as z from "zod";
import type { CloudName, Existing } from "../listings/existing.ts";
import type { Preview } from "../preview-json/preview.ts";
import { packageOf, urnParts } from "../preview-json/urn.ts";
import { EXIT, Refusal } from "../refusal.ts";

/** A resource that a state knows: its type and id say which thing in a cloud it is. */
export interface Managed {
  readonly type: string;
  readonly id: string;
}

/** Resources of the state that a refresh went through. */
export function managedIn({ steps }: Preview): Managed[] {
  return steps.flatMap(({ urn, oldState }) =>
    oldState?.custom && oldState.id ? [{ type: urnParts(urn).type, id: oldState.id }] : [],
  );
}

/**
 * Resources of a stack from `pulumi stack export`.
 * @throws Refusal
 */
export function managedInExport(file: string): Managed[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
  const state = EXPORT.safeParse(parsed);
  if (!state.success)
    throw unreadable(file, `at ${state.error.issues[0]?.path.map(String).join(".") || "its top level"}`);
  return state.data.deployment.resources.flatMap(({ type, id, custom }) => (custom && id ? [{ type, id }] : []));
}

const EXPORT = z.object({
  deployment: z.object({
    resources: z.array(z.object({ type: z.string(), id: z.string().optional(), custom: z.boolean().optional() })),
  }),
});

const unreadable = (file: string, why: string) =>
  new Refusal(EXIT.failed, `${file} is no exported state: ${why}.\n  Make one: pulumi stack export --file ${file}`);

const CLOUDS: readonly CloudName[] = ["hcloud", "digitalocean", "cloudflare"];

/** The clouds in which a state has something. */
export const cloudsOf = (managed: readonly Managed[]): CloudName[] =>
  CLOUDS.filter((cloud) => managed.some(({ type }) => packageOf(type) === cloud));

/**
 * What a cloud has and no state knows. Of a zone that is not managed only the zone itself is named: its records are its
 * owner's.
 */
export function unmanaged(existing: readonly Existing[], managed: readonly Managed[]): Existing[] {
  const known = new Set(managed.map(({ type, id }) => `${type} ${id}`));
  const isKnown = ({ type, id }: Pick<Existing, "type" | "id">) => known.has(`${type} ${id}`);
  return existing.filter((thing) => {
    if (!thing.standalone || isKnown(thing)) return false;
    const { zoneId } = thing.traits;
    return typeof zoneId !== "string" || isKnown({ type: ZONE, id: zoneId });
  });
}

export const ZONE = "cloudflare:index/zone:Zone";
