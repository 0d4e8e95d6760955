import type { HostAddress } from "../../model/blueprint.ts";
import type { HostFile } from "../../model/host-configuration.ts";
import { peerSet } from "../../roles/base/host-firewall.ts";
import type { Addresses } from "../host-plan/addresses.ts";
import type { HostState } from "./host-state.ts";

/** Where the base role's firewall reads the addresses that only the cloud knows. */
export const PEERS_FILE = "/etc/nftables.d/peers.nft";

/**
 * The file with the addresses of a host's peers: from the stack's outputs, else what the host already has. A line for
 * a set that the firewall no longer has would keep all of it from loading, so exactly the peers of now are in it.
 * @returns no file where there never was a peer, and the peers whose address nobody has told
 */
export function peersFile(
  peers: readonly HostAddress[],
  addresses: Pick<Addresses, "of">,
  state: Pick<HostState, "files">,
): { readonly file: HostFile | undefined; readonly unknown: readonly HostAddress[] } {
  const before = state.files.get(PEERS_FILE)?.content;
  const lines = peers.map((peer) => {
    const address = addresses.of(peer);
    const start = `add element inet host ${peerSet(peer)} {`;
    return address === undefined ? before?.split("\n").find((line) => line.startsWith(start)) : `${start} ${address} }`;
  });
  const known = lines.filter((line) => line !== undefined).sort();
  const content = ["# Addresses of peers that only the cloud knows.", ...known].map((line) => `${line}\n`).join("");
  return {
    file:
      known.length === 0 && before === undefined
        ? undefined
        : { path: PEERS_FILE, mode: "0644", owner: "root:root", content },
    unknown: peers.filter((_, index) => lines[index] === undefined),
  };
}
