import * as fc from "fast-check";
import type { Estate } from "../../model/estate.ts";
import { digitalOcean, type Host, hetzner } from "../../model/host.ts";
import type { Service } from "../../model/service.ts";
import type { Settings } from "../../model/settings.ts";
import { buildbotMaster } from "../../roles/buildbot-master/role.ts";
import { buildbotWorker } from "../../roles/buildbot-worker/role.ts";
import { downloads } from "../../roles/downloads/role.ts";
import { forum } from "../../roles/forum/role.ts";
import { git } from "../../roles/git/role.ts";
import { lists } from "../../roles/lists/role.ts";
import { mail } from "../../roles/mail/role.ts";
import { prober } from "../../roles/prober/role.ts";
import { tracker } from "../../roles/tracker/role.ts";
import { wiki } from "../../roles/wiki/role.ts";

/** Settings that fit any estate of this file; tests override what they are about. */
export const someSettings: Settings = {
  estate: "example",
  admins: [{ name: "alice", keys: [`ssh-ed25519 ${"A".repeat(68)}`], groups: ["infra"] }],
  adminNetworks: ["198.51.100.0/24", "2001:db8:1::/48"],
  alertEmails: ["oncall@example.net"],
  cloudflareAccountId: "0123456789abcdef0123456789abcdef",
  mailRelay: { host: "smtp.relay.example", port: 587, spf: "spf.relay.example" },
  dkim: [{ selector: "s2026", publicKey: `${"Example".repeat(6)}0=` }],
  mirrorNetworks: ["203.0.113.16/28"],
  pools: {},
  donations: [],
  thirdPartyNetworks: {},
  cdn: true,
  dmarc: "none",
  mtaSts: "testing",
  dnssec: {},
  unprotected: [],
  includeRetired: true,
  overBudget: undefined,
};

const criticality = fc.constantFrom("high", "medium", "low");

/** Services that can share a host, each with names of its own. */
const shareable: readonly ((on: string, level: "high" | "medium" | "low") => Service)[] = [
  (on, level) => git({ on, criticality: level, name: `git-${on}.example.org`, mirror: "forge.example/project" }),
  (on, level) =>
    downloads({
      on,
      criticality: level,
      name: `dl-${on}.example.org`,
      sources: `sources-${on}.example.org`,
      rsync: `rsync-${on}.example.org`,
      keeps: "all",
      uploaders: ["buildbot-worker"],
    }),
  (on, level) =>
    buildbotMaster({
      on,
      criticality: level,
      name: `farm-${on}.example.org`,
      downloads: `dl-${on}.example.org`,
      source: "https://git.example.org/firmware.git",
      branches: [
        {
          name: "master",
          path: "master",
          git: "main",
          failLogs: true,
          frozen: false,
          targets: { "x86/64": "x86_64" },
        },
      ],
    }),
  (on, level) =>
    lists({ on, criticality: level, name: `lists-${on}.example.org`, lists: [{ name: "devel", what: "development" }] }),
  (on, level) =>
    tracker({ on, criticality: level, name: `bugs-${on}.example.org`, successor: "https://forge.example/issues" }),
  (on, level) => wiki({ on, criticality: level, name: `wiki-${on}.example.org`, pages: ["start"] }),
  (on, level) => forum({ on, criticality: level, name: `forum-${on}.example.org` }),
];

const servicesFor = (on: string) =>
  fc.tuple(fc.subarray([...shareable.keys()], { minLength: 1 }), criticality).map(([chosen, level]) =>
    chosen.map((index): [string, Service] => {
      const service = shareable[index]!(on, level);
      return [`${service.role}-${on}`, service];
    }),
  );

/** Any valid estate: up to five servers, three droplets and three workers, each host with what it may hold. */
export const arbitraryEstate: fc.Arbitrary<Estate> = fc
  .record({
    servers: fc.integer({ min: 2, max: 5 }),
    droplets: fc.integer({ min: 0, max: 3 }),
    workers: fc.integer({ min: 0, max: 3 }),
    hiddenWorkers: fc.boolean(),
  })
  .chain(({ servers, droplets, workers, hiddenWorkers }) => {
    const names = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind}-0${index + 1}`);
    const [serverNames, dropletNames, workerNames] = [
      names("server", servers),
      names("droplet", droplets),
      names("worker", workers),
    ];
    const hosts: Record<string, Host> = {};
    for (const [index, name] of [...serverNames, ...workerNames].entries())
      hosts[name] = hetzner({
        type: "cx43",
        location: "fsn1",
        privateIp: `10.0.0.${index + 11}`,
        volumeGb: 100,
        payer: index % 2 ? "ann" : "bob",
        ...(hiddenWorkers && workerNames.includes(name) ? { adminsThrough: "server-01", spread: false } : {}),
      });
    for (const name of dropletNames)
      hosts[name] = digitalOcean({ size: "s-2vcpu-4gb", region: "fra1", volumeGb: 25, payer: "ann" });
    return fc.tuple(...[...serverNames, ...dropletNames].map(servicesFor)).map((lists_): Estate => {
      const probers = serverNames
        .slice(0, 2)
        .map((on): [string, Service] => [`prober-${on}`, prober({ on, criticality: "medium" })]);
      const first = serverNames[0]!;
      const building = workerNames.map((on): [string, Service] => [on, buildbotWorker({ on, criticality: "low" })]);
      // Workers need somebody to build for, and a farm somewhere to upload to.
      const served = new Set(lists_.flat().map(([, { role }]) => role));
      const farm = building.length > 0 || served.has("buildbot-master");
      for (const service of shareable.map((make) => make(first, "low")))
        if (["buildbot-master", "downloads"].includes(service.role) && !served.has(service.role) && farm)
          building.push([`${service.role}-for-workers`, service]);
      return {
        name: "example",
        title: "Example",
        domain: "example.org",
        payers: { ann: { what: "pays" }, bob: { what: "pays too" } },
        domainsPaidBy: "ann",
        monitoringPaidBy: "bob",
        budget: { base: 1_000, perPoolHost: 50, note: "enough" },
        networks: { hetzner: "10.0.0.0/16", digitalOcean: "10.100.0.0/16" },
        maintenance: { weekday: "Tuesday", weeks: [1, 3], from: "08:00", hours: 2 },
        groups: { infra: { what: "everything", hosts: "all", sudo: true } },
        pools: {},
        zones: {
          "example.org": {
            yearlyFee: 12,
            mail: { "example.org": { mx: "mail" } },
            redirects: [{ from: "www.example.org", to: "https://example.org" }],
          },
          "old.example": { yearlyFee: 10, redirects: [{ from: "old.example", to: "https://example.org" }] },
        },
        hosts,
        services: Object.fromEntries([
          ...lists_.flat(),
          ...probers,
          ...building,
          ["mail", mail({ on: first, criticality: "high", name: "mail.example.org", domains: ["example.org"] })],
        ]),
        backups: { kind: "storageBox", name: "backup", type: "bx11", location: "hel1", payer: "ann" },
        donations: { setting: "donatedWorkers", role: "buildbot-worker", what: "lent machines" },
        thirdParties: {},
      };
    });
  });

/** Settings that vary where the blueprint depends on them. */
export const arbitrarySettings: fc.Arbitrary<Settings> = fc
  .record({
    cdn: fc.boolean(),
    donors: fc.integer({ min: 0, max: 3 }),
    dmarc: fc.constantFrom("none", "quarantine", "reject"),
    mirrors: fc.boolean(),
  })
  .map(({ cdn, donors, dmarc, mirrors }) => ({
    ...someSettings,
    cdn,
    dmarc,
    mirrorNetworks: mirrors ? someSettings.mirrorNetworks : [],
    donations: Array.from({ length: donors }, (_, index) => ({
      name: `donor-0${index + 1}`,
      ipv4: `192.0.2.${index + 7}`,
      owner: "a friend",
    })),
  }));
