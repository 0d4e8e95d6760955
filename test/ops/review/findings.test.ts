import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../ops/preview-json/json-value.ts";
import { DROPLET_FIREWALL, HETZNER_FIREWALL, RECORD, type StepOf, UNKNOWN } from "../preview-of.ts";
import { found, risks } from "./found.ts";

describe("firewalls", () => {
  const rule = (port: string, ...sourceIps: string[]) => ({ direction: "in", protocol: "tcp", port, sourceIps });
  const change = (before: JsonObject[], after: JsonObject[]): StepOf => ({
    type: HETZNER_FIREWALL,
    before: { rules: before },
    after: { rules: after },
  });

  it.each([
    ["a port opened to everyone", [], [rule("22", "0.0.0.0/0")], "port 22/tcp to **everyone**"],
    [
      "to everyone over IPv6 only",
      [rule("22", "0.0.0.0/0")],
      [rule("22", "0.0.0.0/0", "::/0")],
      "port 22/tcp to **everyone**",
    ],
    ["to half of the internet", [], [rule("22", "128.0.0.0/1")], "to **everyone**"],
    [
      "to a network that holds the old one",
      [rule("22", "198.51.100.0/25")],
      [rule("22", "198.51.100.0/24")],
      "to `198.51.100.0/24`, who could not",
    ],
    ["to another network", [rule("22", "198.51.100.0/24")], [rule("22", "203.0.113.0/24")], "to `203.0.113.0/24`"],
    ["to more ports", [rule("80-81", "::/0")], [rule("80-90", "::/0")], "ports 80–90/tcp to **everyone**"],
    ["to all ports", [rule("80", "::/0")], [rule("any", "::/0")], "**all ports** (tcp) to **everyone**"],
    [
      "over another protocol",
      [rule("53", "::/0")],
      [{ ...rule("53", "::/0"), protocol: "udp" }],
      "port 53/udp to **everyone**",
    ],
  ])("tell of %s", (_, before, after, text) => {
    expect(risks(change(before, after))).toEqual([expect.stringContaining(text)]);
  });

  it.each([
    ["narrower sources", [rule("22", "198.51.100.0/24")], [rule("22", "198.51.100.7/32", "198.51.100.8")]],
    ["fewer ports", [rule("1-100", "::/0")], [rule("22", "::/0")]],
    ["the same in another order", [rule("22", "::/0"), rule("80", "::/0")], [rule("80", "::/0"), rule("22", "::/0")]],
    ["outgoing rules", [], [{ ...rule("22", "::/0"), direction: "out" }]],
    ["pings", [], [{ direction: "in", protocol: "icmp", sourceIps: ["::/0"] }]],
    ["a host that this plan makes", [], [rule("873", UNKNOWN)]],
  ])("are silent about %s", (_, before, after) => {
    expect(risks(change(before, after))).toEqual([]);
  });

  it("of a new host are a risk when everyone may come, and silent about networks", () => {
    const step = (source: string): StepOf => ({ type: HETZNER_FIREWALL, after: { rules: [rule("22", source)] } });
    expect(risks(step("::/0"))).toHaveLength(1);
    expect(found(step("198.51.100.0/24"))).toEqual([]);
  });

  it("of a whole new stack are notes", () => {
    const stack: StepOf = { type: "pulumi:pulumi:Stack", after: {} };
    expect(found(stack, { type: HETZNER_FIREWALL, after: { rules: [rule("443", "::/0")] } })).toEqual([
      expect.stringMatching(/^note: .*443/),
    ]);
  });

  it("of droplets are compared too, and hosts that lose theirs are named", () => {
    const inbound = (...sourceAddresses: string[]) => ({
      inboundRules: [{ protocol: "tcp", portRange: "80", sourceAddresses }],
      dropletIds: [1],
    });
    expect(
      risks({ type: DROPLET_FIREWALL, before: inbound("192.0.2.0/24"), after: inbound("0.0.0.0/0", "::/0") }),
    ).toEqual([expect.stringContaining("port 80/tcp to **everyone**")]);
    expect(
      risks({ type: DROPLET_FIREWALL, before: inbound("::/0"), after: { ...inbound("::/0"), dropletIds: [] } }),
    ).toHaveLength(1);
    expect(
      risks({ type: "hcloud:index/server:Server", before: { firewallIds: [1] }, after: { firewallIds: [] } }),
    ).toHaveLength(1);
  });
});

describe("mail", () => {
  const txt = (name: string, before: string, after?: string): StepOf => ({
    type: RECORD,
    before: { name, type: "TXT", content: `"${before}"` },
    ...(after === undefined ? {} : { after: { name, type: "TXT", content: `"${after}"` } }),
  });
  const spf = (before: string, after?: string) =>
    txt("example.org", `v=spf1 ${before}`, after === undefined ? undefined : `v=spf1 ${after}`);
  const dmarc = (before: string, after?: string) =>
    txt("_dmarc.example.org", `v=DMARC1; ${before}`, after === undefined ? undefined : `v=DMARC1; ${after}`);

  it.each([
    ["SPF from fail to softfail", spf("mx -all", "mx ~all"), "`softfail` (`~all`) instead of `fail` (`-all`)"],
    ["SPF that lets all pass", spf("mx -all", "mx all"), "`pass` (`+all`)"],
    ["SPF without an end", spf("mx -all", "mx"), "`neutral` (`?all`)"],
    [
      "SPF with another sender",
      spf("mx -all", "mx include:spf.example.net -all"),
      "more senders use its name: `include:spf.example.net`",
    ],
    ["SPF removed", spf("mx -all"), "SPF is removed"],
    ["DMARC from reject to none", dmarc("p=reject", "p=none"), "`p=none` instead of `p=reject`"],
    ["DMARC for names below", dmarc("p=reject", "p=reject; sp=none"), "`sp=none` instead of `sp=reject`"],
    ["DMARC for some of the mail", dmarc("p=reject", "p=reject; pct=10"), "10 % of the mail instead of 100 %"],
    ["DMARC with relaxed alignment", dmarc("p=reject; adkim=s", "p=reject"), "relaxed alignment"],
    ["DMARC removed", dmarc("p=none; rua=mailto:a@example.org"), "DMARC is removed"],
    ["a DKIM key removed", txt("s1._domainkey.example.org", "v=DKIM1; p=abc"), "DKIM key is removed"],
    ["a DKIM key revoked", txt("s1._domainkey.example.org", "v=DKIM1; p=abc", "v=DKIM1; p="), "DKIM key is removed"],
    ["MTA-STS removed", txt("_mta-sts.example.org", "v=STSv1; id=1"), "no longer have to use TLS"],
    [
      "TLS reports removed",
      txt("_smtp._tls.example.org", "v=TLSRPTv1; rua=mailto:a@example.org"),
      "no longer reported",
    ],
  ])("tells of %s", (_, step, text) => {
    expect(risks(step)).toEqual([expect.stringContaining(text)]);
  });

  it.each([
    ["stricter SPF", spf("mx include:a.example ~all", "mx -all")],
    ["SPF in another order and case", spf("mx include:a.example -all", "INCLUDE:a.example MX -ALL")],
    ["stricter DMARC", dmarc("p=none", "p=quarantine; sp=reject")],
    ["a new MTA-STS policy", txt("_mta-sts.example.org", "v=STSv1; id=1", "v=STSv1; id=2")],
  ])("is silent about %s", (_, step) => {
    expect(risks(step)).toEqual([]);
  });

  it("reads SPF that is split into several pieces", () => {
    const step: StepOf = {
      type: RECORD,
      before: { name: "example.org", type: "TXT", content: '"v=spf1 mx " "-all"' },
      after: { name: "example.org", type: "TXT", content: '"v=spf1 mx ~" "all"' },
    };
    expect(risks(step)).toEqual([expect.stringContaining("loosened")]);
  });

  it("tells where mail goes instead, and that it is refused", () => {
    const mx = (content: string, priority = 10) => ({ name: "example.org", type: "MX", content, priority });
    expect(risks({ type: RECORD, before: mx("a.example.org"), after: mx("b.example.net") })).toEqual([
      expect.stringContaining("mail goes to `b.example.net`"),
    ]);
    expect(risks({ type: RECORD, before: mx("a.example.org"), after: mx(".", 0) })).toEqual([
      expect.stringContaining("refused from now on"),
    ]);
    expect(risks({ type: RECORD, before: mx("a.example.org") })).toEqual([
      expect.stringContaining("no longer delivered"),
    ]);
    expect(risks({ type: RECORD, before: mx(".", 0) })).toEqual([]);
  });
});

describe("names", () => {
  const record = (name: string, content: string, more: JsonObject = {}) => ({ name, type: "A", content, ...more });

  it("tell of records of every type", () => {
    const sshfp = { name: "a.example.org", type: "SSHFP", content: "4 2 00" };
    expect(risks({ type: RECORD, before: sshfp })).toEqual([
      expect.stringContaining("removed from the DNS: `a.example.org` (SSHFP)"),
    ]);
  });

  it("tell what vanishes, what moves and what leaves the CDN", () => {
    expect(risks({ type: RECORD, before: record("a.example.org", "192.0.2.1") })).toEqual([
      expect.stringContaining("removed from the DNS: `a.example.org` (A)"),
    ]);
    expect(
      risks({ type: RECORD, before: record("a.example.org", "192.0.2.1"), after: record("a.example.org", UNKNOWN) }),
    ).toEqual([expect.stringContaining("from `192.0.2.1` to an address known after the deployment")]);
    expect(
      risks({
        type: RECORD,
        before: record("a.example.org", "192.0.2.1", { proxied: true }),
        after: record("a.example.org", "192.0.2.1", { proxied: false }),
      }),
    ).toEqual([expect.stringContaining("leaves the CDN")]);
  });

  it("are silent about a record that only gets another name in the program, and about its comment", () => {
    expect(
      risks(
        { type: RECORD, name: "old", before: record("a.example.org", "192.0.2.1") },
        { type: RECORD, name: "new", after: record("a.example.org", "192.0.2.1") },
      ),
    ).toEqual([]);
    expect(
      found({
        type: RECORD,
        before: record("a.example.org", "192.0.2.1", { comment: "x" }),
        after: record("a.example.org", "192.0.2.1", { comment: "y" }),
      }),
    ).toEqual([]);
  });
});

describe("removals, guards and zones", () => {
  const VOLUME = "hcloud:index/volume:Volume";
  const DNSSEC = "cloudflare:index/zoneDnssec:ZoneDnssec";
  const setting = (settingId: string, before: string, after: string): StepOf => ({
    type: "cloudflare:index/zoneSetting:ZoneSetting",
    before: { settingId, value: before },
    after: { settingId, value: after },
  });

  it.each([
    ["a deleted volume", { type: VOLUME, before: { size: 10 } }, "with all that it holds"],
    ["a protected one", { type: VOLUME, before: { size: 10 }, protect: [true, false] }, "its deletion is refused"],
    [
      "a replaced one",
      {
        type: VOLUME,
        op: "replace",
        before: { location: "a" },
        after: { location: "b" },
        replaceReasons: ["location"],
      },
      "`location` from `a` to `b`",
    ],
    [
      "a protected one that would be replaced",
      {
        type: VOLUME,
        op: "replace",
        before: { location: "a" },
        after: { location: "b" },
        protect: [true, true],
        replaceReasons: ["location"],
      },
      "its replacement is refused",
    ],
    ["a deleted host", { type: "hcloud:index/server:Server", before: {} }, "server `it` is deleted"],
    [
      "an address that is given up",
      { type: "hcloud:index/primaryIp:PrimaryIp", before: {} },
      "and its address is given up",
    ],
    [
      "a guard of Pulumi's that is lifted",
      { type: VOLUME, op: "same", before: {}, after: {}, protect: [true, false] },
      "loses its protection (Pulumi's)",
    ],
    [
      "a guard of the cloud's that is lifted",
      { type: VOLUME, before: { deleteProtection: true }, after: { deleteProtection: false } },
      "the cloud's `deleteProtection`",
    ],
    [
      "backups that are turned off",
      { type: "digitalocean:index/droplet:Droplet", before: { backups: true }, after: {} },
      "backups of droplet",
    ],
    [
      "DNSSEC that is turned off while delegated",
      { type: DNSSEC, before: { status: "active" }, outputs: { status: "active" } },
      "turned off **while it is delegated**",
    ],
    [
      "DNSSEC that is turned off unprotected but was seen active",
      { type: DNSSEC, before: {}, after: { status: "disabled" }, outputs: { status: "active" } },
      "while it is delegated",
    ],
    [
      "DNSSEC that is turned off before delegation",
      { type: DNSSEC, before: {}, outputs: { status: "pending" } },
      "was not seen at the parent",
    ],
    ["weaker TLS towards the origin", setting("ssl", "strict", "full"), "`ssl` goes from `strict` to `full`"],
    ["older TLS", setting("min_tls_version", "1.2", "1.0"), "from `1.2` to `1.0`"],
  ] as const satisfies [string, StepOf, string][])("tell of %s", (_, step, text) => {
    expect(risks(step)).toEqual([expect.stringContaining(text)]);
  });

  it.each([
    ["stronger TLS", setting("min_tls_version", "1.2", "1.3")],
    ["a deleted component", { type: "foss-infra:hetzner:Server", before: {} }],
    ["a guard that is set", { type: VOLUME, op: "same", before: {}, after: {}, protect: [false, true] }],
  ] as const satisfies [string, StepOf][])("are silent about %s", (_, step) => {
    expect(risks(step)).toEqual([]);
  });

  it("say that a volume which grows cannot shrink again", () => {
    expect(found({ type: VOLUME, before: { size: 10 }, after: { size: 20 } })).toEqual([
      "note: data volume `it` goes from `10` to `20` GB and cannot shrink again",
    ]);
  });

  it("tell of cost over the cap", () => {
    const cost = (monthly: number) => ({
      cost: { perPayer: [], capped: { provider: "cloud", currency: "EUR", monthly, cap: 150 } },
    });
    const report = (monthly: number): StepOf => ({
      type: "foss-infra:index:EstateReport",
      before: cost(1),
      after: cost(monthly),
    });
    expect(risks(report(150.5))).toEqual(["risk: `cloud` would cost `150.50` `EUR` a month, `0.50` over the cap"]);
    expect(risks(report(150))).toEqual([]);
  });

  it("put what loses data before what only moves", () => {
    const [first] = found(
      { type: RECORD, before: { name: "a", type: "A", content: "b" } },
      { type: VOLUME, before: {} },
    );
    expect(first).toContain("with all that it holds");
  });
});
