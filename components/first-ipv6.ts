import { isIPv6 } from "node:net";
import * as pulumi from "@pulumi/pulumi";

/**
 * The address of a host in its IPv6 network. An IPv6 Primary IP of Hetzner is a /64 (`ipNetwork`; `ipAddress` is its
 * base, `…::`), of which the images configure the first address, `…::1`. So that one is published in DNS and has the
 * reverse entry. Source: docs.hetzner.com, Cloud server primary IPs; terraform-provider-hcloud 1.68.0, model of primary_ip.
 * @param network such as `2001:db8:0:1::/64`, with or without the length
 * @returns the address in canonical form (RFC 5952), as DNS providers give it back
 * @throws RunError when it is not a /64
 */
export function firstIpv6(network: string): string {
  const [address = "", length = "64", ...rest] = network.split("/");
  if (!isIPv6(address) || address.includes(".") || length !== "64" || rest.length > 0)
    throw new pulumi.RunError(
      `The IPv6 network of a primary IP is "${network}".\n  Allowed: a /64 such as 2001:db8:0:1::/64.`,
    );
  const [head, tail] = address.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const left = head ?? [];
  const right = tail ?? [];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  const prefix = [...left, ...zeros, ...right].slice(0, 4);
  // Parsing a URL is the platform's own way to the canonical form.
  return new URL(`http://[${prefix.join(":")}:0:0:0:1]`).hostname.slice(1, -1);
}
