import type { RecordPlan } from "../model/blueprint.ts";

/** Seconds: short enough to move a service within its restore time. */
export const DIRECT_TTL = 300;
/** The only value that Cloudflare takes for proxied records: automatic. */
export const PROXIED_TTL = 1;

/** A TXT record; its label keeps several of one name apart. */
export function txt(name: string, label: string, text: string, purpose: string): RecordPlan {
  const content = quoted(text);
  return { key: `${name}/TXT/${label}`, name, type: "TXT", content, proxied: false, ttl: DIRECT_TTL, purpose };
}

/** A TXT record is made of strings of at most 255 characters (RFC 1035); Cloudflare wants them quoted. */
function quoted(text: string): string {
  const parts = text.match(/.{1,255}/gs) ?? [""];
  return parts.map((part) => `"${part.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join(" ");
}
