import type { MonitorAlertArgs, MonitorAlertState } from "@pulumi/digitalocean/monitorAlert.js";
import type { UptimeAlertArgs, UptimeAlertState } from "@pulumi/digitalocean/uptimeAlert.js";
import type { UptimeCheckArgs, UptimeCheckState } from "@pulumi/digitalocean/uptimeCheck.js";
import { UPTIME_REGIONS } from "../../../model/catalogue/digitalocean-limits.ts";
import type { Values } from "../../provider.ts";
import { inner, items, objects, text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";

const DROPLET_METRICS = [
  "cpu",
  "memory_utilization_percent",
  "disk_utilization_percent",
  "public_outbound_bandwidth",
  "public_inbound_bandwidth",
  "private_outbound_bandwidth",
  "private_inbound_bandwidth",
  "disk_read",
  "disk_write",
  "load_1",
  "load_5",
  "load_15",
].map((metric) => `v1/insights/droplet/${metric}`);

type Fail = (property: string, reason: string) => void;

function oneOf(inputs: Values, property: string, allowed: readonly string[], fail: Fail): void {
  const value = inputs[property];
  if (typeof value === "string" && !allowed.includes(value))
    fail(property, `${property} is one of ${allowed.join(", ")}, found "${value}".`);
}

const monitorAlert = resourceTable<MonitorAlertArgs, MonitorAlertState>({
  kind: "sdk",
  missesWhenGone: true,
  defaults: { enabled: true },
  readsAs: { enabled: true },
  sets: ["entities", "tags"],
  check(inputs, fail) {
    oneOf(inputs, "type", DROPLET_METRICS, fail);
    oneOf(inputs, "compare", ["GreaterThan", "LessThan"], fail);
    oneOf(inputs, "window", ["5m", "10m", "30m", "1h"], fail);
    if (typeof inputs["value"] === "number" && inputs["value"] < 0)
      fail("value", `value is at least 0, found ${inputs["value"]}.`);
  },
  rules({ object, cloud, refuse }) {
    const alerts = inner(object, "alerts");
    if (items(alerts, "emails").length === 0 && objects(alerts, "slacks").length === 0)
      refuse(
        "unprocessable_entity",
        "alerts names neither an e-mail address nor a Slack channel",
        "Name at least one recipient.",
      );
    const missing = items(object, "entities").find((droplet) => cloud.get("Droplet", String(droplet)) === undefined);
    if (missing !== undefined)
      refuse(
        "not_found",
        `entities names droplet ${String(missing)}, which does not exist`,
        "Refer to ids of Droplets.",
      );
  },
  derived: (_object, id) => ({ uuid: id }),
});

const uptimeCheck = resourceTable<UptimeCheckArgs, UptimeCheckState>({
  kind: "sdk",
  missesWhenGone: true,
  autoName: { maximum: 255 },
  defaults: { enabled: true, type: "https" },
  readsAs: { enabled: true, type: "https" },
  sets: ["regions"],
  check: (inputs, fail) => oneOf(inputs, "type", ["ping", "http", "https"], fail),
  rules({ object, refuse }) {
    const [type, target] = [text(object, "type"), text(object, "target")];
    const valid =
      type === "ping" ? /^[a-zA-Z0-9.:-]+$/.test(target) : URL.canParse(target) && target.startsWith(`${type}://`);
    if (!valid)
      refuse(
        "unprocessable_entity",
        `target "${target}" does not fit a check of type ${type}`,
        type === "ping" ? "Give a host name or address." : `Give a URL beginning with ${type}://.`,
      );
    const strange = items(object, "regions").find((region) => !UPTIME_REGIONS.includes(String(region)));
    if (strange !== undefined)
      refuse(
        "unprocessable_entity",
        `there is no region "${String(strange)}" for checks`,
        `Choose from ${UPTIME_REGIONS.join(", ")}.`,
      );
  },
});

const uptimeAlert = resourceTable<UptimeAlertArgs, UptimeAlertState>({
  kind: "sdk",
  missesWhenGone: true,
  autoName: { maximum: 255 },
  references: { checkId: { type: "UptimeCheck", onDelete: "delete" } },
  importPath: ["checkId", "id"],
  check(inputs, fail) {
    oneOf(inputs, "type", ["latency", "down", "down_global", "ssl_expiry"], fail);
    oneOf(inputs, "comparison", ["greater_than", "less_than"], fail);
    oneOf(inputs, "period", ["2m", "3m", "5m", "10m", "15m", "30m", "1h"], fail);
  },
  rules({ object, refuse }) {
    const notified = objects(object, "notifications").some(
      (to) => items(to, "emails").length + objects(to, "slacks").length > 0,
    );
    if (!notified)
      refuse(
        "unprocessable_entity",
        "notifications names neither an e-mail address nor a Slack channel",
        "Name at least one recipient.",
      );
    if (["latency", "ssl_expiry"].includes(text(object, "type")) && object["threshold"] == null)
      refuse(
        "unprocessable_entity",
        `an alert of type ${text(object, "type")} needs a threshold`,
        text(object, "type") === "latency" ? "Give milliseconds." : "Give days.",
      );
  },
});

export const monitoringTables = { MonitorAlert: monitorAlert, UptimeAlert: uptimeAlert, UptimeCheck: uptimeCheck };
