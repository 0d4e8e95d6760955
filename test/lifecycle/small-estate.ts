import type { Estate } from "../../model/estate.ts";
import { digitalOcean, type Host, hetzner } from "../../model/host.ts";
import { git } from "../../roles/git/role.ts";
import { prober } from "../../roles/prober/role.ts";
import { wiki } from "../../roles/wiki/role.ts";

/** What the tests edit in it. */
export interface Edits {
  readonly mainLocation?: "fsn1" | "hel1";
  readonly wikiRegion?: "fra1" | "ams3";
  readonly boxLocation?: "fsn1" | "hel1";
  /** Where `main-02` stands; left out: there is none. */
  readonly newHost?: "fsn1" | "hel1";
  /** Who serves git. */
  readonly gitOn?: "main-01" | "main-02";
  readonly without?: "main-01";
}

/** One host with data on each cloud, and a storage box. */
export function smallEstate({
  mainLocation = "fsn1",
  wikiRegion = "fra1",
  boxLocation = "hel1",
  newHost,
  gitOn = "main-01",
  without,
}: Edits): Estate {
  const server = { type: "cx23", volumeGb: 20, payer: "ann" } as const;
  const hosts: Record<string, Host> = {
    "main-01": hetzner({ ...server, location: mainLocation, privateIp: "10.0.0.11" }),
    "wiki-01": digitalOcean({ size: "s-1vcpu-2gb", region: wikiRegion, volumeGb: 25, payer: "ann" }),
    ...(newHost && { "main-02": hetzner({ ...server, location: newHost, privateIp: "10.0.0.12" }) }),
  };
  if (without) delete hosts[without];
  return {
    name: "small",
    title: "Small",
    domain: "example.org",
    payers: { ann: { what: "pays" } },
    domainsPaidBy: "ann",
    monitoringPaidBy: "ann",
    budget: { base: 100, perPoolHost: 0, note: "enough" },
    networks: { hetzner: "10.0.0.0/16", digitalOcean: "10.100.0.0/16" },
    maintenance: { weekday: "Tuesday", from: "08:00", hours: 2 },
    groups: { infra: { what: "everything", hosts: "all", sudo: true } },
    pools: {},
    hosts,
    services: {
      git: git({ on: gitOn, criticality: "high", name: "git.example.org" }),
      wiki: wiki({ on: "wiki-01", criticality: "high", name: "wiki.example.org", pages: ["start"] }),
      "prober-git": prober({ on: gitOn, criticality: "medium" }),
      "prober-wiki": prober({ on: "wiki-01", criticality: "medium" }),
    },
    zones: { "example.org": { yearlyFee: 12 } },
    backups: { kind: "storageBox", name: "backup", type: "bx11", location: boxLocation, payer: "ann" },
    thirdParties: {},
  } as Estate;
}
