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
  /** What its roles promise, and whether it holds. */
  readonly checks: readonly HostCheck[];
  readonly disks: readonly { readonly mount: string; readonly percent: number }[];
}

/** A line of `check-roles`. */
export interface HostCheck {
  /** `note`: nothing is wrong, and yet an admin should know. */
  readonly outcome: "ok" | "note" | "failed";
  /** `<role>: <what>` and, of a failed one, `: <why>`. */
  readonly text: string;
}

/** The check as people see it in a list. */
export const shownCheck = ({ outcome, text }: HostCheck): string => `${outcome} ${text}`;

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
    checks: after("check").map(hostCheck),
    disks: after("disk").map((text) => {
      const [percent = "", mount = ""] = text.split(" ");
      return { mount, percent: Number(percent) };
    }),
  };
}

/** What is no line of `check-roles` says why there is none, and so counts as failed. */
function hostCheck(line: string): HostCheck {
  const [, outcome, text = line] = /^(ok|note|failed) (.*)$/.exec(line) ?? [];
  return { outcome: outcome === "ok" || outcome === "note" ? outcome : "failed", text };
}
