import { defineEstate } from "../model/estate.ts";
import { digitalOcean, hetzner } from "../model/host.ts";
import { retired } from "../model/service.ts";
import { backupServer } from "../roles/backup-server/role.ts";
import { blog } from "../roles/blog/role.ts";
import { ci } from "../roles/ci/role.ts";
import { ciLogs } from "../roles/ci-logs/role.ts";
import { ciNode } from "../roles/ci-node/role.ts";
import { dashboards } from "../roles/dashboards/role.ts";
import { database } from "../roles/database/role.ts";
import { databaseReplica } from "../roles/database-replica/role.ts";
import { dlrnBuilder } from "../roles/dlrn-builder/role.ts";
import { dlrnInstance } from "../roles/dlrn-instance/role.ts";
import { dlrnTrunk } from "../roles/dlrn-trunk/role.ts";
import { gerrit } from "../roles/gerrit/role.ts";
import { images } from "../roles/images/role.ts";
import { planet } from "../roles/planet/role.ts";
import { prober } from "../roles/prober/role.ts";
import { registry } from "../roles/registry/role.ts";
import { status } from "../roles/status/role.ts";
import { website } from "../roles/website/role.ts";
import { thirdParties } from "./rdo-third-parties.ts";

const NODE = {
  // 8 GB for the jobs of an OpenStack service; the image is what the packages are for. 8.99 euros with its address.
  type: "cx33",
  location: "fsn1",
  image: "centos-stream-10",
  payer: "hosting",
  // They run code that nobody has reviewed: from outside no port is open, and admins come through CI's host.
  adminsThrough: "ci-01",
  spread: false,
} as const;

/**
 * RDO: OpenStack's packages for CentOS and Red Hat's distributions.
 *
 * The servers that ran in RDO Cloud and in ci.centos.org are at Hetzner here; what must survive the loss of that cloud
 * (the database's replica, the backups, the page that says what works) is at DigitalOcean.
 */
export const rdo = defineEstate({
  name: "rdo",
  title: "RDO",
  domain: "rdoproject.org",

  // The page names no payers. Two of them, so that an unpaid bill never takes the originals and the copies at once.
  payers: {
    hosting: { what: "pays the servers at Hetzner, as the sponsors of RDO Cloud gave them before" },
    offsite: { what: "pays the replica, the backups and the checks at DigitalOcean" },
    community: { what: "pays the domain" },
  },
  domainsPaidBy: "community",
  monitoringPaidBy: "offsite",
  budget: {
    base: 160,
    perPoolHost: 9,
    note: "no page says what RDO may spend: what the hosts below cost (155.67 euros), rounded up",
  },

  networks: { hetzner: "10.10.0.0/16", digitalOcean: "10.110.0.0/16" },
  // The days are the project's; hour and length are our choice.
  maintenance: { weekday: "Tuesday", weeks: [1, 3], from: "08:00", hours: 4 },
  groups: {
    infra: { what: "administrators of everything", hosts: "all", sudo: true },
    "review-core": {
      what: "core administrators of review and CI",
      hosts: ["review-01", "ci-01", "node-01", "node-02", "node-03", "node-04", "node-05", "node-06"],
      sudo: true,
    },
  },
  pools: {
    nodes: { setting: "testNodes", default: 2, what: "machines that run the jobs of changes" },
  },

  hosts: {
    // Static pages that are built elsewhere: the smallest server is enough, and nothing to keep.
    "web-01": hetzner({ type: "cx23", location: "fsn1", privateIp: "10.10.0.11", payer: "hosting" }),
    // Apart from the other pages: WordPress and its plugins are what is broken into most.
    "blogs-01": hetzner({ type: "cx23", location: "fsn1", privateIp: "10.10.0.12", volumeGb: 10, payer: "hosting" }),
    // Four builds in mock at once want 2 cores and 4 GB each. Dedicated cores of that size cost 138 euros.
    "builder-01": hetzner({
      type: "cx43",
      location: "fsn1",
      image: "centos-stream-10",
      privateIp: "10.10.0.13",
      volumeGb: 300,
      payer: "hosting",
    }),
    // As large as the builder's: it holds the same repositories.
    "trunk-01": hetzner({ type: "cx33", location: "fsn1", privateIp: "10.10.0.14", volumeGb: 300, payer: "hosting" }),
    // A few GB of build records, which fit in memory.
    "db-01": hetzner({ type: "cx23", location: "fsn1", privateIp: "10.10.0.15", volumeGb: 20, payer: "hosting" }),
    "packaging-01": hetzner({
      type: "cx33",
      location: "fsn1",
      image: "centos-stream-10",
      privateIp: "10.10.0.16",
      volumeGb: 50,
      payer: "hosting",
    }),
    // Gerrit keeps its caches on the heap of a Java VM: 8 GB.
    "review-01": hetzner({ type: "cx33", location: "fsn1", privateIp: "10.10.0.17", volumeGb: 50, payer: "hosting" }),
    // Zuul's services, ZooKeeper and PostgreSQL together: 16 GB.
    "ci-01": hetzner({ type: "cx43", location: "fsn1", privateIp: "10.10.0.18", volumeGb: 20, payer: "hosting" }),
    "images-01": hetzner({ type: "cx23", location: "fsn1", privateIp: "10.10.0.19", volumeGb: 200, payer: "hosting" }),
    // Registry and logs share what CI has made and can make again.
    "artifacts-01": hetzner({
      type: "cx23",
      location: "fsn1",
      privateIp: "10.10.0.20",
      volumeGb: 200,
      payer: "hosting",
    }),

    "node-01": hetzner({ ...NODE, privateIp: "10.10.1.11", pool: { pool: "nodes", index: 1 } }),
    "node-02": hetzner({ ...NODE, privateIp: "10.10.1.12", pool: { pool: "nodes", index: 2 } }),
    "node-03": hetzner({ ...NODE, privateIp: "10.10.1.13", pool: { pool: "nodes", index: 3 } }),
    "node-04": hetzner({ ...NODE, privateIp: "10.10.1.14", pool: { pool: "nodes", index: 4 } }),
    "node-05": hetzner({ ...NODE, privateIp: "10.10.1.15", pool: { pool: "nodes", index: 5 } }),
    "node-06": hetzner({ ...NODE, privateIp: "10.10.1.16", pool: { pool: "nodes", index: 6 } }),

    // 600 GB of volumes have backups; the rest is a replica of 20 GB and old versions. 108.80 dollars.
    "backup-01": digitalOcean({ size: "s-2vcpu-4gb", region: "ams3", volumeGb: 800, payer: "offsite" }),
    // One page. 7.20 dollars.
    "status-01": digitalOcean({ size: "s-1vcpu-1gb", region: "ams3", payer: "offsite" }),
  },

  // How soon each must be back is the project's own list; what it does not name is as critical as what depends on it.
  services: {
    www: website({
      on: "web-01",
      criticality: "high",
      name: "rdoproject.org",
      pages: [
        "/blog/2016/07/improving-the-rdo-trunk-infrastructure/",
        "/infra/review-rdo-infra-core",
        "/infra/service-continuity",
        "/infra/maintenance-windows",
      ],
    }),
    builder: dlrnBuilder({
      on: "builder-01",
      criticality: "medium",
      sources: [thirdParties["rdo-packages"], thirdParties["redhat-openstack"]],
    }),
    trunk: dlrnTrunk({
      on: "trunk-01",
      criticality: "high",
      name: "trunk.rdoproject.org",
      mirroredBy: [thirdParties["centos-buildlogs"], thirdParties["centos-cloud-sig"]],
    }),
    database: database({
      on: "db-01",
      criticality: "high",
      name: "dlrn-db.rdoproject.org",
      clients: ["builder-01", "trunk-01", "backup-01"],
    }),
    replica: databaseReplica({
      on: "backup-01",
      criticality: "high",
      of: "database",
      primary: "dlrn-db.rdoproject.org",
    }),
    backup: backupServer({ on: "backup-01", criticality: "high", name: "backup.rdoproject.org" }),
    "rpm-packaging": retired(
      dlrnInstance({
        on: "packaging-01",
        criticality: "low",
        name: "rpm-packaging-ci.rdoproject.org",
        builds: thirdParties["rpm-packaging"],
      }),
      "2022-09, redhat-openstack/website c4a32d5",
    ),
    review: gerrit({
      on: "review-01",
      criticality: "medium",
      name: "review.rdoproject.org",
      replicatesTo: [thirdParties["rdo-packages"], thirdParties["rdo-infra"], thirdParties["redhat-openstack"]],
    }),
    ci: ci({
      on: "ci-01",
      criticality: "high",
      web: "https://review.rdoproject.org/zuul/",
      partners: [thirdParties["centos-ci"]],
    }),
    "node-01": ciNode({ on: "node-01", criticality: "high" }),
    "node-02": ciNode({ on: "node-02", criticality: "high" }),
    "node-03": ciNode({ on: "node-03", criticality: "high" }),
    "node-04": ciNode({ on: "node-04", criticality: "high" }),
    "node-05": ciNode({ on: "node-05", criticality: "high" }),
    "node-06": ciNode({ on: "node-06", criticality: "high" }),
    registry: retired(
      registry({
        on: "artifacts-01",
        criticality: "medium",
        name: "registry.rdoproject.org",
        console: "console.registry.rdoproject.org",
      }),
      "2022-09, redhat-openstack/website c4a32d5",
    ),
    logs: retired(
      ciLogs({
        on: "artifacts-01",
        criticality: "medium",
        name: "logs.rdoproject.org",
        keepDays: 30,
        partners: [thirdParties["centos-ci"]],
      }),
      "2022-09, redhat-openstack/website c4a32d5",
    ),
    images: images({
      on: "images-01",
      criticality: "high",
      name: "images.rdoproject.org",
      path: "/master/rdo_trunk/",
      keepDays: 60,
      partners: [thirdParties["centos-ci"]],
    }),
    blogs: blog({ on: "blogs-01", criticality: "medium", name: "blogs.rdoproject.org" }),
    dashboards: dashboards({
      on: "web-01",
      criticality: "low",
      name: "dashboards.rdoproject.org",
      boards: ["/rdo-dev"],
    }),
    planet: planet({
      on: "web-01",
      criticality: "low",
      name: "planet.rdoproject.org",
      partOf: [thirdParties["planet-openstack"]],
    }),
    status: retired(
      status({ on: "status-01", criticality: "medium", name: "status.rdoproject.org" }),
      "2018-01, redhat-openstack/website 47d1a8a",
    ),
    "prober-web": prober({ on: "web-01", criticality: "medium" }),
    "prober-backup": prober({ on: "backup-01", criticality: "medium" }),
  },

  zones: {
    "rdoproject.org": {
      yearlyFee: 15,
      // Notifications of Gerrit and WordPress go out through the relay; the project receives no mail here.
      mail: { "review.rdoproject.org": { sendsOnly: true }, "blogs.rdoproject.org": { sendsOnly: true } },
      redirects: [{ from: "www.rdoproject.org", to: "https://rdoproject.org" }],
      note: "The page names no fee: 15 euros are our estimate.",
    },
  },

  backups: { kind: "host", on: "backup-01", path: "/srv/data/backups" },

  thirdParties,

  notes: [
    "RDO Cloud and ci.centos.org, where the servers ran, are no longer there to be rented: Hetzner takes their place.",
    "The replica copies a dropped table like any other change, so dumps of the primary are backed up as well.",
    "When the database is lost, the replica is promoted; when the repository server is lost, the builder pushes again.",
    "Retired services are those that upstream has taken off its page: they are declared because the page named them.",
  ],
});
