import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import type { HostAddress, Source } from "../model/blueprint.ts";

/** The public addresses of a host; unknown in a preview until the cloud has given them. */
export interface HostAddresses {
  /** What DNS says: a primary or reserved IP. */
  readonly ipv4: pulumi.Output<string>;
  readonly ipv6?: pulumi.Output<string>;
  /** Where the host's connections come from. */
  readonly egress4: pulumi.Output<string>;
}

/** A component that knows the addresses of one host. */
export interface AddressedHost {
  /** The host's id. */
  readonly key: string;
  readonly addresses: HostAddresses;
}

/** The addresses of all hosts, by id: what symbolic addresses are looked up in. */
export type AddressBook = ReadonlyMap<string, HostAddresses>;

/**
 * Made once, after everything that has an address and before everything that names one. No cycle can arise: a server of
 * Hetzner needs its firewall when it is created, but its addresses exist apart from it; a droplet's own address exists
 * with the droplet, but its firewall is attached afterwards.
 */
export function addressBook(hosts: readonly AddressedHost[]): AddressBook {
  return new Map(hosts.map(({ key, addresses }) => [key, addresses]));
}

/**
 * The address itself, with the dependencies of what gives it and no others.
 * @throws RunError at once when the host or that address of it is not in the book
 */
export function addressIn(book: AddressBook, { host, address }: HostAddress): pulumi.Output<string> {
  const addresses = book.get(host);
  if (!addresses)
    throw new pulumi.RunError(
      `The address ${host}/${address} is asked for, but no host "${host}" has been created.\n  Known hosts: ${[...book.keys()].join(", ") || "none"}. Add the host to the estate, or remove what refers to it.`,
    );
  const value = addresses[address];
  if (!value)
    throw new pulumi.RunError(
      `The address ${host}/${address} is asked for, but ${host} has only ${Object.keys(addresses).join(", ")}.\n  Droplets publish no IPv6 address: refer to ipv4 or egress4.`,
    );
  return value;
}

/** A source as the clouds' firewalls take it: a CIDR block, `/32` or `/128` for one address. */
export function cidrIn(book: AddressBook, source: Source): pulumi.Input<string> {
  return typeof source === "string" ? cidrOf(source) : addressIn(book, source).apply(cidrOf);
}

/**
 * @param text an address or a CIDR block, which stays as it is
 * @throws RunError when it is neither
 */
export function cidrOf(text: string): string {
  const [address = "", length, ...rest] = text.split("/");
  const family = isIP(address);
  const longest = family === 6 ? 128 : 32;
  const valid = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= longest);
  if (family === 0 || !valid || rest.length > 0)
    throw new pulumi.RunError(
      `A firewall source is "${text}".\n  Allowed: an IPv4 or IPv6 address, or a CIDR block such as 198.51.100.0/24 or 2001:db8::/32.`,
    );
  return length === undefined ? `${address}/${longest}` : text;
}
