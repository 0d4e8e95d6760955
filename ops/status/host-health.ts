import { readFileSync } from "node:fs";
import type { HostKeys } from "../ssh/host-keys.ts";
import type { Ssh, Target } from "../ssh/ssh.ts";
import { remoteTrouble, Trouble } from "../ssh/trouble.ts";

/** How a host is, as its admins see it without root rights. */
export interface HostHealth {
  /** Of the bundle that the last complete run of its roles recorded. */
  readonly digest: string | undefined;
  /** A run of its roles has begun and has not come to its end: it goes on, failed or was interrupted. */
  readonly unfinished: boolean;
  /** An upgrade waits for a reboot, which comes in the maintenance window. */
  readonly reboot: boolean;
  readonly failedUnits: readonly string[];
  readonly disks: readonly { readonly mount: string; readonly percent: number }[];
}

const SCRIPT = readFileSync(new URL("./status.sh", import.meta.url), "utf8");

/**
 * @param timeout seconds
 * @throws Trouble
 */
export async function hostHealth(ssh: Ssh, target: Target, keys: HostKeys, timeout = 30): Promise<HostHealth> {
  const result = await ssh.run(target.key, "env -C / sh -s", { input: SCRIPT, timeout });
  const lines = result.stdout.split("\n");
  if (result.status !== 0) throw remoteTrouble(target, result, keys, "asking the host");
  if (lines.at(-2) !== "end") throw new Trouble(`${target.key} ended its answer in the middle.\n  Ask again.`);
  const after = (word: string) =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  return {
    digest: after("digest")[0],
    unfinished: lines.includes("unfinished"),
    reboot: lines.includes("reboot"),
    failedUnits: after("failed"),
    disks: after("disk").map((text) => {
      const [percent = "", mount = ""] = text.split(" ");
      return { mount, percent: Number(percent) };
    }),
  };
}
