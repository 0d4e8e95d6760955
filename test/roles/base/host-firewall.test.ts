import { BlockList, isIPv4 } from "node:net";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, type FirewallRule } from "../../../model/blueprint.ts";
import { nftables, peerSet } from "../../../roles/base/host-firewall.ts";
import { arbitraryConfiguration, arbitraryRule, server } from "./configurations.ts";

const rulesetOf = (...firewall: FirewallRule[]) => nftables({ ...server, firewall });
const rule = (sources: FirewallRule["sources"], purpose = "test"): FirewallRule => ({
  purpose,
  protocol: "tcp",
  port: 80,
  sources,
});

/** The lines of a chain, without comments. */
function chain(ruleset: string, name: string): string[] {
  const [, body = ""] = new RegExp(`chain ${name} \\{\\n([\\s\\S]*?)\\n  \\}`).exec(ruleset) ?? [];
  return body.split("\n").map((line) => line.trim());
}
const opening = (ruleset: string) =>
  chain(ruleset, "input").filter((line) => / (tcp|udp) dport |^(tcp|udp) dport /.test(line));

describe("host firewall", () => {
  test("drops what comes in or through unless a rule accepts it", () => {
    const ruleset = rulesetOf();
    expect(chain(ruleset, "input")[0]).toBe("type filter hook input priority filter; policy drop;");
    expect(chain(ruleset, "forward")[0]).toBe("type filter hook forward priority filter; policy drop;");
    expect(opening(ruleset)).toEqual([]);
  });

  test("opens exactly the declared ports, to no more sources than declared, whatever the rules are", () => {
    fc.assert(
      fc.property(fc.array(arbitraryRule, { maxLength: 10 }), (firewall) => {
        const lines = opening(rulesetOf(...firewall));
        const ports = (list: readonly string[]) => [...new Set(list)].sort();
        expect(ports(lines.map((line) => /(tcp|udp) dport \d+/.exec(line)![0]))).toEqual(
          ports(
            firewall
              .filter(({ protocol }) => protocol !== "icmp")
              .map(({ protocol, port }) => `${protocol} dport ${port}`),
          ),
        );
        for (const line of lines) {
          const parsed =
            /^(?:(ip6? saddr) (?:\{ (.*?) \}|@(\S+)) |meta nfproto ipv([46]) )?(tcp|udp) dport (\d+) accept comment "([^"]*)"$/.exec(
              line,
            );
          expect(parsed, line).not.toBeNull();
          const [, , literals, set, family, protocol, port] = parsed!;
          const declared = firewall
            .filter((each) => each.protocol === protocol && each.port === Number(port))
            .flatMap(({ sources }) => sources);
          if (literals) for (const literal of literals.split(", ")) expect(declared).toContain(literal);
          else if (set) expect(declared.filter((source) => typeof source !== "string").map(peerSet)).toContain(set);
          else if (family) expect(declared).toContain(family === "4" ? "0.0.0.0/0" : "::/0");
          else expect(declared).toEqual(expect.arrayContaining(["0.0.0.0/0", "::/0"]));
        }
      }),
    );
  });

  test("admits every declared address where not everybody is", () => {
    fc.assert(
      fc.property(arbitraryRule, (declared) => {
        const ruleset = rulesetOf(declared);
        if (/^ {4}(tcp|udp) dport/m.test(ruleset)) return;
        const admitted = { ipv4: new BlockList(), ipv6: new BlockList() };
        for (const [, list = ""] of ruleset.matchAll(/saddr \{ (.*?) \} /g))
          for (const block of list.split(", ")) {
            const [address = "", bits] = block.split("/");
            const family = isIPv4(address) ? "ipv4" : "ipv6";
            admitted[family].addSubnet(address, Number(bits ?? (family === "ipv4" ? 32 : 128)), family);
          }
        for (const source of declared.sources) {
          if (typeof source !== "string") expect(ruleset).toContain(`saddr @${peerSet(source)} `);
          else {
            const [address = ""] = source.split("/");
            const family = isIPv4(address) ? "ipv4" : "ipv6";
            const anyone = new RegExp(`^    meta nfproto ${family} .*accept`, "m").test(ruleset);
            expect(anyone || admitted[family].check(address, family)).toBe(true);
          }
        }
      }),
    );
  });

  test("declares an empty set for each address that only the cloud knows, once", () => {
    const ruleset = rulesetOf(
      rule([addressOf("donor-01", "ipv4"), addressOf("donor-01", "ipv6")]),
      rule([addressOf("donor-01", "ipv4")]),
    );
    expect(ruleset.match(/set peer-.*$/gm)).toEqual([
      "set peer-donor-01-ipv4 { type ipv4_addr; }",
      "set peer-donor-01-ipv6 { type ipv6_addr; }",
    ]);
  });

  test("drops networks that lie within another", () => {
    expect(opening(rulesetOf(rule(["10.1.0.0/16", "10.0.0.0/8", "10.0.0.1"])))).toEqual([
      'ip saddr { 10.0.0.0/8 } tcp dport 80 accept comment "test"',
    ]);
  });

  test("a rule open to the IPv4 world does not open it to the IPv6 world", () => {
    expect(opening(rulesetOf(rule(["0.0.0.0/0"])))).toEqual(['meta nfproto ipv4 tcp dport 80 accept comment "test"']);
  });

  test("no text of a rule becomes syntax", () => {
    const [line] = opening(rulesetOf(rule(["192.0.2.1"], 'x" accept\n tcp dport 1 accept #')));
    expect(line).toBe(`ip saddr { 192.0.2.1 } tcp dport 80 accept comment "x' accept? tcp dport 1 accept #"`);
  });

  test.each(["192.0.2.0/33", "192.0.2.1 }", "example.org", "2001:db8::/129", "fe80::1%eth0", "192.0.2.0/24/8", ""])(
    "refuses %j as a source",
    (source) => {
      expect(() => rulesetOf(rule([source]))).toThrow(/^git-01: the rule "test" admits /);
    },
  );

  test.each([0, 65_536, 1.5, undefined])("refuses port %j", (port) => {
    const { port: _, ...rest } = rule(["192.0.2.1"]);
    expect(() => rulesetOf(port === undefined ? rest : { ...rest, port })).toThrow(/opens port/);
  });

  test("keeps the metadata service from everybody but root, on any host", () => {
    fc.assert(
      fc.property(arbitraryConfiguration, (configuration) => {
        const output = chain(nftables(configuration), "output");
        expect(output).toContain("ip daddr 169.254.169.254 meta skuid != @metadata-users counter reject");
        expect(output).toContain("ip6 daddr fe80::a9fe:a9fe meta skuid != @metadata-users counter reject");
        expect(nftables(configuration)).toContain("set metadata-users { type uid; elements = { 0 } }");
      }),
      { numRuns: 20 },
    );
  });
});
