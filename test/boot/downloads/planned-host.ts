import { activeEstate } from "../../../blueprint/active-estate.ts";
import { blueprintOf } from "../../../blueprint/blueprint.ts";
import { configuredHost } from "../../../blueprint/hosts.ts";
import { openwrt } from "../../../estates/openwrt.ts";
import type { HostConfiguration } from "../../../model/host-configuration.ts";
import type { Settings } from "../../../model/settings.ts";
import type { Bundle } from "../../../roles/bundle.ts";

/** A server as a deployment would have it. */
export interface PlannedHost {
  readonly configuration: HostConfiguration;
  readonly bundle: Bundle;
  /** User data, as in the state of the deployment. */
  readonly text: string;
}

/** The host of the OpenWrt estate that serves downloads and git, with the admins of a test. */
export function plannedHost(admins: Settings["admins"]): PlannedHost {
  const key = "downloads-01";
  const settings: Settings = {
    estate: openwrt.name,
    admins,
    adminNetworks: ["198.51.100.0/24"],
    alertEmails: ["oncall@example.net"],
    cloudflareAccountId: "0".repeat(32),
    mailRelay: { host: "smtp.relay.example", port: 587, spf: "spf.relay.example" },
    dkim: [{ selector: "s2026", publicKey: `${"Example".repeat(6)}0=` }],
    mirrorNetworks: ["203.0.113.16/28"],
    pools: {},
    donations: [{ name: "donor-01", ipv4: "203.0.113.40", owner: "Example University" }],
    thirdPartyNetworks: {},
    cdn: true,
    dmarc: "none",
    mtaSts: "testing",
    dnssec: {},
    unprotected: [],
    includeRetired: true,
    overBudget: undefined,
  };
  const host = openwrt.hosts[key];
  if (host?.kind !== "hetzner") throw new Error(`${key} is not on Hetzner any more.`);
  const { configuration, bundle } = configuredHost(activeEstate(openwrt, settings), key, host);
  const text = blueprintOf(openwrt, settings).hetzner.servers.find((server) => server.key === key)?.userData ?? "";
  return { configuration, bundle, text };
}
