import { Ruleset } from "@pulumi/cloudflare/ruleset.js";
import * as pulumi from "@pulumi/pulumi";
import type { RedirectRulePlan, ZonePlan } from "../../model/blueprint.ts";
import { CLOUDFLARE_FREE_PLAN } from "../../model/catalogue/cloudflare.ts";
import { checkArguments } from "../check-arguments.ts";
import { ruleChecks } from "./rule-checks.ts";

export interface ZoneRedirectsArgs {
  readonly plan: Pick<ZonePlan, "name" | "redirectRules">;
  readonly zoneId: pulumi.Input<string>;
}

/** Names of a zone that the edge answers by itself with another address. */
export class ZoneRedirects extends pulumi.ComponentResource {
  constructor(name: string, args: ZoneRedirectsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, zoneId } = args;
    const limit = CLOUDFLARE_FREE_PLAN.redirectRules;
    checkArguments("ZoneRedirects", name, ruleChecks("plan.redirectRules", plan.redirectRules, limit));
    super("foss-infra:cloudflare:ZoneRedirects", name, {}, opts);
    if (plan.redirectRules.length > 0)
      new Ruleset(
        `${name}-redirect-rules`,
        {
          zoneId,
          name: `Redirects of ${plan.name}`,
          description: "Names that moved elsewhere",
          kind: "zone",
          phase: "http_request_dynamic_redirect",
          rules: plan.redirectRules.map(redirectRule),
        },
        // A zone has one ruleset per phase.
        { parent: this, deleteBeforeReplace: true },
      );
    this.registerOutputs({});
  }
}

function redirectRule({ ref, description, expression, target, status, preserveQuery }: RedirectRulePlan) {
  return {
    ref,
    description,
    expression,
    enabled: true,
    action: "redirect",
    actionParameters: {
      fromValue: { statusCode: status, targetUrl: { expression: target }, preserveQueryString: preserveQuery },
    },
  };
}
