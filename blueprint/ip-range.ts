/** Whether an IPv4 block in CIDR notation holds an address. */
export function contains(range: string, address: string): boolean {
  const [network = "", length = "32"] = range.split("/");
  const bits = Number(length);
  const [inside, of] = [number(address), number(network)];
  if (inside === undefined || of === undefined) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(inside / size) === Math.floor(of / size);
}

function number(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
