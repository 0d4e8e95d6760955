import { UptimeAlert, type UptimeAlertArgs } from "@pulumi/digitalocean/uptimeAlert.js";
import { UptimeCheck } from "@pulumi/digitalocean/uptimeCheck.js";
import * as pulumi from "@pulumi/pulumi";
import type { UptimeCheckPlan } from "../../model/blueprint.ts";
import { checkArguments, oneOf } from "../check-arguments.ts";

/** Two continents: a fault on the way from one of them is no outage. */
const REGIONS = ["eu_west", "us_east"];

/**
 * What an alert means. The values are those of the API: the typings' `downGlobal` and `sslExpiry` are refused
 * (terraform-provider-digitalocean, uptime_alert schema, 2026-08).
 */
const DOWN = { type: "down_global", comparison: "less_than", threshold: 1, period: "2m" };
/** Days: certificates are renewed a month before they end, so this says that the renewal is broken. */
const SSL_EXPIRY = { type: "ssl_expiry", comparison: "less_than", threshold: 14, period: "1h" };

export interface UptimeWatchArgs {
  readonly plan: UptimeCheckPlan;
  /** Who hears of it. DigitalOcean mails members of the team only. */
  readonly alertEmails: readonly string[];
}

/** A check from outside with the alerts that belong to it. Latency has none: nobody gets up for a slow page. */
export class UptimeWatch extends pulumi.ComponentResource {
  constructor(name: string, args: UptimeWatchArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, alertEmails } = args;
    const isUrl = plan.type !== "ping";
    checkArguments("UptimeWatch", name, [
      oneOf("plan.type", plan.type, ["http", "https", "ping"]),
      {
        argument: "plan.target",
        found: plan.target,
        ok: isUrl ? plan.target.startsWith(`${plan.type}://`) : !plan.target.includes("/"),
        allowed: isUrl ? `a URL that begins with ${plan.type}://` : "a host name or address",
      },
      { argument: "alertEmails", found: 0, ok: alertEmails.length > 0, allowed: "at least one address" },
    ]);
    super("foss-infra:digitalocean:UptimeWatch", name, {}, opts);
    const check = new UptimeCheck(
      `${name}-check`,
      { name: plan.name, type: plan.type, target: plan.target, regions: REGIONS, enabled: true },
      { parent: this },
    );
    const alert = (what: string, condition: Omit<UptimeAlertArgs, "checkId" | "notifications">) =>
      new UptimeAlert(
        `${name}-${what}`,
        {
          ...condition,
          name: `${plan.name} (${what})`,
          checkId: check.id,
          notifications: [{ emails: [...alertEmails] }],
        },
        { parent: this },
      );
    alert("down", DOWN);
    if (plan.type === "https") alert("ssl-expiry", SSL_EXPIRY);
    this.registerOutputs({});
  }
}
