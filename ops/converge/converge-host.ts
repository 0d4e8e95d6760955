import type { Addresses } from "../host-plan/addresses.ts";
import type { PlannedHost } from "../host-plan/planned-hosts.ts";
import type { HostKeys } from "../ssh/host-keys.ts";
import type { Ssh, Target } from "../ssh/ssh.ts";
import { Trouble } from "../ssh/trouble.ts";
import { type Changes, changesOf, isCurrent } from "./changes.ts";
import { deliver } from "./deliver.ts";
import { hostState } from "./host-state.ts";
import { PEERS_FILE, peersFile } from "./peers.ts";

/** A host and what converging it needs. */
export interface Subject {
  readonly host: PlannedHost;
  readonly target: Target;
  /** By `<role>/<name>`; undefined: its secrets stay as they are. */
  readonly secrets: ReadonlyMap<string, Uint8Array> | undefined;
}

export interface Means {
  readonly ssh: Ssh;
  readonly keys: HostKeys;
  readonly addresses: Pick<Addresses, "of">;
}

export interface Examined {
  readonly changes: Changes;
  readonly notes: readonly string[];
}

/**
 * What would change on a host.
 * @throws Trouble when it cannot be examined, or when the change would lock out the one who makes it
 */
export async function examine({ host, target, secrets }: Subject, means: Means): Promise<Examined> {
  const { bundle, configuration, peers } = host;
  const paths = [...bundle.files.map(({ path }) => path), PEERS_FILE];
  const state = await hostState(means.ssh, target, means.keys, paths, bundle.packages);
  const { user } = state;
  if (user !== "root" && !configuration.admins.some(({ name, sudo }) => name === user && sudo))
    throw new Trouble(
      `${host.key}: you are ${user} there, and this takes away your own access as root. Nothing was changed.\n` +
        "  Another admin must do it; or are the settings of this stack not complete here?",
    );
  const { file, unknown } = peersFile(peers, means.addresses, state);
  const changes = changesOf(state, bundle, { secrets, peers: file });
  const hosts = [...new Set(unknown.map((peer) => peer.host))].join(", ");
  const notes = hosts === "" ? [] : [`its firewall keeps out ${hosts}, whose addresses nobody told: give --outputs`];
  return { changes, notes };
}

/**
 * Brings a host to its configuration, and looks again: nothing may be left to do.
 * @throws Trouble
 */
export async function converge(
  subject: Subject,
  changes: Changes,
  means: Means,
  onLine: (line: string) => void,
): Promise<void> {
  const { host, target, secrets = new Map() } = subject;
  await deliver(means.ssh, target, means.keys, { bundle: host.bundle, changes, values: secrets }, onLine);
  const { changes: left } = await examine(subject, means);
  if (isCurrent(left)) return;
  const places = [
    ...left.files.map(({ file }) => file.path),
    ...left.removed,
    ...left.packages,
    ...left.secrets.map(({ secret }) => `secret ${secret}`),
    ...(left.digest ? ["the recorded digest"] : []),
  ];
  throw new Trouble(
    `${host.key}: its roles were applied, and this still differs: ${places.join(", ")}.\n  A role's script, or somebody else, changes what the bundle brings.`,
  );
}
