import type { RulesetArgs, RulesetState } from "@pulumi/cloudflare/ruleset.js";
import { CLOUDFLARE_FREE_PLAN } from "../../../model/catalogue/cloudflare.ts";
import { CLOUDFLARE_FREE_PHASES } from "../../../model/catalogue/cloudflare-limits.ts";
import type { Value, Values } from "../../provider.ts";
import type { CloudFile } from "../cloud-file.ts";
import { hex32, MADE_ON } from "../identifiers.ts";
import { holdsUnknown, isObject, objects, text } from "../property-values.ts";
import { type Operation, resourceTable } from "../resource-table.ts";

/** The one action that rules of these phases may have. */
const ACTIONS: Readonly<Record<string, string>> = {
  http_request_cache_settings: "set_cache_settings",
  http_request_dynamic_redirect: "redirect",
  http_request_redirect: "redirect",
  http_request_origin: "route",
  http_config_settings: "set_config",
  http_request_transform: "rewrite",
  http_request_late_transform: "rewrite",
  http_response_headers_transform: "rewrite",
};

export const ruleset = resourceTable<RulesetArgs, RulesetState>({
  kind: "framework",
  missesWhenGone: true,
  readsAs: { description: "", rules: [] },
  nestedReadsAs: { enabled: true },
  nestedComputed: ["id", "ref", "logging", "version", "lastUpdated", "categories"],
  replacedBy: ["zoneId", "accountId", "kind", "name", "phase"],
  references: { zoneId: { type: "Zone", onDelete: "delete" } },
  importPath: ["kind", "zoneId", "id"],
  check(inputs, fail) {
    const given = ["zoneId", "accountId"].filter((key) => inputs[key] !== undefined);
    if (given.length !== 1)
      fail(
        "zoneId",
        `Exactly one of zoneId and accountId must be set, found ${given.length === 0 ? "neither" : "both"}.`,
      );
    if (inputs["kind"] === "zone" && inputs["accountId"] !== undefined)
      fail("accountId", 'A ruleset of kind "zone" belongs to a zoneId.');
    for (const [index, rule] of objects(inputs, "rules").entries())
      if (!holdsUnknown(rule["expression"]) && text(rule, "expression") === "")
        fail(`rules[${index}].expression`, "A rule's expression cannot be empty.");
  },
  rules: refuseRuleset,
  created: ({ cloud, object }) => ({ version: "1", lastUpdated: MADE_ON, rules: numbered(cloud, object, []) }),
  updated: ({ cloud, object, before }) => ({
    version: String(Number(text(before, "version") || "0") + 1),
    rules: numbered(cloud, object, objects(before, "rules")),
  }),
});

/** A rule keeps its id as long as its `ref` stays. */
const numbered = (cloud: CloudFile, object: Values, before: Values[]): Values[] =>
  objects(object, "rules").map((rule) => {
    const old = before.find(({ ref }) => ref !== undefined && ref === rule["ref"]);
    const id = text(old ?? {}, "id") || hex32(`cloudflare rule ${cloud.next("rule")}`);
    return { description: "", enabled: true, ...rule, id, ref: rule["ref"] ?? id };
  });

function refuseRuleset({ id, cloud, object, refuse }: Operation): void {
  const [phase, zoneId, rules] = [text(object, "phase"), text(object, "zoneId"), objects(object, "rules")];
  const other = cloud
    .all("Ruleset")
    .find(
      ([existing, ruleset]) =>
        existing !== id &&
        zoneId !== "" &&
        text(ruleset, "zoneId") === zoneId &&
        text(ruleset, "phase") === phase &&
        text(ruleset, "kind") === "zone",
    );
  if (other && text(object, "kind") === "zone")
    refuse(
      "20217",
      `the zone has a ruleset "${text(other[1], "name")}" for phase ${phase} already; there is one per phase`,
      "Put the rules into that ruleset; a replacement must delete the old one first (deleteBeforeReplace).",
    );
  const most = zoneId === "" ? undefined : CLOUDFLARE_FREE_PHASES[phase];
  if (zoneId !== "" && most === undefined)
    refuse(
      "20012",
      `there is no phase "${phase}" for zones on the free plan`,
      `Choose one of ${Object.keys(CLOUDFLARE_FREE_PHASES).join(", ")}.`,
    );
  if (most !== undefined && rules.length > most)
    refuse(
      "20127",
      `phase ${phase} takes ${most} rules on the free plan, this ruleset has ${rules.length}`,
      "Merge rules into longer expressions.",
    );
  const references = rules.map((rule) => text(rule, "ref")).filter((ref) => ref !== "");
  const twice = references.find((ref, index) => references.indexOf(ref) !== index);
  if (twice !== undefined) refuse("20014", `two rules have the ref "${twice}"`, "Give each rule a ref of its own.");
  for (const [index, rule] of rules.entries()) {
    const which = `rule ${index + 1}${text(rule, "ref") ? ` (${text(rule, "ref")})` : ""}`;
    const action = ACTIONS[phase];
    if (action !== undefined && text(rule, "action") !== action)
      refuse(
        "20016",
        `${which} has the action "${text(rule, "action")}"; phase ${phase} takes "${action}"`,
        `Use "${action}".`,
      );
    for (const expression of expressionsIn(rule)) refuseExpression(expression, which, refuse);
  }
}

/** Every property `expression`, at any depth. */
const expressionsIn = (value: Value): string[] =>
  Array.isArray(value)
    ? value.flatMap(expressionsIn)
    : isObject(value)
      ? Object.entries(value).flatMap(([key, inside]) =>
          key === "expression" && typeof inside === "string" ? [inside] : expressionsIn(inside),
        )
      : [];

function refuseExpression(expression: string, which: string, refuse: Operation["refuse"]): void {
  if (expression.length > CLOUDFLARE_FREE_PLAN.expression)
    refuse(
      "20127",
      `the expression of ${which} has ${expression.length} characters, ${CLOUDFLARE_FREE_PLAN.expression} are allowed`,
      "Split the rule or shorten the expression.",
    );
  // The texts of a set stand next to each other: in {"a" "b"}.
  const code = expression.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\{[^{}]*\}/g, "{}");
  if (/\bmatches\b|~|\bregex_replace\s*\(/.test(code))
    refuse(
      "20127",
      `${which} uses a regular expression; the free plan has none`,
      "Use wildcard, starts_with, ends_with, contains or `in`.",
    );
  if ((code.match(/\(/g) ?? []).length !== (code.match(/\)/g) ?? []).length || code.includes('"" ""'))
    refuse(
      "20127",
      `the expression of ${which} cannot be parsed`,
      `Check its parentheses and quotes: ${expression.slice(0, 200)}`,
    );
}
