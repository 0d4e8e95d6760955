import { EXIT } from "../refusal.ts";
import { fingerprint, type HostKeys } from "./host-keys.ts";
import type { SshResult, Target } from "./ssh.ts";

/** Exit code of commands for hosts whose key is not pinned, or is another one than was pinned. */
export const HOST_KEY = 4;

/** Something that keeps a command from working on one host: the others go on. */
export class Trouble extends Error {
  readonly exit: number;
  constructor(message: string, exit: number = EXIT.failed) {
    super(message);
    this.name = "Trouble";
    this.exit = exit;
  }
}

/**
 * What ssh means when it ends with 255, in words that say what to do.
 * @param result of a command that failed
 */
export function sshTrouble({ key, fqdn, address }: Target, { status, stderr }: SshResult, keys: HostKeys): Trouble {
  const said = lastLine(stderr);
  const pinned = keys.of(fqdn);
  if (/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/.test(stderr) && pinned !== undefined)
    return new Trouble(
      `${key} at ${address} shows another host key than the one pinned as ${fqdn} (${fingerprint(pinned)}). Nothing was sent.\n` +
        `  Somebody may be in between. If you have rebuilt the host, compare its new key in the cloud's console, then: --repin ${key}`,
      HOST_KEY,
    );
  if (/Host key verification failed|No ED25519 host key is known/.test(stderr))
    return new Trouble(`${key}: no host key is pinned as ${fqdn}.\n  Converge it once to pin its key.`, HOST_KEY);
  if (/no matching host key type/.test(stderr))
    return new Trouble(`${key} at ${address} has no Ed25519 host key, the only kind that is accepted.\n  ${said}`);
  if (/Permission denied/.test(stderr))
    return new Trouble(
      `${key} does not let you in: ${said}.\n  Is your key in the agent (ssh-add -l), you among its admins, your user name there the same (--user), your network an admin network?`,
    );
  if (status === 124)
    return new Trouble(`${key} at ${address} did not answer in time.\n  Is it up, and are you online?`);
  return new Trouble(
    `${key} cannot be reached at ${address}: ${said || "ssh gave no reason"}.\n` +
      "  Is it up, and is your network an admin network? Another address: --address " +
      `${key}=192.0.2.11`,
  );
}

/** What a command with root rights said when it failed. */
export function remoteTrouble(target: Target, result: SshResult, keys: HostKeys, doing: string): Trouble {
  if (result.status === 255 || result.status === 124) return sshTrouble(target, result, keys);
  if (/sudo: .*(password is required|not in the sudoers|not allowed)/.test(result.stderr))
    return new Trouble(`${target.key}: you may not become root there.\n  An admin of a group with sudo must do this.`);
  const said = (result.stderr || result.stdout).trim().split("\n").slice(-5).join("\n  ");
  return new Trouble(`${target.key}: ${doing} failed with status ${result.status}.\n  ${said}`);
}

const lastLine = (text: string) => text.trim().split("\n").at(-1)?.trim().replace(/\.$/, "") ?? "";
