import type { Signatures } from "../listings/cloudflare.ts";

/** The DS records of a zone at its parent, each as `<key tag> <algorithm> <digest type> <digest>`, lower case. */
export type DsResolver = (zone: string) => Promise<readonly string[]>;

export interface DsFinding {
  readonly zone: string;
  /**
   * `fine`: nothing to say. `waiting`: signed, and the registrar has not been told yet. `missing`: the parent had it and
   * has it no more. `unsigned`: the parent has one, but the zone has no signatures. `wrong`: the parent's are not ours; the
   * zone vanishes for everyone who validates, as with `unsigned`. `unknown`: no answer.
   */
  readonly state: "fine" | "waiting" | "missing" | "unsigned" | "wrong" | "unknown";
  readonly ours: string | undefined;
  readonly parent: readonly string[];
  /** Why there was no answer. */
  readonly why?: string;
}

/** Compares what the parent of each zone says with the zone's own signatures. */
export async function parentDs(zones: readonly Signatures[], resolve: DsResolver): Promise<DsFinding[]> {
  const findings: DsFinding[] = [];
  for (const signatures of zones) {
    const { zone, ds: ours } = signatures;
    try {
      const parent = await resolve(zone);
      findings.push({ zone, state: stateOf(signatures, parent), ours, parent });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      findings.push({ zone, state: "unknown", ours, parent: [], why });
    }
  }
  return findings;
}

function stateOf({ status, ds }: Signatures, parent: readonly string[]): DsFinding["state"] {
  const isSigned = (status === "active" || status === "pending") && ds !== undefined;
  if (parent.length > 0) {
    if (!isSigned) return "unsigned";
    return parent.some((record) => record.toLowerCase() === ds.toLowerCase()) ? "fine" : "wrong";
  }
  // Cloudflare says `active` once it has seen the record at the parent.
  if (status === "active") return "missing";
  return status === "pending" ? "waiting" : "fine";
}
