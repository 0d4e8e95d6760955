import type { Markdown } from "./markdown.ts";

/** Something that a reviewer must know. Risks come first and decide the exit code; notes do not. */
export interface Finding {
  readonly level: "risk" | "note";
  readonly topic: Topic;
  readonly text: Markdown;
  /** How many things it tells of; left out: one. */
  readonly count?: number;
}

/** In the order in which they are shown, with what the verdict calls one and several. */
export const TOPICS = {
  refused: ["protected resource refused", "protected resources refused"],
  impossible: ["change that the cloud refuses", "changes that the cloud refuses"],
  data: ["loss of data", "losses of data"],
  hosts: ["host deleted", "hosts deleted"],
  stops: ["host stopped for a while", "hosts stopped for a while"],
  dnssec: ["DNSSEC change", "DNSSEC changes"],
  exposure: ["opening to the outside", "openings to the outside"],
  mail: ["loosened mail policy", "loosened mail policies"],
  names: ["name removed or moved", "names removed or moved"],
  address: ["address given up", "addresses given up"],
  tls: ["weaker TLS", "weaker TLS settings"],
  backup: ["backup turned off", "backups turned off"],
  lost: ["resource gone", "resources gone"],
  replaced: ["replacement", "replacements"],
  deleted: ["deletion", "deletions"],
  guards: ["protection lifted", "protections lifted"],
  budget: ["cost over the cap", "costs over the cap"],
  protected: ["protected resource changed", "protected resources changed"],
  grown: ["volume grown", "volumes grown"],
} as const satisfies Record<string, readonly [string, string]>;

export type Topic = keyof typeof TOPICS;
