import { activeEstate } from "../../../blueprint/active-estate.ts";
import { blueprintOf } from "../../../blueprint/blueprint.ts";
import { configuredHost } from "../../../blueprint/hosts.ts";
import { defineEstate } from "../../../model/estate.ts";
import { hetzner } from "../../../model/host.ts";
import type { HostConfiguration } from "../../../model/host-configuration.ts";
import type { Settings } from "../../../model/settings.ts";
import { buildbotMaster } from "../../../roles/buildbot-master/role.ts";
import { buildbotWorker } from "../../../roles/buildbot-worker/role.ts";
import { type Bundle, hostBundle } from "../../../roles/bundle.ts";
import { downloads } from "../../../roles/downloads/role.ts";
import { git } from "../../../roles/git/role.ts";
import { mail } from "../../../roles/mail/role.ts";
import { prober } from "../../../roles/prober/role.ts";
import { someSettings } from "../../blueprint/arbitrary-estate.ts";

/** A forge of somebody else, where every repository is mirrored. */
export const FORGE = "forge.example.net";

/** A project that makes firmware: git and downloads, a master, a worker, one more by a setting, and a donated one. */
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
    git: git({ on: "downloads-01", criticality: "high", name: "git.example.org", mirror: `${FORGE}/example` }),
    downloads: downloads({
      on: "downloads-01",
      criticality: "high",
      name: "downloads.example.org",
      sources: "sources.example.org",
      rsync: "rsync.example.org",
      keeps: "everything",
      uploaders: ["buildbot-master"],
      readers: ["buildbot-worker"],
    }),
    farm: buildbotMaster({
      on: "services-01",
      criticality: "medium",
      name: "builds.example.org",
      oldNames: ["old-builds.example.org"],
      downloads: "downloads.example.org",
      source: "https://git.example.org/firmware.git",
      pollSeconds: 1,
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

/** Public addresses, which the cloud gives. */
export const ADDRESSES = {
  "build-01": "192.0.2.11",
  "downloads-01": "192.0.2.12",
  "services-01": "192.0.2.13",
  "build-02": "192.0.2.14",
} as const;

/** Names of the estate and the addresses of the hosts that answer to them. */
export const names: Readonly<Record<string, string>> = Object.fromEntries([
  ...Object.entries(ADDRESSES).map(([host, address]) => [`${host}.infra.example.org`, address]),
  ...Object.values(estate.services).flatMap((service) =>
    service.names.map(({ name }) => [name, ADDRESSES[service.on as keyof typeof ADDRESSES]] as const),
  ),
]);

/** A server as a deployment of the farm has it. */
export interface FarmHost {
  readonly configuration: HostConfiguration;
  readonly bundle: Bundle;
  /** User data, as in the state of the deployment. */
  readonly text: string;
  /** Packages of every host. */
  readonly base: readonly string[];
}

export function farmHost(key: keyof typeof estate.hosts, admins: Settings["admins"], extraWorkers = 0): FarmHost {
  const settings: Settings = {
    ...someSettings,
    estate: estate.name,
    admins,
    pools: { workers: extraWorkers },
    donations: [{ name: "donor-01", ipv4: "203.0.113.40", owner: "Example University" }],
  };
  const host = estate.hosts[key];
  if (host?.kind !== "hetzner") throw new Error(`${key} is no server of the farm.`);
  const { configuration, bundle } = configuredHost(activeEstate(estate, settings), key, host);
  const text = blueprintOf(estate, settings).hetzner.servers.find((server) => server.key === key)?.userData ?? "";
  return { configuration, bundle, text, base: hostBundle(configuration).packages };
}
