import { activeEstate } from "../../../blueprint/active-estate.ts";
import { blueprintOf } from "../../../blueprint/blueprint.ts";
import { configuredHost } from "../../../blueprint/hosts.ts";
import { defineEstate } from "../../../model/estate.ts";
import { hetzner } from "../../../model/host.ts";
import type { HostConfiguration } from "../../../model/host-configuration.ts";
import type { Settings } from "../../../model/settings.ts";
import { buildbotMaster } from "../../../roles/buildbot-master/role.ts";
import { buildbotWorker } from "../../../roles/buildbot-worker/role.ts";
import type { Bundle } from "../../../roles/bundle.ts";
import { downloads } from "../../../roles/downloads/role.ts";
import { mail } from "../../../roles/mail/role.ts";
import { prober } from "../../../roles/prober/role.ts";

/** Where the test serves the source, without a host for it. */
export const SOURCE = "git://192.0.2.12/firmware.git";

/** A project with nothing but a farm: a master, a worker, one more by a setting, and a donated one. */
const estate = defineEstate({
  name: "farm",
  title: "Farm",
  domain: "example.org",
  payers: { ann: { what: "pays" } },
  domainsPaidBy: "ann",
  monitoringPaidBy: "ann",
  budget: { base: 500, perPoolHost: 100, note: "enough" },
  networks: { hetzner: "10.0.0.0/16", digitalOcean: "10.100.0.0/16" },
  maintenance: { weekday: "Tuesday", from: "08:00", hours: 2 },
  groups: { infra: { what: "everything", hosts: "all", sudo: true } },
  pools: { workers: { setting: "extraWorkers", default: 0, what: "more builds" } },
  donations: { setting: "donatedWorkers", role: "buildbot-worker", what: "lent machines" },
  hosts: {
    "build-01": hetzner({ type: "cx33", location: "fsn1", privateIp: "10.0.0.11", volumeGb: 20, payer: "ann" }),
    "downloads-01": hetzner({ type: "cx33", location: "fsn1", privateIp: "10.0.0.12", volumeGb: 20, payer: "ann" }),
    "services-01": hetzner({ type: "cx33", location: "fsn1", privateIp: "10.0.0.13", volumeGb: 20, payer: "ann" }),
    "build-02": hetzner({
      type: "cx33",
      location: "fsn1",
      privateIp: "10.0.0.14",
      volumeGb: 20,
      payer: "ann",
      pool: { pool: "workers", index: 1 },
    }),
  },
  services: {
    downloads: downloads({
      on: "downloads-01",
      criticality: "high",
      name: "downloads.example.org",
      sources: "sources.example.org",
      rsync: "rsync.example.org",
      keeps: "everything",
      uploaders: ["buildbot-master", "buildbot-worker"],
    }),
    farm: buildbotMaster({
      on: "services-01",
      criticality: "medium",
      name: "builds.example.org",
      oldNames: ["old-builds.example.org"],
      downloads: "downloads.example.org",
      source: SOURCE,
      pollSeconds: 2,
      stableSeconds: 1,
      branches: [
        {
          name: "master",
          path: "master",
          git: "main",
          failLogs: true,
          frozen: false,
          targets: { "x86/64": "x86_64", "ath79/generic": "mips_24kc" },
        },
        {
          name: "19.07",
          path: "release-19.07",
          git: "release-19.07",
          failLogs: true,
          frozen: false,
          targets: { "x86/64": "x86_64" },
        },
        {
          name: "17.01",
          path: "17.01",
          git: "release-17.01",
          host: { name: "old-builds.example.org", scheme: "http" },
          failLogs: false,
          frozen: true,
        },
      ],
      lines: { "donor-01": "home" },
    }),
    "worker-01": buildbotWorker({ on: "build-01", criticality: "low" }),
    "worker-02": buildbotWorker({ on: "build-02", criticality: "low" }),
    "prober-services": prober({ on: "services-01", criticality: "low" }),
    "prober-downloads": prober({ on: "downloads-01", criticality: "low" }),
    mail: mail({ on: "downloads-01", criticality: "low", name: "mail.example.org", domains: ["example.org"] }),
  },
  zones: { "example.org": { yearlyFee: 12, mail: { "example.org": { mx: "mail" } } } },
  backups: { kind: "storageBox", name: "backup", type: "bx11", location: "hel1", payer: "ann" },
  thirdParties: {},
});

/** A server as a deployment of the farm has it. */
export interface FarmHost {
  readonly configuration: HostConfiguration;
  readonly bundle: Bundle;
  /** User data, as in the state of the deployment. */
  readonly text: string;
}

export function farmHost(key: keyof typeof estate.hosts, admins: Settings["admins"], extraWorkers = 0): FarmHost {
  const settings: Settings = {
    estate: estate.name,
    admins,
    adminNetworks: ["198.51.100.0/24"],
    alertEmails: ["oncall@example.net"],
    cloudflareAccountId: "0".repeat(32),
    mailRelay: { host: "smtp.relay.example", port: 587, spf: "spf.relay.example" },
    dkim: [{ selector: "s2026", publicKey: `${"Example".repeat(6)}0=` }],
    mirrorNetworks: [],
    pools: { workers: extraWorkers },
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
  const host = estate.hosts[key];
  if (host?.kind !== "hetzner") throw new Error(`${key} is no server of the farm.`);
  const { configuration, bundle } = configuredHost(activeEstate(estate, settings), key, host);
  const text = blueprintOf(estate, settings).hetzner.servers.find((server) => server.key === key)?.userData ?? "";
  return { configuration, bundle, text };
}
