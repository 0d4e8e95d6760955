import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressBook, addressIn, cidrIn, cidrOf } from "../../components/addresses.ts";
import { firstIpv6 } from "../../components/first-ipv6.ts";
import { addressOf } from "../../model/blueprint.ts";
import { settled } from "./mock-engine.ts";

describe("the address of a host in its IPv6 network", () => {
  it.each([
    ["2001:db8:0:1::/64", "2001:db8:0:1::1"],
    ["2001:db8:1:2::", "2001:db8:1:2::1"],
    ["2001:db8:1::/64", "2001:db8:1::1"],
    ["2001:DB8:1:0:0:0:0:0/64", "2001:db8:1::1"],
    ["2001:db8:0:7::1", "2001:db8:0:7::1"],
    ["2001:db8::abcd:0:0:0:0/64", "2001:db8:0:abcd::1"],
  ])("of %s is %s", (network, address) => expect(firstIpv6(network)).toBe(address));

  it.each(["203.0.113.1", "2001:db8::/48", "2001:db8::/64/1", "", "::ffff:203.0.113.1"])(
    "is refused for %j",
    (network) => expect(() => firstIpv6(network)).toThrow(/Allowed: a \/64/),
  );

  it("keeps the network's 64 bits and ends in 1, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 }), (groups) => {
        const prefix = groups.map((group) => group.toString(16)).join(":");
        expect(firstIpv6(`${prefix}::/64`)).toBe(new URL(`http://[${prefix}:0:0:0:1]`).hostname.slice(1, -1));
      }),
    );
  });
});

describe("a firewall source", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7/32"],
    ["2001:db8::7", "2001:db8::7/128"],
    ["198.51.100.0/24", "198.51.100.0/24"],
    ["::/0", "::/0"],
  ])("%s becomes %s", (source, cidr) => expect(cidrOf(source)).toBe(cidr));

  it.each(["", "example.org", "203.0.113.0/33", "2001:db8::/129", "203.0.113.0/24/1", "203.0.113.0/x"])(
    "%j is refused with what is allowed",
    (source) => expect(() => cidrOf(source)).toThrow(/Allowed: an IPv4 or IPv6 address, or a CIDR block/),
  );

  it("may be an address that only the cloud knows", async () => {
    const book = addressBook([
      {
        key: "wiki-01",
        addresses: { ipv4: pulumi.output("198.51.100.1"), egress4: pulumi.output("192.0.2.1") },
      },
    ]);
    expect(await settled(cidrIn(book, addressOf("wiki-01", "egress4")))).toBe("192.0.2.1/32");
    expect(await settled(addressIn(book, addressOf("wiki-01", "ipv4")))).toBe("198.51.100.1");
  });

  it("that names an unknown host or an address that the host has not is refused at once", () => {
    const book = addressBook([
      { key: "wiki-01", addresses: { ipv4: pulumi.output("198.51.100.1"), egress4: pulumi.output("192.0.2.1") } },
    ]);
    expect(() => cidrIn(book, addressOf("wiki-02", "ipv4"))).toThrow(/no host "wiki-02".*\n.*Known hosts: wiki-01/);
    expect(() => cidrIn(book, addressOf("wiki-01", "ipv6"))).toThrow(/wiki-01 has only ipv4, egress4/);
  });
});
