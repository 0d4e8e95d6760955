import { defineEstate } from "../model/estate.ts";
import { digitalOcean, hetzner } from "../model/host.ts";
import { buildbotMaster } from "../roles/buildbot-master/role.ts";
import { buildbotWorker } from "../roles/buildbot-worker/role.ts";
import { downloads } from "../roles/downloads/role.ts";
import { forum } from "../roles/forum/role.ts";
import { git } from "../roles/git/role.ts";
import { lists } from "../roles/lists/role.ts";
import { mail } from "../roles/mail/role.ts";
import { prober } from "../roles/prober/role.ts";
import { tracker } from "../roles/tracker/role.ts";
import { wiki } from "../roles/wiki/role.ts";
import { lede } from "./lede.ts";

/**
 * OpenWrt, with the LEDE domain that it absorbed.
 *
 * To add a service: one entry under `services`; its host, if it needs one, under `hosts`. Names, firewall, volume,
 * backups, monitoring, cost and documentation follow.
 */
export const openwrt = defineEstate({
  name: "openwrt",
  title: "OpenWrt",
  domain: "openwrt.org",

  payers: {
    "core-1": { what: "core team member, pays Hetzner servers" },
    "core-2": { what: "core team member, pays Hetzner servers" },
    "core-3": { what: "core team member, pays the other fees" },
    digitalocean: { what: "DigitalOcean sponsors the wiki and forum droplets as part of its support for open source" },
    unfunded: { what: "nobody has stepped up to pay for the planned servers yet" },
  },
  domainsPaidBy: "core-3",
  monitoringPaidBy: "core-3",
  budget: { base: 150, perPoolHost: 50, note: "about 50 euros a month for each Hetzner server" },

  networks: { hetzner: "10.0.0.0/16", digitalOcean: "10.100.0.0/16" },
  maintenance: { weekday: "Wednesday", from: "04:00", hours: 2 },
  groups: {
    infra: { what: "administrators of everything", hosts: "all", sudo: true },
    build: {
      what: "maintainers of the build farm",
      hosts: ["build-01", "build-02", "build-03", "services-01"],
      sudo: false,
    },
  },
  pools: {
    workers: {
      setting: "extraWorkers",
      default: 0,
      what: "the two further servers that the project plans for more builds and disk",
    },
  },
  donations: {
    setting: "donatedWorkers",
    role: "buildbot-worker",
    what: "machines that private parties lend to the build farm",
  },

  hosts: {
    // Three servers of 16 threads and 32 GB: the shape of the dedicated EX40 servers that they replace. 950 GB of
    // volumes is what the budget leaves; the 4–5 TB of all releases ever made would cost 286 euros.
    "build-01": hetzner({ type: "cx53", location: "fsn1", privateIp: "10.0.0.11", volumeGb: 200, payer: "core-1" }),
    "downloads-01": hetzner({
      type: "cx53",
      location: "fsn1",
      privateIp: "10.0.0.12",
      volumeGb: 600,
      payer: "core-1",
      // About 1 TB a day of web traffic reached the origin without a CDN (openwrt-devel, January 2026).
      egressTb: { cdn: 10, direct: 30 },
    }),
    "services-01": hetzner({ type: "cx53", location: "fsn1", privateIp: "10.0.0.13", volumeGb: 150, payer: "core-2" }),

    "build-02": hetzner({
      type: "cx53",
      location: "fsn1",
      privateIp: "10.0.0.14",
      volumeGb: 200,
      payer: "unfunded",
      pool: { pool: "workers", index: 1 },
    }),
    "build-03": hetzner({
      type: "cx53",
      location: "fsn1",
      privateIp: "10.0.0.15",
      volumeGb: 200,
      payer: "unfunded",
      pool: { pool: "workers", index: 2 },
    }),

    // The only droplets: DigitalOcean gives servers for documentation and forum.
    "wiki-01": digitalOcean({ size: "s-1vcpu-2gb", region: "fra1", volumeGb: 25, payer: "digitalocean" }),
    "forum-01": digitalOcean({ size: "s-2vcpu-4gb", region: "fra1", volumeGb: 50, payer: "digitalocean" }),
  },

  services: {
    wiki: wiki({
      on: "wiki-01",
      criticality: "high",
      name: "openwrt.org",
      pages: ["start", "docs:start", "downloads"],
    }),
    forum: forum({ on: "forum-01", criticality: "medium", name: "forum.openwrt.org" }),
    git: git({
      on: "downloads-01",
      criticality: "high",
      name: "git.openwrt.org",
      aliases: ["git.lede-project.org"],
      mirror: "github.com/openwrt",
    }),
    downloads: downloads({
      on: "downloads-01",
      criticality: "high",
      name: "downloads.openwrt.org",
      sources: "sources.openwrt.org",
      rsync: "rsync.openwrt.org",
      keeps: "snapshots and the releases since 17.01; older ones are archived elsewhere",
      uploaders: ["buildbot-master"],
      readers: ["buildbot-worker"],
    }),
    buildbot: buildbotMaster({
      on: "services-01",
      criticality: "medium",
      name: "buildbot.openwrt.org",
      oldNames: ["release-builds.openwrt.org"],
      downloads: "downloads.openwrt.org",
      source: "https://git.openwrt.org/openwrt/openwrt.git",
      feeds: ["https://git.openwrt.org/feed/packages.git", "https://git.openwrt.org/project/luci.git"],
      // The targets that most devices have; one more is one more line.
      branches: [
        {
          name: "master",
          path: "master",
          git: "master",
          failLogs: true,
          frozen: false,
          targets: {
            "x86/64": "x86_64",
            "ath79/generic": "mips_24kc",
            "ramips/mt7621": "mipsel_24kc",
            "mediatek/filogic": "aarch64_cortex-a53",
          },
        },
        {
          name: "19.07",
          path: "openwrt-19.07",
          git: "openwrt-19.07",
          failLogs: true,
          frozen: false,
          targets: { "x86/64": "x86_64", "ath79/generic": "mips_24kc", "ramips/mt7621": "mipsel_24kc" },
        },
        {
          name: "18.06",
          path: "openwrt-18.06",
          git: "openwrt-18.06",
          failLogs: true,
          frozen: false,
          targets: { "x86/64": "x86_64", "ar71xx/generic": "mips_24kc", "ramips/mt7621": "mipsel_24kc" },
        },
        {
          name: "17.01",
          path: "17.01",
          git: "lede-17.01",
          host: { name: "release-builds.openwrt.org", scheme: "http" },
          // The project's page says "TODO" where the others link theirs.
          failLogs: false,
          // Old toolchains need old build hosts: what was built stays served.
          frozen: true,
        },
      ],
    }),
    "worker-01": buildbotWorker({ on: "build-01", criticality: "medium" }),
    "worker-02": buildbotWorker({ on: "build-02", criticality: "medium" }),
    "worker-03": buildbotWorker({ on: "build-03", criticality: "medium" }),
    mail: mail({
      on: "services-01",
      criticality: "high",
      name: "mail.openwrt.org",
      domains: ["openwrt.org", "lists.openwrt.org", "forum.openwrt.org"],
    }),
    lists: lists({
      on: "services-01",
      criticality: "high",
      name: "lists.openwrt.org",
      lists: [
        { name: "openwrt-adm", what: "administrative matters" },
        { name: "openwrt-devel", what: "development" },
      ],
    }),
    tracker: tracker({
      on: "services-01",
      criticality: "low",
      name: "bugs.openwrt.org",
      successor: "https://github.com/openwrt/openwrt/issues",
    }),
    "prober-services": prober({ on: "services-01", criticality: "medium" }),
    "prober-downloads": prober({ on: "downloads-01", criticality: "medium" }),
  },

  zones: {
    "openwrt.org": {
      yearlyFee: 15,
      mail: {
        "openwrt.org": { mx: "mail" },
        "lists.openwrt.org": { mx: "mail" },
        // Discourse sends from its own name; bounces come back to it.
        "forum.openwrt.org": { mx: "mail" },
      },
      redirects: [{ from: "www.openwrt.org", to: "https://openwrt.org" }],
    },
    "lede-project.org": lede,
  },

  backups: { kind: "storageBox", name: "backup", type: "bx11", location: "hel1", payer: "core-2" },

  thirdParties: {
    github: {
      name: "GitHub",
      url: "https://github.com/openwrt",
      what: "clones of the repositories, and today's bug reports",
    },
    "github-lede": { name: "GitHub", url: "https://github.com/lede-project", what: "LEDE's clones, kept for reading" },
    "lede-adm": {
      name: "lists.infradead.org",
      url: "http://lists.infradead.org/mailman/listinfo/lede-adm",
      what: "LEDE's administrative list, run by infradead.org",
    },
    "lede-dev": {
      name: "lists.infradead.org",
      url: "http://lists.infradead.org/mailman/listinfo/lede-dev",
      what: "LEDE's development list, run by infradead.org",
    },
    keycdn: {
      name: "KeyCDN",
      url: "https://www.keycdn.com/",
      what: "gave the first delivery network; it has no provider here, so Cloudflare does that work",
    },
  },

  notes: [
    "The former physical servers are clouds' virtual ones here: clouds give nothing else.",
    "As of late 2016 two core team members paid the Hetzner servers and a third the other fees; nobody pays for new ones.",
    "LEDE wanted its two further servers by the first quarter of 2017; they are the same two.",
    "Crowdfunding was discussed in private, without public news.",
  ],
});
