import type { Droplet } from "@pulumi/digitalocean/droplet.js";
import { MonitorAlert } from "@pulumi/digitalocean/monitorAlert.js";
import type * as pulumi from "@pulumi/pulumi";

/** Percent and for how long: what people can still act on, not every peak. */
const ALERTS = [
  { of: "cpu", type: "v1/insights/droplet/cpu", percent: 90, window: "1h" },
  { of: "memory", type: "v1/insights/droplet/memory_utilization_percent", percent: 90, window: "30m" },
  { of: "disk", type: "v1/insights/droplet/disk_utilization_percent", percent: 85, window: "5m" },
] as const;

/** Alerts of the metrics agent, named `<name>-cpu`, `-memory` and `-disk`. */
export function dropletAlerts(
  name: string,
  { host, droplet, emails }: { host: string; droplet: Droplet; emails: readonly string[] },
  options: pulumi.CustomResourceOptions,
): MonitorAlert[] {
  return ALERTS.map(
    ({ of, type, percent, window }) =>
      new MonitorAlert(
        `${name}-${of}`,
        {
          description: `${host}: ${of} over ${percent} % for ${window}`,
          type,
          compare: "GreaterThan",
          value: percent,
          window,
          enabled: true,
          entities: [droplet.id],
          alerts: { emails: [...emails] },
        },
        options,
      ),
  );
}
