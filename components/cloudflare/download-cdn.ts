import { ArgoTieredCaching } from "@pulumi/cloudflare/argoTieredCaching.js";
import { Ruleset } from "@pulumi/cloudflare/ruleset.js";
import { TieredCache } from "@pulumi/cloudflare/tieredCache.js";
import * as pulumi from "@pulumi/pulumi";
import type { CacheRulePlan, ZonePlan } from "../../model/blueprint.ts";
import { CLOUDFLARE_FREE_PLAN } from "../../model/catalogue/cloudflare.ts";
import { checkArguments } from "../check-arguments.ts";
import { ruleChecks } from "./rule-checks.ts";

export interface DownloadCdnArgs {
  readonly plan: Pick<ZonePlan, "name" | "cacheRules" | "tieredCache">;
  readonly zoneId: pulumi.Input<string>;
}

/** What Cloudflare's edge keeps of a zone's downloads, and for how long. */
export class DownloadCdn extends pulumi.ComponentResource {
  constructor(name: string, args: DownloadCdnArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, zoneId } = args;
    checkArguments(
      "DownloadCdn",
      name,
      ruleChecks("plan.cacheRules", plan.cacheRules, CLOUDFLARE_FREE_PLAN.cacheRules),
    );
    super("foss-infra:cloudflare:DownloadCdn", name, {}, opts);
    if (plan.cacheRules.length > 0)
      new Ruleset(
        `${name}-cache-rules`,
        {
          zoneId,
          name: `Cache of ${plan.name}`,
          description: "What the edge keeps, and for how long",
          kind: "zone",
          phase: "http_request_cache_settings",
          rules: plan.cacheRules.map(cacheRule),
        },
        // A zone has one ruleset per phase.
        { parent: this, deleteBeforeReplace: true },
      );
    if (plan.tieredCache) this.tiers(name, zoneId);
    this.registerOutputs({});
  }

  /**
   * Two switches: whether there are tiers, and that the upper one is near the origin. The second alone does nothing;
   * Cloudflare's earlier clients set both as one (SetTieredCache in cloudflare-go before version 2).
   */
  private tiers(name: string, zoneId: pulumi.Input<string>): void {
    const tiers = new ArgoTieredCaching(`${name}-tiered-caching`, { zoneId, value: "on" }, { parent: this });
    new TieredCache(`${name}-tiered-cache`, { zoneId, value: "on" }, { parent: this, dependsOn: [tiers] });
  }
}

function cacheRule({ ref, description, expression, cache, edgeTtl, browserTtl }: CacheRulePlan) {
  return {
    ref,
    description,
    expression,
    enabled: true,
    action: "set_cache_settings",
    // Times may be set only for what is kept. Cloudflare stacks what all matching rules say, so each names both modes.
    actionParameters: cache ? { cache, edgeTtl: atEdge(edgeTtl), browserTtl: inBrowsers(browserTtl) } : { cache },
  };
}

const RESPECT_ORIGIN = { mode: "respect_origin" };
/** Value of a status' TTL that keeps nothing (developers.cloudflare.com, cache rules settings, 2024-12). */
const NO_STORE = -1;

/**
 * An overridden time would hold for every answer: a 404 seen just before a release would be kept as long as its images.
 * Only successes are kept; 304 is left out, as it follows the answer that it confirms.
 */
function atEdge(seconds: number | undefined) {
  if (seconds === undefined) return RESPECT_ORIGIN;
  const failures = [
    { from: 300, to: 303 },
    { from: 305, to: 599 },
  ];
  return {
    mode: "override_origin",
    default: seconds,
    statusCodeTtls: failures.map((statusCodeRange) => ({ statusCodeRange, value: NO_STORE })),
  };
}

const inBrowsers = (seconds: number | undefined) =>
  seconds === undefined ? RESPECT_ORIGIN : { mode: "override_origin", default: seconds };
