import { openwrt } from "../../estates/openwrt.ts";
import { defineEstate } from "../../model/estate.ts";
import { digitalOcean, hetzner } from "../../model/host.ts";
import { forum } from "../../roles/forum/role.ts";
import { wiki } from "../../roles/wiki/role.ts";

/*
 * Wrong references do not compile. `tsc` is the test runner here: each line under @ts-expect-error must be an error, or
 * the type check of the project fails. `estate.test.ts` calls the one that compiles.
 */

const { payers: _payers, hosts: _hosts, services: _services, zones: _zones, ...rest } = openwrt;
const shared = {
  ...rest,
  domain: "example.org",
  domainsPaidBy: "ann",
  monitoringPaidBy: "ann",
  groups: {},
  pools: { more: { setting: "more", default: 0, what: "" } },
} as const;
const common = {
  payers: { ann: { what: "" } },
  zones: { "example.org": { yearlyFee: 10 } },
  backups: { kind: "storageBox", name: "b", type: "bx11", location: "hel1", payer: "ann" },
} as const;
const wiki01 = digitalOcean({ size: "s-1vcpu-2gb", region: "fra1", volumeGb: 10, payer: "ann" });
const here = { on: "wiki-01", criticality: "low", pages: [] } as const;

export const compiles = () =>
  defineEstate({
    ...shared,
    ...common,
    hosts: { "wiki-01": wiki01 },
    services: { wiki: wiki({ ...here, name: "wiki.example.org" }) },
  });

export const unknownHost = () =>
  defineEstate({
    ...shared,
    ...common,
    hosts: { "wiki-01": wiki01 },
    services: {
      // @ts-expect-error there is no host wiki-02
      wiki: wiki({ ...here, on: "wiki-02", name: "wiki.example.org" }),
    },
  });

export const nameInNoZone = () =>
  defineEstate({
    ...shared,
    ...common,
    hosts: { "wiki-01": wiki01 },
    services: {
      // @ts-expect-error example.net is no zone of the estate
      wiki: wiki({ ...here, name: "wiki.example.net" }),
    },
  });

export const unknownPayer = () =>
  defineEstate({
    ...shared,
    ...common,
    hosts: {
      // @ts-expect-error nobody is called bob
      "wiki-01": digitalOcean({ size: "s-1vcpu-2gb", region: "fra1", payer: "bob" }),
    },
    services: {},
  });

export const unknownPool = () =>
  defineEstate({
    ...shared,
    ...common,
    hosts: {
      // @ts-expect-error there is no pool `workers`
      "build-01": hetzner({
        type: "cx53",
        location: "fsn1",
        privateIp: "10.0.0.11",
        payer: "ann",
        pool: { pool: "workers", index: 1 },
      }),
    },
    services: {},
  });

export const unknownMailService = () =>
  defineEstate({
    ...shared,
    ...common,
    // @ts-expect-error no service is called mail
    zones: { "example.org": { yearlyFee: 10, mail: { "example.org": { mx: "mail" } } } },
    hosts: { "wiki-01": wiki01 },
    services: { wiki: wiki({ ...here, name: "wiki.example.org" }) },
  });

export const unknownLocation = () =>
  // @ts-expect-error Hetzner has no location mars1
  hetzner({ type: "cx53", location: "mars1", privateIp: "10.0.0.11", payer: "ann" });

export const unknownType = () =>
  // @ts-expect-error there is no server type cx99
  hetzner({ type: "cx99", location: "fsn1", privateIp: "10.0.0.11", payer: "ann" });

export const unknownSize = () =>
  // @ts-expect-error there is no such droplet
  digitalOcean({ size: "s-3vcpu-3gb", region: "fra1", payer: "ann" });

export const twoVolumes = () =>
  // @ts-expect-error a host has one volume
  hetzner({ type: "cx53", location: "fsn1", privateIp: "10.0.0.11", payer: "ann", volumeGb: [100, 50] });

export const dropletWithoutPrivateAddress = () =>
  // @ts-expect-error droplets get their private address from the cloud
  digitalOcean({ size: "s-1vcpu-2gb", region: "fra1", payer: "ann", privateIp: "10.0.0.9" });

export const serviceWithoutCriticality = () =>
  // @ts-expect-error how soon must it be back?
  forum({ on: "forum-01", name: "forum.example.org" });
