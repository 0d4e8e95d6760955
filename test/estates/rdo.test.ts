import { describe, expect, test } from "vitest";
import { activeEstate } from "../../blueprint/active-estate.ts";
import { blueprintOf } from "../../blueprint/blueprint.ts";
import { firewalls } from "../../blueprint/firewall.ts";
import { hostConfiguration } from "../../blueprint/hosts.ts";
import { estates } from "../../estates/estates.ts";
import { rdo } from "../../estates/rdo.ts";
import { addressOf, type Source } from "../../model/blueprint.ts";
import { nextWindows } from "../../model/maintenance.ts";
import { parseSettings } from "../../model/parse-settings.ts";
import { type Criticality, RESTORE_WITHIN_HOURS } from "../../model/service.ts";
import type { Settings } from "../../model/settings.ts";
import { someSettings } from "../blueprint/arbitrary-estate.ts";

const settings: Settings = { ...someSettings, estate: "rdo", pools: { nodes: 2 } };
const ADMINS = settings.adminNetworks;
const ANYONE = ["0.0.0.0/0", "::/0"];
const CI = "10.10.0.18/32";

/** Sources by port of a host's firewall in the cloud, and of the host itself; ping left out. */
function open(host: string, changed: Partial<Settings> = {}) {
  const { cloud, host: own } = firewalls(activeEstate(rdo, { ...settings, ...changed }), host);
  const byPort = (rules: typeof cloud): Record<string, readonly Source[]> =>
    Object.fromEntries(rules.flatMap(({ port, sources }) => (port === undefined ? [] : [[port, sources]])));
  return { cloud: byPort(cloud), own: byPort(own) };
}

describe("the names of the page", () => {
  const records = blueprintOf(rdo, settings).zones.flatMap((zone) => zone.records);
  test.each([
    ["rdoproject.org", "web-01"],
    ["trunk.rdoproject.org", "trunk-01"],
    ["dlrn-db.rdoproject.org", "db-01"],
    ["backup.rdoproject.org", "backup-01"],
    ["rpm-packaging-ci.rdoproject.org", "packaging-01"],
    ["review.rdoproject.org", "review-01"],
    ["registry.rdoproject.org", "artifacts-01"],
    ["console.registry.rdoproject.org", "artifacts-01"],
    ["logs.rdoproject.org", "artifacts-01"],
    ["images.rdoproject.org", "images-01"],
    ["blogs.rdoproject.org", "blogs-01"],
    ["dashboards.rdoproject.org", "web-01"],
    ["status.rdoproject.org", "status-01"],
    ["planet.rdoproject.org", "web-01"],
  ])("%s leads to %s", (name, host) => {
    const address = records.find((record) => record.name === name && record.type === "A");
    expect(address?.content).toEqual(addressOf(host, "ipv4"));
  });

  test.each([
    "http://trunk.rdoproject.org/",
    "https://rpm-packaging-ci.rdoproject.org/repos/status_report.html",
    "https://console.registry.rdoproject.org/",
    "https://images.rdoproject.org/master/rdo_trunk/",
    "https://dashboards.rdoproject.org/rdo-dev",
    "https://rdoproject.org/blog/2016/07/improving-the-rdo-trunk-infrastructure/",
    "https://rdoproject.org/infra/service-continuity",
  ])("keep the link %s", (url) => {
    expect(Object.values(blueprintOf(rdo, settings).urls).flat()).toContain(url);
  });

  test("under www lead to the same site", () => {
    expect(blueprintOf(rdo, settings).zones[0]?.redirectRules).toEqual([
      expect.objectContaining({ expression: expect.stringContaining('"www.rdoproject.org"') }),
    ]);
  });
});

describe("firewalls", () => {
  test("leave the private builder no public port, and no name but its host's", () => {
    expect(open("builder-01").cloud).toEqual({ 22: ADMINS });
    const names = blueprintOf(rdo, settings).zones.flatMap(({ records }) =>
      records.flatMap(({ name, content }) =>
        typeof content === "object" && content.host === "builder-01" ? [name] : [],
      ),
    );
    expect(new Set(names)).toEqual(new Set(["builder-01.infra.rdoproject.org"]));
  });

  test("let the builder alone push to trunk", () => {
    expect(open("trunk-01").cloud).toEqual({ 22: ADMINS, 80: ANYONE, 443: ANYONE });
    expect(open("trunk-01").own[22]).toEqual([...ADMINS, "10.10.0.13/32"]);
  });

  test("let builder, trunk and replica into the database, and nobody else", () => {
    expect(open("db-01").cloud).toEqual({ 22: ADMINS, 3306: [addressOf("backup-01", "egress4")] });
    expect(open("db-01").own[3306]).toEqual([addressOf("backup-01", "egress4"), "10.10.0.13/32", "10.10.0.14/32"]);
  });

  test("open review's https and Gerrit's SSH to anyone, and CI's web interface to review alone", () => {
    expect(open("review-01").cloud).toEqual({ 22: ADMINS, 443: ANYONE, 29418: ANYONE });
    expect(open("ci-01").cloud).toEqual({ 22: ADMINS });
    expect(open("ci-01").own[9000]).toEqual(["10.10.0.17/32"]);
  });

  test.each([0, 2, 6])("let CI's host alone into its test nodes, %i of them, and admins through it", (nodes) => {
    const active = activeEstate(rdo, { ...settings, pools: { nodes } });
    const running = Object.keys(active.hosts).filter((host) => host.startsWith("node-"));
    expect(running).toHaveLength(nodes);
    for (const node of running) {
      const { cloud, own } = open(node, { pools: { nodes } });
      expect(cloud).toEqual({});
      // 9100 are the metrics.
      expect(own).toEqual({ 22: [CI], 9100: ["10.10.0.11/32"], 19885: [CI] });
      const host = active.hosts[node];
      if (host?.kind !== "hetzner") throw new Error(`${node} is no server`);
      expect(hostConfiguration(active, node, host, []).adminNetworks).toEqual([CI]);
    }
  });

  test("let uploads come from CI, and from ci.centos.org once its networks are known", () => {
    expect(open("images-01").own[22]).toEqual([...ADMINS, CI]);
    const thirdPartyNetworks = { centosCiNetworks: ["203.0.113.64/26"] };
    for (const host of ["images-01", "artifacts-01"])
      expect(open(host, { thirdPartyNetworks }).cloud[22]).toEqual([...ADMINS, "203.0.113.64/26"]);
    expect(open("trunk-01", { thirdPartyNetworks }).cloud[22]).toEqual(ADMINS);
  });

  test("let in where backups go: the hosts that have some, the prober, admins", () => {
    const sources = open("backup-01").cloud[22] ?? [];
    const hosts = ["builder-01", "db-01", "review-01", "ci-01", "images-01", "blogs-01", "web-01"];
    const expected = [...ADMINS, ...hosts.flatMap((host) => [addressOf(host, "ipv4"), addressOf(host, "ipv6")])];
    expect(new Set(sources.map((source) => JSON.stringify(source)))).toEqual(
      new Set(expected.map((source) => JSON.stringify(source))),
    );
    expect(Object.keys(open("backup-01").cloud)).toEqual(["22"]);
  });
});

describe("copies", () => {
  test("of the database are on another cloud than the primary, and so are the backups of everything", () => {
    const kindOf = (host: string | undefined) => rdo.hosts[host ?? ""]?.kind;
    expect(kindOf(rdo.services["database"]?.on)).toBe("hetzner");
    expect(kindOf(rdo.services["replica"]?.on)).toBe("digitalOcean");
    const { backups } = blueprintOf(rdo, settings);
    expect(backups.map(({ service }) => service)).toEqual(["builder", "database", "review", "ci", "images", "blogs"]);
    for (const { host, repository } of backups) expect(kindOf(repository.split(":")[0])).not.toBe(kindOf(host));
  });

  test("are dumped before, as a replica would copy a dropped table", () => {
    expect(blueprintOf(rdo, settings).backups.find(({ service }) => service === "database")).toMatchObject({
      dump: expect.stringContaining("mariadb-dump"),
      schedule: expect.stringMatching(/^\*-\*-\* \*:/),
    });
  });

  test("need a volume that holds all that has backups", () => {
    const size = (host: string) => {
      const each = rdo.hosts[host];
      return each && each.kind !== "external" ? (each.volumeGb ?? 0) : 0;
    };
    const kept = new Set(blueprintOf(rdo, settings).backups.map(({ host }) => host));
    const originals = [...kept].reduce((sum, host) => sum + size(host), 0);
    expect(originals).toBe(600);
    expect(size("backup-01")).toBeGreaterThan(originals + size("db-01"));
  });
});

describe("retired services", () => {
  const all = blueprintOf(rdo, settings);
  const left = blueprintOf(rdo, { ...settings, includeRetired: false });
  const gone = ["packaging-01", "artifacts-01", "status-01"];

  test("say since when and where that is written", () => {
    const retired = Object.entries(rdo.services).filter(([, service]) => service.retired !== undefined);
    expect(retired.map(([id]) => id)).toEqual(["rpm-packaging", "registry", "logs", "status"]);
    for (const [, service] of retired) expect(service.retired).toMatch(/^20\d\d-\d\d, \S+ [0-9a-f]{7}$/);
  });

  test("take their hosts, names, checks and addresses along", () => {
    expect(all.hosts.map(({ key }) => key).filter((key) => !left.hosts.some((host) => host.key === key))).toEqual(gone);
    const names = left.zones.flatMap(({ records }) => records.map(({ name }) => name));
    for (const name of ["rpm-packaging-ci", "registry", "console.registry", "logs", "status", ...gone])
      expect(names.filter((each) => each.startsWith(`${name}.`))).toEqual([]);
    expect(left.digitalOcean.uptimeChecks.map(({ key }) => key)).not.toContain("logs");
  });

  test("leave all others exactly as they were", () => {
    const remaining = <T extends { readonly key: string }>(list: readonly T[]) =>
      list.filter(({ key }) => !gone.includes(key));
    expect(left.hetzner.servers).toEqual(remaining(all.hetzner.servers));
    expect(left.digitalOcean.droplets).toEqual(remaining(all.digitalOcean.droplets));
    expect(left.backups).toEqual(all.backups);
    const records = all.zones.flatMap((zone) => zone.records);
    for (const record of left.zones.flatMap((zone) => zone.records)) expect(records).toContainEqual(record);
    for (const check of left.digitalOcean.uptimeChecks) expect(all.digitalOcean.uptimeChecks).toContainEqual(check);
  });
});

describe("service continuity", () => {
  const classes: Record<Criticality, readonly string[]> = {
    high: ["trunk", "database", "node-01", "images", "www"],
    medium: ["review", "builder", "blogs"],
    low: ["planet", "dashboards"],
  };

  test("follows the project's own classes", () => {
    for (const [criticality, services] of Object.entries(classes))
      for (const service of services) expect(rdo.services[service]?.criticality, service).toBe(criticality);
    expect(RESTORE_WITHIN_HOURS).toEqual({ high: 4, medium: 24, low: 120 });
  });

  test("stands on the labels of each host, with the maintenance window", () => {
    const { hetzner, digitalOcean } = blueprintOf(rdo, settings);
    expect(hetzner.servers.find(({ key }) => key === "blogs-01")?.labels).toMatchObject({
      criticality: "medium",
      "restore-within": "24h",
      maintenance: "tuesday-1-3_0800_4h",
    });
    expect(digitalOcean.droplets[0]?.tags).toEqual(
      expect.arrayContaining(["restore-within:4h", "maintenance:tuesday-1-3_0800_4h"]),
    );
  });

  test("interrupts services on the first and third Tuesday of a month alone", () => {
    const windows = nextWindows(rdo.maintenance, new Date("2026-11-30T00:00:00Z"), 4);
    expect(windows.map(({ from }) => from.toISOString().slice(0, 16))).toEqual([
      "2026-12-01T08:00",
      "2026-12-15T08:00",
      "2027-01-05T08:00",
      "2027-01-19T08:00",
    ]);
  });
});

test("core administrators of review get into review, CI and its nodes, and nowhere else", () => {
  const active = activeEstate(rdo, {
    ...settings,
    admins: [{ ...someSettings.admins[0]!, groups: ["review-core"] }],
  });
  const enters = Object.entries(active.hosts).filter(
    ([id, host]) => host.kind !== "external" && hostConfiguration(active, id, host, []).admins.length > 0,
  );
  expect(enters.map(([id]) => id).sort()).toEqual(["ci-01", "node-01", "node-02", "review-01"]);
});

test("mail goes out in the names of review and blogs, and comes in nowhere", () => {
  const records = blueprintOf(rdo, settings).zones[0]?.records ?? [];
  expect(records.filter(({ type }) => type === "MX").map(({ content }) => content)).toEqual(["."]);
  const spf = records.filter(({ content }) => String(content).includes("v=spf1"));
  expect(Object.fromEntries(spf.map(({ name, content }) => [name, content]))).toEqual({
    "rdoproject.org": '"v=spf1 -all"',
    "review.rdoproject.org": '"v=spf1 include:spf.relay.example -all"',
    "blogs.rdoproject.org": '"v=spf1 include:spf.relay.example -all"',
  });
});

describe("the cost", () => {
  test("is €173.65 and $127 a month with two test nodes, and €8.99 more for each further one", () => {
    const { cost } = blueprintOf(rdo, settings);
    expect(cost.hetzner).toMatchObject({ cents: 17_365, capCents: 17_800 });
    expect(cost.usdCents).toBe(12_700);
    expect(blueprintOf(rdo, { ...settings, pools: { nodes: 3 } }).cost.hetzner.cents).toBe(17_365 + 899);
  });

  test("of originals and of their copies is paid by different people", () => {
    const payers = new Set(
      ["db-01", "backup-01"].map((host) => {
        const each = rdo.hosts[host];
        return each && each.kind !== "external" ? each.payer : undefined;
      }),
    );
    expect(payers.size).toBe(2);
  });
});

describe("third parties", () => {
  test("that services use are those that the estate lists", () => {
    const listed = Object.values(rdo.thirdParties);
    const used = Object.values(rdo.services).flatMap(({ uses = [] }) => uses);
    expect(used.length).toBeGreaterThan(5);
    for (const party of used) expect(listed).toContain(party);
  });

  test("whose networks only they can tell have a setting", () => {
    const raw = {
      estate: "rdo",
      admins: JSON.stringify(settings.admins),
      adminNetworks: JSON.stringify(ADMINS),
      alertEmails: '["oncall@example.net"]',
      cloudflareAccountId: settings.cloudflareAccountId,
      mailRelay: JSON.stringify(settings.mailRelay),
      dkim: JSON.stringify(settings.dkim),
    };
    const parsed = (networks: string) => parseSettings({ ...raw, centosCiNetworks: networks }, estates).settings;
    expect(parsed('["203.0.113.64/26"]').thirdPartyNetworks).toEqual({ centosCiNetworks: ["203.0.113.64/26"] });
    expect(parseSettings(raw, estates).settings).toMatchObject({
      thirdPartyNetworks: { centosCiNetworks: [] },
      pools: { nodes: 2 },
    });
    expect(() => parsed('["anywhere"]')).toThrow(
      /centosCiNetworks\[0\]: found "anywhere"\.\n {2}Allowed: a list of CIDR/,
    );
  });
});

describe("the estate is refused", () => {
  const withHost = (id: string, change: object) =>
    ({ ...rdo, hosts: { ...rdo.hosts, [id]: { ...rdo.hosts[id], ...change } } }) as typeof rdo;
  const withService = (id: string, change: object) =>
    ({ ...rdo, services: { ...rdo.services, [id]: { ...rdo.services[id], ...change } } }) as typeof rdo;

  test.each([
    [
      "with the replica on the primary's cloud",
      withService("replica", { on: "images-01" }),
      "services.replica: on images-01 it shares a cloud with database on db-01",
    ],
    [
      "with data that would lie beside its own backup",
      withService("blogs", { on: "backup-01" }),
      "services.blogs: its data would lie on backup-01 beside its backup",
    ],
    ["with backups on a host without a volume", withHost("backup-01", { volumeGb: undefined }), "has no volume"],
    [
      "with admins who pass through a host that nobody reaches",
      withHost("node-01", { adminsThrough: "node-02" }),
      "hosts.node-01.adminsThrough: found node-02",
    ],
    [
      "with an eleventh server in the placement group",
      withHost("node-01", { spread: undefined }),
      "hosts: 11 servers in the placement group",
    ],
    ["with a builder that shares its host", withService("blogs", { on: "builder-01" }), "must be alone on its host"],
  ])("%s", (_what, estate, message) => {
    expect(() => blueprintOf(estate, settings)).toThrow(message);
  });
});
