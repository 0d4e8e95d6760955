import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fingerprint, type HostKey, type HostKeys, keyIn } from "./host-keys.ts";
import type { Ssh, Target } from "./ssh.ts";
import { HOST_KEY, sshTrouble, Trouble } from "./trouble.ts";

export interface FirstContact {
  readonly ssh: Ssh;
  readonly keys: HostKeys;
  /** `SHA256:…` that the admin has compared beforehand. */
  readonly accepted: readonly string[];
  /** Undefined without a terminal. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  /** Host keys that are asked for again. */
  readonly repin: readonly string[];
}

/**
 * Pins the key of a host that has none pinned, once an admin says that it is the right one.
 * @returns the fingerprint that was pinned now; undefined when one was pinned before
 * @throws Trouble when nobody says so, and when the host cannot be reached
 */
export async function firstContact(target: Target, contact: FirstContact): Promise<string | undefined> {
  const { keys, accepted, ask, repin } = contact;
  const earlier = keys.of(target.fqdn);
  if (earlier !== undefined && !repin.includes(target.key)) return undefined;
  const key = await shownKey(target, contact);
  if (key === earlier) return undefined;
  const shown = fingerprint(key);
  const was = earlier === undefined ? "" : `, and ${fingerprint(earlier)} was pinned before`;
  const what = `${target.key} at ${target.address} shows the host key ${shown}${was}.`;
  const compare =
    "Compare it in the cloud's console: cloud-init prints the fingerprints at first boot, ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub later.";
  if (!accepted.includes(shown)) {
    if (accepted.length > 0 || ask === undefined)
      throw new Trouble(
        `${what}${accepted.length > 0 ? ` Accepted is ${accepted.join(", ")}.` : ""} Nothing was sent.\n  ${compare}\n  If it is the same: --accept-fingerprint ${shown}`,
        HOST_KEY,
      );
    if (!(await ask(`${what}\n  ${compare}\n  Is it the same?`)))
      throw new Trouble(`${target.key}: its host key was not accepted. Nothing was sent.`, HOST_KEY);
  }
  keys.pin(target.fqdn, key);
  return shown;
}

/** ssh itself writes the key that the host proves to have into an empty file, before any login; jumps work as later. */
async function shownKey(target: Target, { ssh, keys }: FirstContact): Promise<HostKey> {
  const folder = mkdtempSync(join(tmpdir(), "ops-key-"));
  const file = join(folder, "known_hosts");
  try {
    const options = {
      UserKnownHostsFile: file,
      StrictHostKeyChecking: "accept-new",
      HashKnownHosts: "no",
      PreferredAuthentications: "none",
      ControlMaster: "no",
      ControlPath: "none",
    };
    const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    const result = await ssh.run(target.key, "true", { flags, timeout: 30 });
    const key = existsSync(file) ? keyIn(readFileSync(file, "utf8"), target.fqdn) : undefined;
    if (key === undefined) throw sshTrouble(target, result, keys);
    return key;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
