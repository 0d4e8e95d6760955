import { describe, expect, test } from "vitest";
import { EXAMPLES, makeExamples } from "./examples.ts";
import { Rehearsed, type SimulatedCloud } from "./rehearsed.ts";

/**
 * Types whose provider fails to delete what is gone already, as their Delete hands on the API's 404: terraform-provider-
 * hcloud 1.68.0 (2026-08-17), terraform-provider-digitalocean 2.99.1 (2026-08-06), cloudflare 5.22.0 (2026-07-10).
 */
const MISSES: Record<SimulatedCloud, readonly string[]> = {
  hcloud: ["Firewall", "PlacementGroup", "Server"],
  digitalocean: [
    "Firewall",
    "MonitorAlert",
    "Project",
    "ReservedIp",
    "ReservedIpAssignment",
    "SshKey",
    "UptimeAlert",
    "UptimeCheck",
    "Volume",
    "VolumeAttachment",
    "Vpc",
  ],
  cloudflare: ["DnsRecord", "Ruleset", "UrlNormalizationSettings", "Zone", "ZoneDnssec"],
};

describe.each(Object.keys(MISSES) as SimulatedCloud[])("a deletion in %s of what was deleted by hand", (cloud) => {
  test("fails for the types whose provider misses it, and is done for all others", async () => {
    const failing: string[] = [];
    for (const [type] of EXAMPLES[cloud]) {
      const rehearsed = new Rehearsed(cloud);
      const of = await makeExamples(rehearsed, type);
      await rehearsed.edit((objects) => delete objects[type]![of(type).id]);
      await rehearsed.remove(of(type)).catch((error: Error) => {
        expect(error.message).toMatch(/in the cloud any more \(not_found\)\.\n.*refresh/);
        failing.push(type);
      });
    }
    expect(failing.sort()).toEqual(MISSES[cloud]);
  });
});
