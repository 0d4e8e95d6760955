import { createHash } from "node:crypto";

/** 32 hexadecimal digits, as Cloudflare's ids; the same for the same seed. */
export const hex32 = (seed: string): string => createHash("md5").update(seed).digest("hex");

/** A UUID of version 4's form; the same for the same seed. */
export function uuid(seed: string): string {
  const hex = hex32(seed);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** When everything in the simulated clouds was made: they have no clock. */
export const MADE_ON = "2026-01-01T00:00:00Z";
