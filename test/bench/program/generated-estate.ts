import type { Estate } from "../../../model/estate.ts";
import { type HetznerHost, hetzner } from "../../../model/host.ts";
import type { Service } from "../../../model/service.ts";
import { prober } from "../../../roles/prober/role.ts";
import { tracker } from "../../../roles/tracker/role.ts";

/** A project with as many servers as wanted, one service on each: about 17 resources a server. */
export function generatedEstate(count: number): Estate {
  const ids = Array.from({ length: count }, (_, index) => `server-${String(index + 1).padStart(3, "0")}`);
  const host = (index: number): HetznerHost =>
    hetzner({
      type: "cx23",
      location: "fsn1",
      privateIp: `10.0.${Math.floor(index / 200)}.${10 + (index % 200)}`,
      volumeGb: 10,
      payer: "everybody",
      // A spread group has ten places.
      spread: false,
    });
  const service = (on: string): Service =>
    tracker({ on, criticality: "low", name: `${on}.example.org`, successor: "https://forge.example/issues" });
  return {
    name: "generated",
    title: "Generated",
    domain: "example.org",
    payers: { everybody: { what: "pays" } },
    domainsPaidBy: "everybody",
    monitoringPaidBy: "everybody",
    budget: { base: 1_000_000, perPoolHost: 0, note: "none" },
    networks: { hetzner: "10.0.0.0/16", digitalOcean: "10.100.0.0/16" },
    maintenance: { weekday: "Tuesday", from: "04:00", hours: 2 },
    groups: { infra: { what: "everything", hosts: "all", sudo: true } },
    pools: {},
    zones: { "example.org": { yearlyFee: 10 } },
    hosts: Object.fromEntries(ids.map((id, index) => [id, host(index)])),
    services: Object.fromEntries([
      ...ids.map((id) => [`tracker-${id}`, service(id)]),
      ...ids.slice(0, 2).map((on) => [`prober-${on}`, prober({ on, criticality: "low" })]),
    ]),
    backups: { kind: "storageBox", name: "backup", type: "bx11", location: "hel1", payer: "everybody" },
    thirdParties: {},
  };
}
