import { CLOUD_NAMES, type Existing } from "../listings/existing.ts";
import { packageOf, shortType } from "../preview-json/urn.ts";
import { type Document, type Item, type Line, line, type Section } from "./document.ts";
import type { Drift, Found, PropertyChange } from "./drift.ts";
import type { DsFinding } from "./parent-ds.ts";

/** All that one run found out. */
export interface Findings extends Drift {
  /** Undefined: the clouds were not listed. */
  readonly unmanaged: readonly Existing[] | undefined;
  readonly ds: readonly DsFinding[];
}

export type Verdict = "clean" | "drift" | "broken";

/** Broken beats drift: what a fault shows as missing may well be there. */
export function verdictOf({ broken, changed, missing, unmanaged, ds }: Findings): Verdict {
  if (broken.length > 0) return "broken";
  if (changed.length + missing.length + (unmanaged?.length ?? 0) > 0) return "drift";
  if (ds.some(({ state }) => state in DS_FAULTS)) return "drift";
  return ds.some(({ state }) => state === "unknown") ? "broken" : "clean";
}

/**
 * The report for people. The public form names resources and properties of the program, which are public anyway; what
 * the clouds hold besides (values, unmanaged things) is for maintainers alone.
 */
export function reportOf(findings: Findings, isPublic: boolean): Document {
  const verdict = verdictOf(findings);
  return {
    title: line`Drift of ${`${findings.project}/${findings.stack}`}`,
    summary: summaryOf(findings, verdict),
    sections: [
      brokenSection(findings.broken),
      // With a fault these lists are its symptoms.
      ...(findings.broken.length > 0 ? [] : differences(findings, isPublic)),
      dsSection(findings.ds, isPublic),
      ...(findings.broken.length > 0 ? [] : notes(findings)),
      verdict === "drift" ? WHAT_TO_DO : undefined,
    ].filter((section) => section !== undefined),
  };
}

function summaryOf(findings: Findings, verdict: Verdict): Line {
  const { changed, missing, unmanaged, compared } = findings;
  switch (verdict) {
    case "broken":
      return line`Nothing can be said about drift: the check itself failed.`;
    case "clean": {
      const listed = unmanaged === undefined ? "" : "; nothing unmanaged";
      return [`Clean: all ${compared} resources are as the program says${listed}.`];
    }
    case "drift": {
      const counts = [
        `${changed.length} changed`,
        `${missing.length} missing`,
        ...(unmanaged === undefined ? [] : [`${unmanaged.length} unmanaged`]),
      ];
      return [`The clouds differ from the program: ${counts.join(", ")}; ${compared} resources compared.`];
    }
    default:
      return verdict satisfies never;
  }
}

function brokenSection(broken: Findings["broken"]): Section | undefined {
  if (broken.length === 0) return undefined;
  return {
    title: "Why",
    note: "Repair this first, then check again. Do not deploy and do not refresh the state meanwhile.",
    // What the engine says is foreign, the rest are our own words.
    items: broken.map(({ kind, says }) => ({ line: kind === "failed" ? line`${says}` : [says] })),
  };
}

function differences({ missing, changed, unmanaged = [] }: Findings, isPublic: boolean): Section[] {
  const sections: Section[] = [];
  if (missing.length > 0)
    sections.push({
      title: "Missing: in the state, not in the cloud",
      items: missing.map((found) => ({ line: resource(found, found.protect ? ", protected" : "") })),
    });
  if (changed.length > 0)
    sections.push({
      title: "Changed: what the program says → what the cloud has",
      items: changed.map(({ resource: found, properties }) => ({
        line: resource(found, properties.length === 0 ? ": the provider gives no details" : ""),
        details: properties.map((property) => propertyLine(property, isPublic)),
      })),
    });
  if (unmanaged.length > 0)
    sections.push({
      title: "Unmanaged: in the cloud, not in the state",
      note: "Adopt it (docs/runbooks/adoption.md), delete it, or name its stack's export with --state.",
      items: isPublic ? countsByType(unmanaged) : unmanaged.map(unmanagedItem),
    });
  return sections;
}

const resource = ({ type, name, id }: Found, more = ""): Line =>
  id === ""
    ? line`${shortType(type)} ${name}${[more]}`
    : line`${shortType(type)} ${name} (${packageOf(type)} ${id})${[more]}`;

function propertyLine({ path, program, cloud }: PropertyChange, isPublic: boolean): Line {
  if (isPublic) return line`${path}`;
  const value = (text: string | undefined) => (text === undefined ? ["nothing"] : line`${text}`);
  return line`${path}: ${value(program)} → ${value(cloud)}`;
}

const unmanagedItem = ({ cloud, type, name, id }: Existing): Item => ({
  line: line`${[CLOUD_NAMES[cloud]]} ${shortType(type)} ${name} (${id})`,
});

function countsByType(things: readonly Existing[]): Item[] {
  const counts = Map.groupBy(things, ({ cloud, type }) => `${CLOUD_NAMES[cloud]} ${shortType(type)}`);
  return [...counts]
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([kind, all]) => ({ line: [`${all.length} × ${kind}`] }));
}

function dsSection(ds: readonly DsFinding[], isPublic: boolean): Section | undefined {
  // That a zone waits for its delegation is a matter of settings, not of the public.
  const items = ds.filter(({ state }) => state !== "fine" && !(isPublic && state === "waiting"));
  if (items.length === 0) return undefined;
  return { title: "DS records at the parent zones", items: items.map((finding) => ({ line: dsLine(finding) })) };
}

function dsLine({ zone, state, ours = "", parent, why = "" }: DsFinding): Line {
  switch (state) {
    case "waiting":
      return line`${zone} is signed. To be set at the registrar when it is to be delegated: ${ours}`;
    case "missing":
      return line`${zone}: the parent has no DS record any more. Set it at the registrar again: ${ours}`;
    case "unsigned":
      return line`${zone}: the parent has a DS record (${parent.join("; ")}), but the zone is not signed. It does not resolve for those who validate: remove the record at the registrar.`;
    case "wrong":
      return line`${zone}: the parent's DS record (${parent.join("; ")}) is not ours. The zone does not resolve for those who validate: set ours at the registrar: ${ours}`;
    case "unknown":
      return line`${zone} could not be looked up: ${why}`;
    case "fine":
      return line`${zone}: as it should be`;
    default:
      return state satisfies never;
  }
}

/** States that are drift: somebody must act at the registrar. */
const DS_FAULTS: Partial<Record<DsFinding["state"], true>> = { missing: true, unsigned: true, wrong: true };

function notes({ undeployed, noise }: Findings): Section[] {
  const sections: Section[] = [];
  if (undeployed.length > 0)
    sections.push({
      title: "Not deployed yet",
      note: "The program is ahead of the clouds. This is no drift; a deployment brings it.",
      items: undeployed.map(({ operation, resource: found }) => ({ line: line`${[operation]} ${resource(found)}` })),
    });
  if (noise.length > 0)
    sections.push({
      title: "Known noise of the providers",
      note: "Not counted.",
      items: noise.map(({ resource: found, properties, why, source }) => ({
        line: line`${resource(found)}: ${properties.map(({ path }) => path).join(", ")}${[` – ${why} (${source})`]}`,
      })),
    });
  return sections;
}

const WHAT_TO_DO: Section = {
  title: "What to do",
  items: [
    { line: ["See the details: run this check with a read-only token, as docs/runbooks/drift.md says."] },
    { line: ["The program is right: deploy it, after reading the preview with --refresh."] },
    { line: ["The cloud is right: change the estate until the preview with --refresh is empty."] },
  ],
};
