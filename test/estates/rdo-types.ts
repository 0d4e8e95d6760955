import { rdo } from "../../estates/rdo.ts";
import { thirdParties } from "../../estates/rdo-third-parties.ts";
import { defineEstate } from "../../model/estate.ts";
import { digitalOcean, hetzner } from "../../model/host.ts";
import { retired } from "../../model/service.ts";
import { database } from "../../roles/database/role.ts";
import { dlrnBuilder } from "../../roles/dlrn-builder/role.ts";
import { gerrit } from "../../roles/gerrit/role.ts";
import { status } from "../../roles/status/role.ts";

/*
 * Wrong references do not compile. `tsc` is the test runner here: each line under @ts-expect-error must be an error, or
 * the type check of the project fails. `rdo-types.test.ts` calls the one that compiles.
 */

const { payers: _payers, hosts: _hosts, services: _services, zones: _zones, ...rest } = rdo;
const shared = {
  ...rest,
  domain: "example.org",
  domainsPaidBy: "ann",
  monitoringPaidBy: "ann",
  groups: {},
  pools: {},
  payers: { ann: { what: "" } },
  backups: { kind: "host", on: "backup-01", path: "/srv/data/backups" },
} as const;
const zones = { "example.org": { yearlyFee: 10 } } as const;
const hosts = {
  "db-01": hetzner({ type: "cx23", location: "fsn1", privateIp: "10.0.0.11", payer: "ann", volumeGb: 10 }),
  "backup-01": digitalOcean({ size: "s-1vcpu-1gb", region: "ams3", payer: "ann", volumeGb: 10 }),
} as const;
const here = { on: "db-01", criticality: "high" } as const;

export const compiles = () =>
  defineEstate({
    ...shared,
    zones: { "example.org": { yearlyFee: 10, mail: { "review.example.org": { sendsOnly: true } } } },
    hosts,
    services: {
      database: database({ ...here, name: "db.example.org", clients: ["backup-01"] }),
      status: retired(status({ on: "backup-01", criticality: "low", name: "status.example.org" }), "2018-01, its page"),
    },
  });

export const databaseForAnUnknownHost = () =>
  defineEstate({
    ...shared,
    zones,
    hosts,
    services: {
      // @ts-expect-error there is no host web-01
      database: database({ ...here, name: "db.example.org", clients: ["web-01"] }),
    },
  });

export const retiredServiceInNoZone = () =>
  defineEstate({
    ...shared,
    zones,
    hosts,
    services: {
      // @ts-expect-error example.net is no zone of the estate
      status: retired(status({ on: "backup-01", criticality: "low", name: "status.example.net" }), "2018-01"),
    },
  });

export const backupsOnAnUnknownHost = () =>
  defineEstate({
    ...shared,
    zones,
    hosts,
    services: {},
    // @ts-expect-error there is no host backup-02
    backups: { kind: "host", on: "backup-02", path: "/srv/data/backups" },
  });

export const groupOfAnUnknownHost = () =>
  defineEstate({
    ...shared,
    zones,
    hosts,
    services: {},
    // @ts-expect-error there is no host node-07
    groups: { ci: { what: "", hosts: ["node-07"], sudo: false } },
  });

export const serviceWithoutCriticality = () =>
  // @ts-expect-error how soon must it be back?
  database({ on: "db-01", name: "db.example.org", clients: [] });

export const unknownCriticality = () =>
  // @ts-expect-error high, medium or low
  dlrnBuilder({ on: "db-01", criticality: "urgent", sources: [] });

export const unknownThirdParty = () =>
  // @ts-expect-error the estate lists no such third party
  gerrit({ ...here, name: "review.example.org", replicatesTo: [thirdParties["gitlab"]] });
