import { isList, isObject, type JsonObject, type JsonValue } from "../preview-json/json-value.ts";
import type { Preview, Step } from "../preview-json/preview.ts";
import { STACK_TYPE, urnParts } from "../preview-json/urn.ts";

/** What the program says of itself in its `EstateReport`: cost, and the digest of each host's configuration. */
export interface ReportSide {
  readonly perPayer: readonly Amount[];
  readonly capped: (Amount & { readonly provider: string; readonly cap: number }) | undefined;
  readonly digests: Readonly<Record<string, string>>;
  /** Dates of the price tables, by provider. */
  readonly pricesOf: Readonly<Record<string, string>>;
}

/** Currency units per month, net. */
export interface Amount {
  readonly payer: string;
  readonly currency: string;
  readonly monthly: number;
}

/**
 * Both sides of the report. When nothing in it changes, its step is not in the preview: both sides are then what the
 * stack's outputs say. A side that is not known is undefined.
 */
export function estateReport(preview: Preview): {
  readonly before: ReportSide | undefined;
  readonly after: ReportSide | undefined;
} {
  const step = preview.steps.findLast(isReport);
  if (step) return { before: side(step.oldState?.inputs), after: side(step.newState?.inputs) };
  const stack = preview.steps.find(({ urn }) => urnParts(urn).type === STACK_TYPE);
  const unchanged = fromOutputs(stack?.oldState?.outputs);
  return { before: unchanged, after: preview.succeeded ? unchanged : undefined };
}

/** The report's own step: it makes and changes nothing at a cloud. */
export function isReport({ urn, op }: Step): boolean {
  return op !== "refresh" && urnParts(urn).type.endsWith(":EstateReport");
}

function side(inputs: JsonObject | undefined): ReportSide | undefined {
  const cost = inputs?.["cost"];
  if (!isObject(cost)) return undefined;
  const capped = cost["capped"];
  const [amount] = amounts(isObject(capped) ? [{ ...capped, payer: "" }] : []);
  return {
    perPayer: amounts(cost["perPayer"]),
    capped:
      amount && isObject(capped)
        ? { ...amount, provider: text(capped["provider"]), cap: Number(capped["cap"]) }
        : undefined,
    digests: texts(inputs?.["digests"]),
    pricesOf: texts(cost["pricesOf"]),
  };
}

/** The outputs `cost` (its line with a cap is what the cap counts) and `digests`. */
function fromOutputs(outputs: JsonObject | undefined): ReportSide | undefined {
  const lines = outputs?.["cost"];
  if (!isList(lines)) return undefined;
  const counted = lines.find((line) => isObject(line) && typeof line["cap"] === "number");
  const [capped] = amounts(counted ? [counted] : []);
  return {
    perPayer: amounts(lines.filter((line) => line !== counted)),
    capped:
      capped && isObject(counted) ? { ...capped, provider: capped.payer, cap: Number(counted["cap"]) } : undefined,
    digests: texts(outputs?.["digests"]),
    pricesOf: {},
  };
}

function amounts(value: JsonValue | undefined): Amount[] {
  const lines = isList(value) ? value.filter(isObject) : [];
  return lines.flatMap(({ payer, currency, monthly }) =>
    typeof monthly === "number" ? [{ payer: text(payer), currency: text(currency), monthly }] : [],
  );
}

function texts(value: JsonValue | undefined): Record<string, string> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.flatMap(([key, item]) => (typeof item === "string" ? [[key, item]] : [])));
}

const text = (value: JsonValue | undefined) => (typeof value === "string" ? value : "");
