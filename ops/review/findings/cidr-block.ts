import { BlockList, isIP } from "node:net";

export interface CidrBlock {
  readonly family: "ipv4" | "ipv6";
  readonly address: string;
  /** Bits of the network. */
  readonly length: number;
}

/** A block in CIDR notation, or one address; undefined for anything else. */
export function cidrBlock(text: string): CidrBlock | undefined {
  const [address = "", bits, ...rest] = text.trim().split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const length = bits === undefined ? most : /^\d+$/.test(bits) ? Number(bits) : Number.NaN;
  return length >= 0 && length <= most ? { family: version === 4 ? "ipv4" : "ipv6", address, length } : undefined;
}

/** Whether one block holds the whole of another. */
export function holds(outer: CidrBlock, inner: CidrBlock): boolean {
  if (outer.family !== inner.family || outer.length > inner.length) return false;
  const list = new BlockList();
  list.addSubnet(outer.address, outer.length, outer.family);
  return list.check(inner.address, inner.family);
}
