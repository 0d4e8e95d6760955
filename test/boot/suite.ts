import type { Cleanup } from "./cleanup.ts";
import type { Image } from "./image.ts";
import type { Network } from "./network.ts";

/** The boot test of a role: hosts that have it, and what must be true of them. */
export interface Suite {
  readonly role: string;
  /** Packages that its hosts install. */
  readonly packages: readonly string[];
  readonly run: (lab: Lab) => Promise<void>;
}

/** What a suite works with. Whatever it makes there is removed when it ends. */
export interface Lab {
  readonly image: Image;
  readonly network: Network;
  /** An empty folder. */
  readonly folder: string;
  readonly cleanup: Cleanup;
  readonly log: (line: string) => void;
  /** One fact about a host. It fails when `holds` throws; the others are checked all the same. */
  readonly check: (host: string, fact: string, holds: () => Promise<unknown>) => Promise<void>;
  /** For the table: seconds that a step of a host took. */
  readonly took: (host: string, step: string, seconds: number) => void;
}
