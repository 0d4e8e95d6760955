import { beforeAll, describe, expect, it } from "vitest";
import { refuseMove } from "../../components/unless-moved.ts";
import { type Registration, type Run, run } from "./mock-engine.ts";
import { digitalOceanPlan, hetznerPlan, zonePlan } from "./plans.ts";
import { deployed, type Plans, wholeEstate } from "./whole-estate.ts";

const plans = (protect: boolean): Plans => ({
  hetzner: {
    ...hetznerPlan,
    servers: hetznerPlan.servers.map((plan) => ({ ...plan, protect })),
    storageBox: { ...hetznerPlan.storageBox!, protect },
  },
  digitalOcean: {
    ...digitalOceanPlan,
    droplets: digitalOceanPlan.droplets.map((plan) => ({ ...plan, protect })),
  },
  zone: { ...zonePlan, dnssec: "delegated", protect },
});

/** Everything that cannot be had again: data, addresses, and what stands between them and the world. */
const GUARDED = [
  "git-01-server",
  "git-01-data",
  "git-01-ipv4",
  "git-01-ipv6",
  "build-01-server",
  "build-01-ipv4",
  "build-01-ipv6",
  "backup-box",
  "wiki-01-droplet",
  "wiki-01-data",
  "wiki-01-ipv4",
  "example.org-zone",
  "example.org-dnssec",
].sort();

const isGuarded = ({ protect }: Registration) => protect === true;
const cloudGuard = ({ inputs }: Registration) => inputs["deleteProtection"];

describe("guards", () => {
  let guarded: Run<unknown>;
  let lifted: Run<unknown>;
  beforeAll(async () => {
    guarded = await run(() => wholeEstate(plans(true)));
    lifted = await run(() => wholeEstate(plans(false)));
  });

  it("are on all that cannot be had again, and on nothing else", () => {
    const names = guarded.resources.filter(isGuarded).map(({ name }) => name);
    expect(names.sort()).toEqual(GUARDED);
  });

  it("are the cloud's too where it has one", () => {
    for (const each of guarded.resources)
      if (each.type.startsWith("hcloud:")) expect(cloudGuard(each) === true).toBe(isGuarded(each));
  });

  it("are lifted together by protect: false", () => {
    expect(lifted.resources.filter(isGuarded)).toEqual([]);
    expect(lifted.resources.filter((each) => cloudGuard(each) === true)).toEqual([]);
    for (const name of GUARDED) expect(lifted.resource(name).protect).toBe(false);
  });

  it("on deletion and rebuild of a server are equal, as the cloud demands", () => {
    for (const { resource } of [guarded, lifted]) {
      const { deleteProtection, rebuildProtection } = resource("git-01-server").inputs;
      expect(rebuildProtection).toBe(deleteProtection);
    }
  });
});

describe("a replacement", () => {
  let whole: Run<unknown>;
  beforeAll(async () => {
    whole = await deployed();
  });

  it.each([
    ["hcloud:index/volume:Volume"],
    ["hcloud:index/storageBox:StorageBox"],
    ["digitalocean:index/volume:Volume"],
    ["digitalocean:index/droplet:Droplet"],
    ["digitalocean:index/reservedIp:ReservedIp"],
    ["cloudflare:index/zone:Zone"],
  ])("of a %s never deletes first, whatever the provider asks for", (type) => {
    for (const each of whole.resources) if (each.type === type) expect(each.deleteBeforeReplace).toBe(false);
  });

  it.each([
    "git-01-ipv4",
    "git-01-ipv4-ptr",
    "git-01-server",
    "git-01-private",
    "git-01-data-attachment",
    "example-key-alice-1",
    "wiki-01-ipv4-assignment",
    "wiki-01-data-attachment",
    "example.org-cache-rules",
    "example.org-redirect-rules",
  ])("of %s deletes first, as the cloud takes one at a time", (name) => {
    const found = whole.resources.find((each) => each.name === name)!;
    expect(found.deleteBeforeReplace).toBe(true);
  });

  it("of something that is deleted first never takes data, a droplet or a server along", () => {
    const first = new Set(
      whole.resources.filter(({ deleteBeforeReplace }) => deleteBeforeReplace === true).map(({ name }) => name),
    );
    // The inputs whose change replaces the resource (provider sources, 2026-08).
    const replacing: Readonly<Record<string, readonly string[]>> = {
      "hcloud:index/server:Server": ["image", "location", "sshKeys", "userData"],
      "hcloud:index/volume:Volume": ["location", "format"],
      "hcloud:index/storageBox:StorageBox": ["location", "sshKeys"],
      "digitalocean:index/droplet:Droplet": ["image", "region", "sshKeys", "userData", "vpcUuid"],
      "digitalocean:index/volume:Volume": ["name", "region"],
      "cloudflare:index/zone:Zone": ["name", "account"],
    };
    // The name of an SSH key says which of the clouds' two it is only with its type; droplets' keys stay.
    for (const { name, type, propertyDependencies } of whole.resources)
      for (const property of replacing[type] ?? [])
        for (const dependency of propertyDependencies[property] ?? [])
          if (type.startsWith("digitalocean:") && dependency.startsWith("example-key-"))
            expect(
              whole.resources.find((each) => each.name === dependency && each.type.startsWith("digitalocean:"))
                ?.deleteBeforeReplace,
            ).toBe(false);
          else expect(first, `${name}.${property}`).not.toContain(dependency);
  });
});

describe("what keeps something", () => {
  // The inputs whose change replaces it (provider sources, 2026-08); data and addresses would be other, empty ones.
  const REPLACING: Readonly<Record<string, readonly string[]>> = {
    "hcloud:index/volume:Volume": ["location"],
    "hcloud:index/storageBox:StorageBox": ["location", "sshKeys"],
    "hcloud:index/primaryIp:PrimaryIp": ["location"],
    "digitalocean:index/volume:Volume": ["name", "region", "initialFilesystemType"],
    "digitalocean:index/reservedIp:ReservedIp": ["region"],
  };

  it("is never replaced by an edit, whether its guards stand or not", async () => {
    for (const protect of [true, false]) {
      const { resources } = await run(() => wholeEstate(plans(protect)));
      const kept = resources.filter(({ type }) => REPLACING[type]);
      expect(new Set(kept.map(({ type }) => type)).size).toBe(5);
      for (const { name, type, inputs, ignoreChanges } of kept) {
        const open = REPLACING[type]!.filter((input) => inputs[input] !== undefined && !ignoreChanges.includes(input));
        expect(open, name).toEqual([]);
      }
    }
  });

  it("is refused when the cloud has it in another place, with what to do", () => {
    const volume = { of: "the volume of git-01", property: "location", found: "fsn1" };
    expect(() => refuseMove([{ ...volume, wanted: "fsn1" }])).not.toThrow();
    expect(() => refuseMove([{ ...volume, wanted: "hel1" }])).toThrow(
      /^The estate says location hel1 of the volume of git-01, but the cloud has it with location fsn1\..*\n {2}Say fsn1 again\./,
    );
  });
});

describe("ignored changes", () => {
  it("are those that only a creation can make", async () => {
    const { resources } = await deployed();
    const ignored = resources
      .filter(({ ignoreChanges }) => ignoreChanges.length > 0)
      .map(({ name, ignoreChanges }) => [name, ignoreChanges]);
    expect(Object.fromEntries(ignored)).toEqual({
      "git-01-server": ["userData", "sshKeys", "image", "location"],
      "build-01-server": ["userData", "sshKeys", "image", "location"],
      ...Object.fromEntries(
        ["git-01-ipv4", "git-01-ipv6", "build-01-ipv4", "build-01-ipv6"].map((address) => [address, ["location"]]),
      ),
      "git-01-data": ["format", "location"],
      "backup-box": ["password", "sshKeys", "location"],
      "wiki-01-ipv4": ["region"],
      "wiki-01-droplet": ["userData", "sshKeys", "image", "dropletAgent", "region", "vpcUuid"],
      "wiki-01-data": ["name", "region", "initialFilesystemType"],
      "example.org-dnssec": ["status"],
    });
  });

  it("of DNSSEC end with the delegation: from then on a zone without signatures is drift", async () => {
    const { resource } = await run(() => wholeEstate({ zone: { ...zonePlan, dnssec: "delegated" } }));
    expect(resource("example.org-dnssec").ignoreChanges).toEqual([]);
  });
});
