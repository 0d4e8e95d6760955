import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activeEstate, hostsOfRole } from "../../blueprint/active-estate.ts";
import { blueprintOf } from "../../blueprint/blueprint.ts";
import { firewalls } from "../../blueprint/firewall.ts";
import { hostConfiguration } from "../../blueprint/hosts.ts";
import { estates } from "../../estates/estates.ts";
import type { Blueprint, FirewallRule } from "../../model/blueprint.ts";
import { CLOUDFLARE_FREE_PLAN } from "../../model/catalogue/cloudflare.ts";
import type { Estate } from "../../model/estate.ts";
import type { Settings } from "../../model/settings.ts";
import { arbitraryEstate, arbitrarySettings, someSettings } from "./arbitrary-estate.ts";

/** Runs a rule over arbitrary estates and over each of ours, at its smallest and its largest. */
function always(rule: (estate: Estate, settings: Settings, blueprint: Blueprint) => void) {
  for (const estate of Object.values(estates))
    for (const size of [0, 99]) {
      const pools = Object.fromEntries(Object.keys(estate.pools).map((id) => [id, size]));
      const settings = { ...someSettings, estate: estate.name, pools, admins: adminsFor(estate) };
      rule(estate, settings, blueprintOf(estate, settings));
    }
  fc.assert(
    fc.property(arbitraryEstate, arbitrarySettings, (estate, settings) =>
      rule(estate, settings, blueprintOf(estate, settings)),
    ),
    { numRuns: 40 },
  );
}

/** One admin in every group, so that all of them are exercised. */
const adminsFor = (estate: Estate) => [{ ...someSettings.admins[0]!, groups: Object.keys(estate.groups) }];

const openPorts = (rules: readonly FirewallRule[]) =>
  rules.filter(({ protocol }) => protocol !== "icmp").map(({ protocol, port }) => `${protocol}/${port}`);
const servers = (blueprint: Blueprint) => [...blueprint.hetzner.servers, ...blueprint.digitalOcean.droplets];

describe("every host", () => {
  test("of Hetzner has a name that its reverse DNS can confirm, over IPv4 and IPv6", () =>
    always((_estate, _settings, blueprint) => {
      const records = blueprint.zones.flatMap((zone) => zone.records);
      for (const { key, fqdn } of blueprint.hetzner.servers)
        for (const [type, address] of [
          ["A", "ipv4"],
          ["AAAA", "ipv6"],
        ])
          expect(records).toContainEqual(
            expect.objectContaining({ name: fqdn, type, content: { host: key, address }, proxied: false }),
          );
    }));

  test("is paid by somebody, item by item", () =>
    always((estate, _settings, blueprint) => {
      for (const { key, kind } of blueprint.hosts)
        if (kind !== "external") {
          const items = blueprint.cost.items.filter(({ host }) => host === key);
          expect(items.length).toBeGreaterThan(0);
          for (const { payer, cents } of items) {
            expect(Object.keys(estate.payers)).toContain(payer);
            expect(cents).toBeGreaterThan(0);
          }
        }
    }));

  test("that keeps data is protected until the settings say otherwise", () =>
    always((estate, settings, blueprint) => {
      for (const { protect } of [...servers(blueprint), ...blueprint.zones]) expect(protect).toBe(true);
      expect(blueprint.hetzner.storageBox?.protect ?? true).toBe(true);
      const lifted = blueprintOf(estate, { ...settings, unprotected: "all" });
      for (const { protect } of [...servers(lifted), ...lifted.zones]) expect(protect).toBe(false);
    }));

  test("gets user data within its cloud's limit, without secrets and without addresses that only the clouds know", () =>
    always((_estate, _settings, blueprint) => {
      for (const { userData } of blueprint.hetzner.servers)
        expect(Buffer.byteLength(userData)).toBeLessThanOrEqual(32 * 1024);
      for (const { userData } of blueprint.digitalOcean.droplets)
        expect(Buffer.byteLength(userData)).toBeLessThanOrEqual(64 * 1024);
      for (const { userData } of servers(blueprint)) {
        expect(userData.startsWith("#cloud-config\n")).toBe(true);
        expect(userData).not.toMatch(/PRIVATE KEY|\[object |undefined|Output<|Calling \[toString\]/);
      }
    }));
});

describe("every service", () => {
  test("that the world can reach is watched, from another host than its own", () =>
    always((estate, settings, blueprint) => {
      const { services, hosts } = activeEstate(estate, settings);
      const watched = new Map<string, string | undefined>([
        ...blueprint.digitalOcean.uptimeChecks.map(({ target }): [string, undefined] => [target, undefined]),
        ...blueprint.probes.map(({ target, from }): [string, string] => [target, from]),
      ]);
      for (const [id, service] of Object.entries(services)) {
        if (service.names.length > 0) expect(service.checks, id).not.toEqual([]);
        for (const check of service.checks) {
          const target = check.kind === "http" ? check.url : `${check.name}:${check.port}`;
          expect(watched.has(target), target).toBe(true);
          expect(watched.get(target)).not.toBe(service.on);
          // DigitalOcean's uptime checks do not watch DigitalOcean.
          if (hosts[service.on]?.kind === "digitalOcean") expect(watched.get(target)).toBeDefined();
        }
      }
    }));

  test("has a backup of each data path that it could not make again: a repository and a schedule", () =>
    always((estate, settings, blueprint) => {
      for (const [id, service] of Object.entries(activeEstate(estate, settings).services))
        for (const { path, keep } of service.data) {
          const backup = blueprint.backups.find((plan) => plan.service === id && plan.path === path);
          if (keep === "scratch") expect(backup).toBeUndefined();
          else
            expect(backup).toMatchObject({
              host: service.on,
              schedule: expect.stringMatching(/^\*-\*-\* (\*|0[1-4]):\d\d:00$/),
              repository: expect.stringContaining(service.on),
            });
        }
      const repositories = blueprint.backups.map(({ repository }) => repository);
      expect(new Set(repositories).size).toBe(repositories.length);
    }));
});

describe("names", () => {
  test("lead to one thing, and no CNAME stands beside other records", () =>
    always((_estate, _settings, blueprint) => {
      for (const { name: zone, records } of blueprint.zones) {
        expect(new Set(records.map(({ key }) => key)).size, zone).toBe(records.length);
        for (const [name, own] of Map.groupBy(records, (record) => record.name)) {
          expect(name === zone || name.endsWith(`.${zone}`), name).toBe(true);
          for (const type of ["A", "AAAA", "CNAME"])
            expect(own.filter((record) => record.type === type).length, `${name} ${type}`).toBeLessThanOrEqual(1);
          if (own.some(({ type }) => type === "CNAME")) expect(own.length, name).toBe(1);
        }
      }
    }));

  test("are proxied only where the edge's free certificate covers them, and then with automatic TTL", () =>
    always((_estate, _settings, blueprint) => {
      for (const { name: zone, records } of blueprint.zones)
        for (const { name, proxied, ttl, type } of records) {
          if (!proxied) expect(ttl).toBeGreaterThanOrEqual(60);
          else {
            expect(ttl).toBe(1);
            expect(["A", "AAAA", "CNAME"]).toContain(type);
            expect(name.slice(0, -zone.length).split(".").filter(Boolean).length).toBeLessThanOrEqual(
              CLOUDFLARE_FREE_PLAN.certificateDepth,
            );
          }
        }
    }));

  test("of every zone say who may send their mail", () =>
    always((_estate, _settings, blueprint) => {
      for (const { name, records } of blueprint.zones) {
        const txt = (at: string) =>
          records.filter((record) => record.type === "TXT" && record.name === at).map(({ content }) => content);
        expect(txt(name).filter((text) => String(text).startsWith('"v=spf1 '))).toHaveLength(1);
        expect(txt(`_dmarc.${name}`)).toHaveLength(1);
        expect(records.filter((record) => record.type === "MX" && record.name === name)).toHaveLength(1);
      }
    }));

  test("stay within the free plan's counts and lengths of rules", () =>
    always((_estate, _settings, blueprint) => {
      for (const { cacheRules, redirectRules } of blueprint.zones) {
        expect(cacheRules.length).toBeLessThanOrEqual(CLOUDFLARE_FREE_PLAN.cacheRules);
        expect(redirectRules.length).toBeLessThanOrEqual(CLOUDFLARE_FREE_PLAN.redirectRules);
        for (const { expression } of [...cacheRules, ...redirectRules]) {
          expect(expression.length).toBeLessThanOrEqual(CLOUDFLARE_FREE_PLAN.expression);
          expect(expression).not.toMatch(/ matches /);
        }
        const refs = [...cacheRules, ...redirectRules].map(({ ref }) => ref);
        expect(new Set(refs).size).toBe(refs.length);
      }
    }));
});

describe("firewalls", () => {
  test("open no port that no role declared", () =>
    always((estate, settings, blueprint) => {
      const active = activeEstate(estate, settings);
      for (const { key, firewall } of servers(blueprint)) {
        const declared = Object.values(active.services).flatMap((service) =>
          service.on === key ? service.ports.map(({ protocol, port }) => `${protocol}/${port}`) : [],
        );
        const allowed = new Set([...declared, "tcp/22"]);
        if (estate.backups.kind === "host" && estate.backups.on === key) allowed.add("tcp/22");
        for (const port of openPorts(firewall)) expect([...allowed], key).toContain(port);
        for (const port of openPorts(firewalls(active, key).host))
          expect([...allowed, "tcp/9100"], key).toContain(port);
      }
    }));

  test("let every host of a role in where a port is open to that role", () =>
    always((estate, settings) => {
      const active = activeEstate(estate, settings);
      for (const service of Object.values(active.services))
        for (const { port, protocol, from } of service.ports) {
          if (typeof from !== "object" || !("role" in from)) continue;
          const rule = firewalls(active, service.on).host.filter(
            (each) => each.port === port && each.protocol === protocol,
          );
          const sources = rule.flatMap((each) => each.sources);
          for (const id of hostsOfRole(active, from.role)) {
            if (id === service.on || sources.includes("0.0.0.0/0")) continue;
            const host = active.hosts[id]!;
            const [own, at] = [
              host.kind === "hetzner"
                ? `${host.privateIp}/32`
                : host.kind === "external"
                  ? `${host.ipv4}/32`
                  : { host: id, address: "egress4" },
              active.hosts[service.on],
            ];
            const expected = host.kind === "hetzner" && at?.kind !== "hetzner" ? { host: id, address: "ipv4" } : own;
            expect(sources, `${id} → ${service.on}:${port}`).toContainEqual(expected);
          }
        }
    }));

  test("let every prober in at the ports that it tries, by the address that it comes from", () =>
    always((estate, settings, blueprint) => {
      const active = activeEstate(estate, settings);
      for (const { service, kind, target, from } of blueprint.probes) {
        if (kind !== "tcp") continue;
        const { cloud } = firewalls(active, active.services[service]!.on);
        const sources = cloud.filter(({ port }) => target.endsWith(`:${port}`)).flatMap((rule) => rule.sources);
        if (sources.includes("0.0.0.0/0")) continue;
        const address = active.hosts[from]?.kind === "digitalOcean" ? "egress4" : "ipv4";
        expect(sources, `${from} → ${target}`).toContainEqual({ host: from, address });
      }
    }));

  test("let admins in from their networks alone or through another host, except where a service offers SSH itself", () =>
    always((estate, settings, blueprint) => {
      const { services, hosts } = activeEstate(estate, settings);
      for (const { key, firewall } of servers(blueprint)) {
        const offered = Object.values(services).some(
          (service) => service.on === key && service.ports.some(({ port, from }) => port === 22 && from !== "admins"),
        );
        const backups = estate.backups.kind === "host" && estate.backups.on === key;
        const ssh = firewall.filter(({ port }) => port === 22).flatMap(({ sources }) => sources);
        const host = hosts[key];
        const hidden = host?.kind === "hetzner" && host.adminsThrough !== undefined;
        if (!offered && !backups) expect(ssh).toEqual(hidden ? [] : settings.adminNetworks);
        if (hidden) expect(ssh).toEqual([]);
      }
    }));

  test("let the web into proxied origins only from the edge", () =>
    always((_estate, _settings, blueprint) => {
      const direct = new Set(
        blueprint.zones.flatMap(({ records }) =>
          records.flatMap(({ content, proxied, name }) =>
            typeof content === "object" && !proxied && !name.includes(".infra.") ? [content.host] : [],
          ),
        ),
      );
      for (const { key, firewall } of servers(blueprint))
        if (!direct.has(key))
          for (const { sources } of firewall.filter(({ port }) => port === 443))
            expect(sources).not.toContain("0.0.0.0/0");
    }));
});

test("a host's configuration names exactly the admins whose groups may enter it", () =>
  always((estate, settings) => {
    const active = activeEstate(estate, settings);
    for (const [id, group] of Object.entries(estate.groups)) {
      const only = { ...active, settings: { ...settings, admins: [{ ...settings.admins[0]!, groups: [id] }] } };
      for (const [key, host] of Object.entries(active.hosts)) {
        if (host.kind === "external") continue;
        const allowed = group.hosts === "all" || group.hosts.includes(key);
        expect(hostConfiguration(only, key, host, []).admins.map(({ sudo }) => sudo)).toEqual(
          allowed ? [group.sudo] : [],
        );
      }
    }
  }));
