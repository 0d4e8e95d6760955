import { describe, expect, it } from "vitest";
import { DigitalOceanProject } from "../../components/digitalocean/project.ts";
import { UptimeWatch } from "../../components/digitalocean/uptime-watch.ts";
import { WebDroplet } from "../../components/digitalocean/web-droplet.ts";
import type { DropletPlan, UptimeCheckPlan } from "../../model/blueprint.ts";
import { run } from "./mock-engine.ts";
import { digitalOceanPlan, dropletPlan, sshKeys } from "./plans.ts";
import { deployed } from "./whole-estate.ts";

const alertEmails = ["oncall@example.net"];

describe("a droplet", () => {
  it("is named by its FQDN, monitored and backed up weekly", async () => {
    const { resource } = await deployed();
    expect(resource("wiki-01-droplet").inputs).toMatchObject({
      name: "wiki-01.infra.example.org",
      size: "s-2vcpu-4gb",
      image: "debian-13-x64",
      region: "fra1",
      monitoring: true,
      ipv6: false,
      backups: true,
      backupPolicy: { plan: "weekly", weekday: "SUN", hour: 0 },
      tags: ["estate:example", "service:wiki"],
    });
  });

  it("publishes its reserved IP, and comes from its own address", async () => {
    const { resource, result } = await deployed();
    expect(resource("example.org-wiki.example.org/A/host").inputs["content"]).toMatch(/^198\.51\.100\.\d+$/);
    expect(resource("wiki-01-ipv4-assignment").inputs).toEqual({
      dropletId: expect.any(Number),
      ipAddress: resource("example.org-wiki.example.org/A/host").inputs["content"],
    });
    expect(result.addresses.get("wiki-01")).not.toHaveProperty("ipv6");
  });

  it("keeps its data on a formatted volume whose text can change without another volume", async () => {
    const { resource } = await deployed();
    const { inputs } = resource("wiki-01-data");
    expect(inputs).toMatchObject({ name: "wiki-01-data", size: 50, region: "fra1", initialFilesystemType: "ext4" });
    expect(inputs).not.toHaveProperty("description");
    expect(resource("wiki-01-data-attachment").dependencies).toEqual(["wiki-01-data", "wiki-01-droplet"]);
  });

  it("is listed in the project with its volume, but not with its address", async () => {
    const { resource } = await deployed();
    const { resources } = resource("wiki-01-project-resources").inputs as { resources: string[] };
    expect(resources.map((urn) => urn.replace(/\d+$/, "n"))).toEqual(["do:droplet:n", "do:volume:n"]);
  });

  it("warns of a busy processor, full memory and a full disk", async () => {
    const { resource } = await deployed();
    for (const [of, type, value] of [
      ["cpu", "v1/insights/droplet/cpu", 90],
      ["memory", "v1/insights/droplet/memory_utilization_percent", 90],
      ["disk", "v1/insights/droplet/disk_utilization_percent", 85],
    ])
      expect(resource(`wiki-01-${of}`).inputs).toMatchObject({
        type,
        value,
        compare: "GreaterThan",
        alerts: { emails: alertEmails },
        entities: [expect.any(String)],
      });
  });

  it("has a firewall bound to it by id that lets everything out", async () => {
    const { resource } = await deployed();
    const { inputs } = resource("wiki-01-firewall");
    expect(inputs).toMatchObject({
      name: "wiki-01.infra.example.org",
      dropletIds: [expect.any(Number)],
      inboundRules: [
        { protocol: "tcp", portRange: "443", sourceAddresses: ["0.0.0.0/0", "::/0"] },
        {
          protocol: "tcp",
          portRange: "22",
          sourceAddresses: [expect.stringMatching(/\/32$/), expect.stringMatching(/::1\/128$/)],
        },
        { protocol: "icmp", sourceAddresses: ["0.0.0.0/0"] },
      ],
    });
    expect(inputs["outboundRules"]).toHaveLength(3);
    expect(inputs).not.toHaveProperty("tags");
  });

  it.each<[string, Partial<DropletPlan>, RegExp]>([
    ["a size that is not sold", { size: "s-9vcpu" as "s-1vcpu-1gb" }, /plan\.size is "s-9vcpu"/],
    ["an unknown region", { region: "mars1" as "fra1" }, /plan\.region is "mars1".*\n.*fra1, ams3/],
    ["a region without a network", { region: "ams3" }, /project\.vpcIds is "fra1"\.\n.*a network in ams3/],
    ["a name that is not the FQDN", { name: "wiki-01" }, /plan\.name is "wiki-01"\.\n.*wiki-01\.infra\.example\.org/],
    ["too much user data", { userData: "x".repeat(64 * 1024 + 1) }, /plan\.userData is "65537 bytes"/],
    ["a volume name in capitals", { volume: { name: "Data", size: 1 } }, /plan\.volume\.name is "Data"/],
  ])("refuses %s", async (_, change, message) => {
    const attempt = run(() => {
      const project = new DigitalOceanProject("example", { plan: digitalOceanPlan, sshKeys });
      return new WebDroplet("wiki-01", { plan: { ...dropletPlan, ...change }, project, alertEmails });
    });
    await expect(attempt).rejects.toThrow(message);
  });
});

describe("a DigitalOcean project", () => {
  it("has a network per region in use", async () => {
    const { resource } = await deployed();
    expect(resource("example-vpc-fra1").inputs).toEqual({
      name: "example-fra1",
      region: "fra1",
      ipRange: "10.1.1.0/24",
    });
    expect(resource("example-project").inputs).toMatchObject({ name: "Example", environment: "Production" });
  });

  it("without droplets makes nothing", async () => {
    const plan = { ...digitalOceanPlan, project: undefined, vpcs: [], droplets: [] };
    const { resources } = await run(() => new DigitalOceanProject("example", { plan, sshKeys }));
    expect(resources.map(({ type }) => type)).toEqual(["foss-infra:digitalocean:Project"]);
  });

  it("refuses two networks in one region", async () => {
    const plan = { ...digitalOceanPlan, vpcs: [...digitalOceanPlan.vpcs, ...digitalOceanPlan.vpcs] };
    const attempt = run(() => new DigitalOceanProject("example", { plan, sshKeys }));
    await expect(attempt).rejects.toThrow(/plan\.vpcs is "fra1, fra1"\.\n {2}Allowed: one network per region/);
  });
});

describe("an uptime watch", () => {
  it("tells people when all regions find the target down, and when its certificate ends soon", async () => {
    const { resource, resources } = await deployed();
    expect(resource("git-check").inputs).toMatchObject({
      name: "example git: front page",
      type: "https",
      target: "https://git.example.org/",
      regions: ["eu_west", "us_east"],
    });
    expect(resource("git-down").inputs).toMatchObject({
      type: "down_global",
      period: "2m",
      notifications: [{ emails: alertEmails }],
    });
    expect(resource("git-ssl-expiry").inputs).toMatchObject({
      type: "ssl_expiry",
      comparison: "less_than",
      threshold: 14,
    });
    expect(resources.some(({ name }) => name === "downloads-ssl-expiry")).toBe(false);
  });

  it.each<[Partial<UptimeCheckPlan>, string[], RegExp]>([
    [{ target: "http://git.example.org/" }, alertEmails, /plan\.target is .*\n.*begins with https:\/\//],
    [{ type: "ping" }, alertEmails, /plan\.target is .*\n.*a host name or address/],
    [{}, [], /alertEmails is 0/],
  ])("refuses %j with alerts to %j", async (change, emails, message) => {
    const plan = { ...digitalOceanPlan.uptimeChecks[0]!, ...change };
    await expect(run(() => new UptimeWatch("git", { plan, alertEmails: emails }))).rejects.toThrow(message);
  });
});
