import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { blueprintOf } from "../../../blueprint/blueprint.ts";
import { addresses } from "../../../ops/host-plan/addresses.ts";
import { chosen, plannedHosts } from "../../../ops/host-plan/planned-hosts.ts";
import { stackSettings } from "../../../ops/host-plan/stack-settings.ts";
import { targetsOf } from "../../../ops/ssh/targets.ts";

const ROOT = join(import.meta.dirname, "../../..");
const { config: examples } = parse(readFileSync(join(ROOT, "rehearsal/settings/examples.yaml"), "utf8"));
let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "stack-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), readFileSync(join(ROOT, "Pulumi.yaml")));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function stack(settings: Record<string, unknown>, config: readonly string[] = []) {
  const all = Object.entries({ ...examples, ...settings }).map(([key, value]) => [`foss-infra:${key}`, value]);
  writeFileSync(join(cwd, "Pulumi.prod.yaml"), stringify({ config: Object.fromEntries(all) }));
  return stackSettings({ stack: "prod", config, cwd });
}

/** What RDO's estate asks its owners for besides, kept from their real networks. */
const rdo = { estate: "rdo" };

describe("the hosts of a stack", () => {
  test.each([{ estate: "openwrt" }, rdo])("have the digests of the stack's output: $estate", (settings) => {
    const { estate, settings: parsed, ...rest } = stack(settings);
    const { hosts } = blueprintOf(estate, parsed);
    const planned = plannedHosts({ estate, settings: parsed, ...rest });
    expect(planned.map(({ key, fqdn, bundle }) => [key, fqdn, bundle.digest])).toEqual(
      hosts.filter(({ kind }) => kind !== "external").map(({ key, fqdn, digest }) => [key, fqdn, digest]),
    );
    expect(planned.length).toBeGreaterThan(3);
  });

  test("follow the command line over the stack's file over the defaults", () => {
    const workers = (given: ReturnType<typeof stack>) => given.settings.pools["workers"];
    expect(workers(stack({ estate: "openwrt" }))).toBe(0);
    expect(workers(stack({ estate: "openwrt", extraWorkers: 1 }))).toBe(1);
    expect(workers(stack({ estate: "openwrt", extraWorkers: 1 }, ["extraWorkers=2"]))).toBe(2);
  });

  test("never come from example settings", () => {
    writeFileSync(join(cwd, "Pulumi.prod.yaml"), "config:\n  foss-infra:estate: openwrt\n");
    expect(() => stackSettings({ stack: "prod", config: [], cwd })).toThrow(/^[\s\S]*\nadmins: not set/);
    expect(() => stackSettings({ stack: "dev", config: [], cwd })).toThrow(/Stacks: prod/);
  });

  test("need no secret setting, encrypted or not there; others that are encrypted are asked for", () => {
    expect(stack({ estate: "openwrt", storageBoxPassword: { secure: "v1:x" } }).estate.name).toBe("openwrt");
    const admins = [{ name: "alice", keys: [{ secure: "v1:x" }], groups: ["infra"] }];
    expect(() => stack({ estate: "openwrt", admins })).toThrow(/a part of admins is encrypted/);
  });

  test("are named, and others refused", () => {
    const hosts = plannedHosts(stack({ estate: "openwrt" }));
    expect(() => chosen(hosts, ["git-99"])).toThrow(/No host to configure: git-99\.\n {2}Allowed: build-01, /);
  });
});

describe("where hosts are reached", () => {
  test("is what the command line says, else the outputs, else their names", () => {
    const file = join(cwd, "outputs.json");
    writeFileSync(file, JSON.stringify({ hosts: { a: { name: "a.x", ipv4: "192.0.2.1" } }, cost: [] }));
    const found = addresses(["b=198.51.100.7"], file);
    expect(["a", "b", "c"].map((key) => found.reach(key, `${key}.example.org`))).toEqual([
      "192.0.2.1",
      "198.51.100.7",
      "c.example.org",
    ]);
    expect(() => addresses(["b"], undefined)).toThrow(/a host and an address/);
    expect(() => addresses(["b=$(x)"], undefined)).toThrow(/a host and an address/);
    expect(() => addresses([], join(cwd, "Pulumi.yaml"))).toThrow(/pulumi stack output --json/);
  });

  test("is the private address, through the host that admins pass through", () => {
    const hosts = plannedHosts(stack(rdo));
    const inner = hosts.filter(({ through }) => through !== undefined).slice(0, 1);
    const targets = targetsOf(inner, hosts, addresses([], undefined));
    expect(targets.map(({ through }) => through)).toEqual([undefined, targets[0]?.key]);
    expect(targets[1]?.address).toBe(inner[0]?.configuration.privateIp);
  });
});
