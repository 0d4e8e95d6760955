import { describe, expect, it } from "vitest";
import { addressBook } from "../../components/addresses.ts";
import { HetznerAddresses } from "../../components/hetzner/addresses.ts";
import { HetznerProject } from "../../components/hetzner/project.ts";
import { HetznerServer } from "../../components/hetzner/server.ts";
import { StorageBox } from "../../components/hetzner/storage-box.ts";
import type { HetznerServerPlan } from "../../model/blueprint.ts";
import { run } from "./mock-engine.ts";
import { hetznerPlan, serverPlan, sshKeys, storageBoxPlan, workerPlan } from "./plans.ts";
import { deployed, wholeEstate } from "./whole-estate.ts";

describe("a Hetzner server", () => {
  it("is born with its addresses, its firewall, its place and its keys", async () => {
    const { resource } = await deployed();
    const { inputs } = resource("git-01-server");
    expect(inputs).toMatchObject({
      name: "git-01",
      serverType: "cx53",
      image: "debian-13",
      location: "fsn1",
      sshKeys: ["alice-1", "bob-1"],
      labels: { estate: "example", host: "git-01" },
    });
    const [net] = inputs["publicNets"] as Record<string, unknown>[];
    expect(net).toMatchObject({ ipv4Enabled: true, ipv6Enabled: true });
    for (const id of [
      net?.["ipv4"],
      net?.["ipv6"],
      ...(inputs["firewallIds"] as unknown[]),
      inputs["placementGroupId"],
    ])
      expect(id).toEqual(expect.any(Number));
  });

  it("has primary IPs that survive it, with reverse entries for both that say its FQDN", async () => {
    const { resource } = await deployed();
    for (const type of ["ipv4", "ipv6"]) {
      const { inputs } = resource(`git-01-${type}`);
      expect(inputs).toMatchObject({ name: `git-01-${type}`, type, location: "fsn1", autoDelete: false });
      expect(resource(`git-01-${type}-ptr`).inputs).toMatchObject({ dnsPtr: "git-01.infra.example.org" });
    }
    expect(resource("git-01-ipv4-ptr").inputs["ipAddress"]).toMatch(/^203\.0\.113\.\d+$/);
    expect(resource("git-01-ipv6-ptr").inputs["ipAddress"]).toMatch(/^2001:db8:0:\d+::1$/);
  });

  it("opens ports to CIDR blocks only, and says why", async () => {
    const { resource } = await deployed();
    const { inputs } = resource("git-01-firewall");
    expect(inputs["name"]).toBe("git-01");
    expect(inputs["rules"]).toEqual([
      {
        description: "SSH of admins",
        direction: "in",
        protocol: "tcp",
        port: "22",
        sourceIps: ["198.51.100.0/24", "2001:db8:1::7/128"],
      },
      {
        description: "probes",
        direction: "in",
        protocol: "tcp",
        port: "9100",
        sourceIps: [
          expect.stringMatching(/^192\.0\.2\.\d+\/32$/),
          expect.stringMatching(/^203\.0\.113\.\d+\/32$/),
          expect.stringMatching(/^2001:db8:0:\d+::1\/128$/),
        ],
      },
      { description: "ping", direction: "in", protocol: "icmp", sourceIps: ["0.0.0.0/0", "::/0"] },
    ]);
  });

  it("keeps its data on a formatted volume that is attached by a resource of its own", async () => {
    const { resource, resources } = await deployed();
    const { inputs } = resource("git-01-data");
    expect(inputs).toMatchObject({ name: "git-01-data", size: 100, location: "fsn1", format: "ext4" });
    expect(inputs).not.toHaveProperty("serverId");
    expect(resource("git-01-data-attachment").dependencies).toEqual(["git-01-data", "git-01-server"]);
    expect(resources.some(({ name }) => name === "build-01-data")).toBe(false);
  });

  it("takes its fixed address in the private network", async () => {
    const { resource } = await deployed();
    expect(resource("git-01-private").inputs["ip"]).toBe("10.0.0.11");
    expect(resource("git-01-private").dependencies).toEqual(["example-subnet", "git-01-server"]);
  });

  it("stays out of the placement group when it need not stand apart from the others", async () => {
    const servers = [{ ...serverPlan, spread: false as const }, workerPlan];
    const { resource } = await run(() => wholeEstate({ hetzner: { ...hetznerPlan, servers } }));
    expect(resource("git-01-server").inputs).not.toHaveProperty("placementGroupId");
    expect(resource("build-01-server").inputs).toHaveProperty("placementGroupId");
  });

  it.each<[string, Partial<HetznerServerPlan>, RegExp]>([
    ["a type that is not sold", { type: "cx99" as "cx53" }, /plan\.type is "cx99"\.\n {2}Allowed: cx23, /],
    ["an unknown location", { location: "ash" as "fsn1" }, /plan\.location is "ash"\.\n {2}Allowed: fsn1, nbg1, hel1/],
    ["an unknown image", { image: "debian-7" as "debian-13" }, /plan\.image is "debian-7"/],
    ["a name that is no host name", { name: "Git_01" }, /plan\.name is "Git_01"/],
    ["a private address that is none", { privateIp: "10.0.0" }, /plan\.privateIp is "10\.0\.0"/],
    ["too much user data", { userData: "x".repeat(32 * 1024 + 1) }, /plan\.userData is "32769 bytes"/],
    [
      "a volume that is too small",
      { volume: { name: "data", size: 5 } },
      /plan\.volume\.size is 5\.\n.*from 10 to 10240/,
    ],
    [
      "a rule without a port",
      { firewall: [{ purpose: "web", protocol: "tcp", sources: ["::/0"] }] },
      /plan\.firewall\[0\] \(web\)\.port is missing/,
    ],
    [
      "a rule that admits nobody",
      { firewall: [{ purpose: "web", protocol: "tcp", port: 80, sources: [] }] },
      /\(web\)\.sources is "0 sources"/,
    ],
    [
      "more rules than a firewall takes",
      {
        firewall: Array.from({ length: 51 }, (_, n) => ({
          purpose: "x",
          protocol: "tcp",
          port: n + 1,
          sources: ["::/0"],
        })),
      },
      /plan\.firewall is 51/,
    ],
  ])("refuses %s before it registers anything", async (_, change, message) => {
    const { result, resources } = await run(() => {
      const project = new HetznerProject("example", { plan: hetznerPlan, sshKeys });
      const publicIps = new HetznerAddresses("git-01", { plan: serverPlan });
      const plan = { ...serverPlan, firewall: [], ...change };
      return thrownBy(() => new HetznerServer("git-01", { plan, project, publicIps, addresses: addressBook([]) }));
    });
    expect(result).toMatch(message);
    expect(resources.some(({ type }) => type === "foss-infra:hetzner:Server")).toBe(false);
  });

  it("refuses the addresses of another server", async () => {
    const attempt = run(() => {
      const project = new HetznerProject("example", { plan: hetznerPlan, sshKeys });
      const publicIps = new HetznerAddresses("build-01", { plan: workerPlan });
      return new HetznerServer("git-01", { plan: serverPlan, project, publicIps, addresses: addressBook([]) });
    });
    await expect(attempt).rejects.toThrow(/publicIps\.key is "build-01"\.\n {2}Allowed: git-01/);
  });
});

describe("a Hetzner project", () => {
  it("has one subnet as wide as its network and a spread placement group", async () => {
    const { resource } = await deployed();
    expect(resource("example-network").inputs).toMatchObject({ name: "example", ipRange: "10.0.0.0/16" });
    expect(resource("example-subnet").inputs).toMatchObject({
      type: "cloud",
      networkZone: "eu-central",
      ipRange: "10.0.0.0/16",
      networkId: expect.any(Number),
    });
    expect(resource("example-placement").inputs).toEqual({ name: "example", type: "spread" });
  });

  it("without servers makes nothing", async () => {
    const plan = { ...hetznerPlan, servers: [], network: undefined };
    const { resources } = await run(() => new HetznerProject("example", { plan, sshKeys }));
    expect(resources.map(({ type }) => type)).toEqual(["foss-infra:hetzner:Project"]);
  });

  it("refuses more servers than a placement group takes, and servers without a network", async () => {
    const servers = Array.from({ length: 11 }, () => serverPlan);
    const attempt = run(
      () => new HetznerProject("example", { plan: { ...hetznerPlan, servers, network: undefined }, sshKeys }),
    );
    await expect(attempt).rejects.toThrow(/plan\.servers is 11.*\n.*\n.*plan\.network is missing/);
  });
});

describe("a storage box", () => {
  it("has SSH as its only door and snapshots of its own", async () => {
    const { resource } = await deployed();
    expect(resource("backup-box").inputs).toMatchObject({
      name: "example-backup",
      storageBoxType: "bx11",
      location: "hel1",
      sshKeys: sshKeys.map(({ publicKey }) => publicKey),
      accessSettings: {
        sshEnabled: true,
        reachableExternally: true,
        sambaEnabled: false,
        webdavEnabled: false,
        zfsEnabled: false,
      },
      snapshotPlan: { hour: 12, minute: 0, maxSnapshots: 10 },
    });
  });

  it("keeps its password secret when it is given as plain text, too", async () => {
    const { resource } = await run(
      () => new StorageBox("backup", { plan: storageBoxPlan, password: "Example-Passw0rd", sshKeys }),
    );
    expect(resource("backup-box").inputs["password"]).toEqual({ secret: "Example-Passw0rd" });
  });

  it("refuses to be without keys, as nobody could log in", async () => {
    const attempt = run(() => new StorageBox("backup", { plan: storageBoxPlan, password: "x", sshKeys: [] }));
    await expect(attempt).rejects.toThrow(/sshKeys is 0/);
  });
});

function thrownBy(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return String(error);
  }
  return "nothing was thrown";
}
