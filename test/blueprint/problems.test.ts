import { describe, expect, test } from "vitest";
import { blueprintOf } from "../../blueprint/blueprint.ts";
import { openwrt } from "../../estates/openwrt.ts";
import type { Estate } from "../../model/estate.ts";
import { Mistakes } from "../../model/mistakes.ts";
import type { Settings } from "../../model/settings.ts";
import { git } from "../../roles/git/role.ts";
import { wiki } from "../../roles/wiki/role.ts";
import { someSettings } from "./arbitrary-estate.ts";

/** The messages that an estate is refused with; the types would refuse most of these already. */
function refusal(estate: unknown, settings: Partial<Settings> = {}): readonly string[] {
  try {
    blueprintOf(estate as Estate, { ...someSettings, ...settings });
  } catch (error) {
    if (error instanceof Mistakes) return error.problems;
    throw error;
  }
  return [];
}

const server = openwrt.hosts["services-01"]!;
const withHost = (id: string, host: unknown) => ({ ...openwrt, hosts: { ...openwrt.hosts, [id]: host } });
const withService = (id: string, service: unknown) => ({
  ...openwrt,
  services: { ...openwrt.services, [id]: service },
});

test("our estate is accepted", () => expect(refusal(openwrt)).toEqual([]));

describe("a host is refused", () => {
  test.each([
    ["an unknown type", withHost("services-01", { ...server, type: "cx99" }), "hosts.services-01.type: found cx99"],
    [
      "an unknown location",
      withHost("services-01", { ...server, location: "mars1" }),
      "hosts.services-01.location: found mars1",
    ],
    [
      "an unknown size",
      withHost("wiki-01", { ...openwrt.hosts["wiki-01"], size: "s-9" }),
      "hosts.wiki-01.size: found s-9",
    ],
    [
      "an unknown payer",
      withHost("services-01", { ...server, payer: "nobody" }),
      "hosts.services-01.payer: found nobody",
    ],
    ["two volumes", withHost("services-01", { ...server, volumeGb: [100, 50] }), "found 2 volumes"],
    ["a volume smaller than Hetzner's smallest", withHost("services-01", { ...server, volumeGb: 5 }), "found 5"],
    ["another's private address", withHost("git-01", server), "10.0.0.13 is that of services-01"],
    [
      "a private address outside the network",
      withHost("services-01", { ...server, privateIp: "192.168.0.9" }),
      "found 192.168.0.9",
    ],
    [
      "a name that no host can have",
      withHost("Git_01", { ...server, privateIp: "10.0.0.99" }),
      "hosts.Git_01: the name",
    ],
    [
      "no volume under a service that keeps data",
      withHost("services-01", { ...server, volumeGb: undefined }),
      "services-01 has no volume",
    ],
  ])("with %s", (_what, estate, message) => {
    expect(refusal(estate).join("\n")).toContain(message);
  });
});

describe("a service is refused", () => {
  const second = { criticality: "low" } as const;
  test.each([
    [
      "on a host that does not exist",
      withService("x", wiki({ ...second, on: "nowhere-01", name: "x.openwrt.org", pages: [] })),
      "host nowhere-01 does not exist",
    ],
    [
      "with a name of another service",
      withService("x", wiki({ ...second, on: "forum-01", name: "forum.openwrt.org", pages: [] })),
      "forum.openwrt.org belongs to services.forum already",
    ],
    [
      "with a name in no zone",
      withService("x", wiki({ ...second, on: "forum-01", name: "x.example.org", pages: [] })),
      "x.example.org is in no zone",
    ],
    [
      "with a port that another has",
      withService("x", { ...git({ ...second, on: "downloads-01", name: "x.openwrt.org" }), data: [] }),
      "port tcp/22 on downloads-01 is taken by git",
    ],
    [
      "with data that another has",
      withService("x", git({ ...second, on: "downloads-01", name: "x.openwrt.org" })),
      "/srv/data/git on downloads-01 is the data of git already",
    ],
    [
      "beside one that must be alone",
      withService("x", wiki({ ...second, on: "build-01", name: "x.openwrt.org", pages: [] })),
      "services.worker-01: must be alone on its host",
    ],
    [
      "behind the proxy with a name that its certificate does not cover",
      withService("x", wiki({ ...second, on: "forum-01", name: "a.b.openwrt.org", pages: [] })),
      "a.b.openwrt.org cannot be proxied",
    ],
  ])("%s", (_what, estate, message) => {
    expect(refusal(estate).join("\n")).toContain(message);
  });
});

describe("zones are refused", () => {
  const withZone = (zone: object) => ({
    ...openwrt,
    zones: { ...openwrt.zones, "openwrt.org": { ...openwrt.zones["openwrt.org"], ...zone } },
  });
  test.each([
    [
      "a circle of redirects",
      withZone({
        redirects: [
          { from: "a.openwrt.org", to: "https://b.openwrt.org" },
          { from: "b.openwrt.org", to: "https://a.openwrt.org" },
        ],
      }),
      "redirects run in a circle",
    ],
    [
      "mail at a service that does not exist",
      withZone({ mail: { "openwrt.org": { mx: "nothing" } } }),
      "mx nothing is no service",
    ],
    [
      "mail at a proxied name",
      withZone({ mail: { "openwrt.org": { mx: "buildbot" } } }),
      "buildbot has no direct name",
    ],
    [
      "mail on a host without reverse DNS",
      {
        ...withZone({ mail: { "openwrt.org": { mx: "x" } } }),
        services: {
          ...openwrt.services,
          x: {
            ...openwrt.services["mail"],
            on: "forum-01",
            names: [{ name: "x.openwrt.org", exposure: "direct" }],
            checks: [],
          },
        },
      },
      "has no reverse DNS of ours",
    ],
    [
      "a redirect at the edge two labels deep",
      withZone({ redirects: [{ from: "a.b.openwrt.org", to: "https://openwrt.org" }] }),
      "a.b.openwrt.org cannot be answered at the edge",
    ],
  ])("with %s", (_what, estate, message) => {
    expect(refusal(estate).join("\n")).toContain(message);
  });
});

describe("settings are refused", () => {
  const admin = someSettings.admins[0]!;
  test.each<[string, Partial<Settings>, string]>([
    [
      "that name an unknown group",
      { admins: [{ ...admin, groups: ["infra", "wheel"] }] },
      "admins[0].groups: found wheel",
    ],
    [
      "that leave a host without anybody who may become root",
      { admins: [{ ...admin, groups: ["build"] }] },
      "nobody could log in on wiki-01",
    ],
    ["that list a person twice", { admins: [admin, admin] }, "alice is there twice"],
    ["that unprotect something unknown", { unprotected: ["wiki-1"] }, "unprotected: found wiki-1"],
    ["that sign a zone which is not ours", { dnssec: { "example.org": "signed" } }, "dnssec: found example.org"],
    [
      "that leave a mail domain without a key",
      { dkim: [{ domain: "openwrt.org", selector: "s", publicKey: "x" }] },
      "dkim: lists.openwrt.org sends mail, but has no key",
    ],
    [
      "that send alerts to our own mail server",
      { alertEmails: ["root@lists.openwrt.org"] },
      "root@lists.openwrt.org is a mailbox of our own",
    ],
    [
      "that name a donated machine like a host",
      { donations: [{ name: "build-01", ipv4: "192.0.2.7", owner: "x" }] },
      "a machine is named build-01",
    ],
  ])("%s", (_what, settings, message) => {
    expect(refusal(openwrt, settings).join("\n")).toContain(message);
  });

  test("all at once", () => {
    expect(
      refusal(openwrt, { unprotected: ["a", "b"], dnssec: { c: "signed" }, alertEmails: ["x@openwrt.org"] }),
    ).toHaveLength(4);
  });
});
