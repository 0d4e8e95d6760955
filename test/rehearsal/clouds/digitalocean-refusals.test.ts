import { describe, expect, test } from "vitest";
import { makeExamples } from "./examples.ts";
import { describeRefusedCreations, filled, number } from "./refused-creations.ts";
import { Rehearsed } from "./rehearsed.ts";

const droplet = { name: "other", size: "s-1vcpu-2gb", image: "debian-13-x64", region: "fra1" };

describeRefusedCreations("digitalocean", [
  [
    "a size that there is not",
    "Droplet",
    () => ({ ...droplet, size: "s-99vcpu" }),
    /there is no size "s-99vcpu" \(unprocessable_entity\)/,
  ],
  ["a region that there is not", "Droplet", () => ({ ...droplet, region: "muc1" }), /there is no region "muc1"/],
  ["an image that there is not", "Droplet", () => ({ ...droplet, image: "debian-7-x64" }), /there is no image/],
  [
    "a VPC of another region",
    "Droplet",
    (of) => ({ ...droplet, region: "ams3", vpcUuid: of("Vpc").id }),
    /VPC .* is in fra1, the droplet in ams3/,
  ],
  ["an underscore in a droplet's name", "Droplet", () => ({ ...droplet, name: "web_1" }), /not a host name/],
  [
    "the name of another volume in the region",
    "Volume",
    () => ({ name: "wiki-data", region: "fra1", size: 1 }),
    /already used by Volume/,
  ],
  [
    "a volume name in upper case",
    "Volume",
    () => ({ name: "Data", region: "fra1", size: 1 }),
    /not a name for a volume/,
  ],
  [
    "a volume that is attached",
    "VolumeAttachment",
    (of) => ({ volumeId: of("Volume").id, dropletId: number(of("Droplet")) }),
    /already attached to droplet/,
  ],
  [
    "a VPC that overlaps another",
    "Vpc",
    () => ({ name: "v", region: "fra1", ipRange: "10.20.8.0/24" }),
    /overlaps VPC "private"/,
  ],
  [
    "the name of another firewall",
    "Firewall",
    () => ({ name: "wiki", inboundRules: [{ protocol: "icmp" }] }),
    /already used by Firewall/,
  ],
  [
    "11 droplets of a firewall",
    "Firewall",
    () => ({ name: "f", dropletIds: filled(11, 1), inboundRules: [{ protocol: "icmp" }] }),
    /at most 10 droplets by id/,
  ],
  [
    "a project with a resource that there is not",
    "ProjectResources",
    (of) => ({ project: of("Project").id, resources: ["do:droplet:9"] }),
    /do:droplet:9, which does not exist/,
  ],
  [
    "an alert without recipient",
    "MonitorAlert",
    () => ({
      type: "v1/insights/droplet/cpu",
      compare: "GreaterThan",
      value: 90,
      window: "5m",
      description: "d",
      alerts: { emails: [] },
    }),
    /neither an e-mail address nor a Slack channel/,
  ],
  [
    "an uptime check of a host name by https",
    "UptimeCheck",
    () => ({ name: "c", target: "wiki.example.org" }),
    /does not fit a check of type https/,
  ],
  [
    "a latency alert without threshold",
    "UptimeAlert",
    (of) => ({ checkId: of("UptimeCheck").id, type: "latency", notifications: [{ emails: ["a@example.org"] }] }),
    /needs a threshold/,
  ],
  [
    "an alert of no check",
    "UptimeAlert",
    () => ({ checkId: "none", type: "down", notifications: [{ emails: ["a@example.org"] }] }),
    /UptimeCheck none, which does not exist/,
  ],
  [
    "the name of another bucket",
    "SpacesBucket",
    () => ({ name: "example-backups", region: "ams3" }),
    /already used by SpacesBucket/,
  ],
]);

describe("digitalocean refuses", () => {
  test("to delete what is in use, naming the user", async () => {
    const digitalocean = new Rehearsed("digitalocean");
    const made = await makeExamples(digitalocean);
    await expect(digitalocean.remove(made("Vpc"))).rejects.toThrow(
      /still used by Droplet wiki\.example\.org \(vpcUuid\)/,
    );
    await expect(digitalocean.remove(made("Volume"))).rejects.toThrow(/still used by VolumeAttachment/);
    await expect(digitalocean.remove(made("Project"))).rejects.toThrow(/still used by ProjectResources/);
  });

  test("no deletion of a project for what it lists itself, which its provider moves (resource_project.go, 2.99.1)", async () => {
    const digitalocean = new Rehearsed("digitalocean");
    const { outputs } = await digitalocean.make("Droplet", "d", droplet);
    const project = await digitalocean.make("Project", "p", { name: "p", resources: [outputs["dropletUrn"] ?? null] });
    await digitalocean.remove(project);
    expect(await digitalocean.read(project)).toBeUndefined();
  });

  test("to attach a volume or an address in another region", async () => {
    const digitalocean = new Rehearsed("digitalocean");
    const other = await digitalocean.make("Volume", "v", { name: "v", size: 10, region: "ams3" });
    const wiki = await digitalocean.make("Droplet", "d", droplet);
    await expect(
      digitalocean.make("VolumeAttachment", "a", { volumeId: other.id, dropletId: number(wiki) }),
    ).rejects.toThrow(/is in ams3, droplet \d+ in fra1/);
    const ip = await digitalocean.make("ReservedIp", "i", { region: "ams3" });
    await expect(
      digitalocean.make("ReservedIpAssignment", "a", { ipAddress: ip.id, dropletId: number(wiki) }),
    ).rejects.toThrow(/the reserved IP is in ams3, droplet \d+ in fra1/);
  });

  test("to shrink a volume in the plan, a disk when it is done", async () => {
    const digitalocean = new Rehearsed("digitalocean");
    const volume = { name: "v", size: 50, region: "fra1" };
    const made = await digitalocean.make("Volume", "v", volume);
    await expect(digitalocean.diff(made, { ...volume, size: 40 })).rejects.toThrow(
      /volumes can only be expanded, not shrunk \(from 50 to 40 GiB\)/,
    );
    const big = await digitalocean.make("Droplet", "d", { ...droplet, size: "s-2vcpu-4gb" });
    await expect(digitalocean.change(big, droplet)).rejects.toThrow(/has a disk of 50 GB, the droplet's is 80 GB/);
  });

  test("no droplets of one name", async () => {
    const digitalocean = new Rehearsed("digitalocean");
    for (const name of ["a", "b"]) await digitalocean.make("Droplet", name, droplet);
  });
});
