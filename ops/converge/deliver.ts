import { readFileSync } from "node:fs";
import type { Bundle } from "../../roles/bundle.ts";
import type { HostKeys } from "../ssh/host-keys.ts";
import type { Ssh, Target } from "../ssh/ssh.ts";
import { remoteTrouble, Trouble } from "../ssh/trouble.ts";
import { archive, type Entry } from "./archive.ts";
import type { Changes } from "./changes.ts";
import { AS_ROOT } from "./host-state.ts";

const script = (name: string) => readFileSync(new URL(`./host/${name}.sh`, import.meta.url), "utf8");
const UNPACK = script("unpack").replaceAll(/^#.*\n/gm, "");
const APPLY = script("apply");

/** Seconds for all packages, scripts and restarts. */
const TIMEOUT = 1800;

/**
 * Sends what changes to a host and applies its roles there. Once it has all, the host goes through to the end by
 * itself; until then, nothing of it is touched.
 * @param onLine gets what the host says meanwhile
 * @throws Trouble
 */
export async function deliver(
  ssh: Ssh,
  target: Target,
  keys: HostKeys,
  delivery: Delivery,
  onLine: (line: string) => void,
): Promise<void> {
  const input = archive(entries(delivery));
  const command = `${AS_ROOT} -c ${quoted(UNPACK)}`;
  const result = await ssh.run(target.key, command, { input, onLine, timeout: TIMEOUT });
  const [, outcome] = /^outcome (\d+)\n$/m.exec(`${result.stdout.split("\n").at(-2) ?? ""}\n`) ?? [];
  if (result.status === 75)
    throw new Trouble(
      `${target.key} is being ${result.stdout.trim()}. Nothing was changed.\n  It goes on by itself: see /var/log/converge.log there. Run this again when it is done.`,
    );
  if (result.status === 74)
    throw new Trouble(`${target.key} did not get everything. Nothing was changed.\n  Run this again.`);
  if (outcome === undefined) throw remoteTrouble(target, result, keys, "applying the roles");
  if (outcome !== "0") {
    const said = result.stdout.trim().split("\n").slice(-7, -1).join("\n  ");
    throw new Trouble(
      `${target.key}: its roles could not be applied. Converge it again once the cause is gone; it said:\n  ${said}`,
    );
  }
}

export interface Delivery {
  readonly bundle: Bundle;
  readonly changes: Changes;
  /** Of the secrets, by `<role>/<name>`. */
  readonly values: ReadonlyMap<string, Uint8Array>;
}

/** What a host is sent: what changes, and the script that brings it to its place. */
export function entries({ bundle, changes, values }: Delivery): Entry[] {
  const secrets = changes.secrets.filter(({ kind }) => kind !== "removed").map(({ secret }) => secret);
  const forgotten = changes.secrets.filter(({ kind }) => kind === "removed").map(({ secret }) => secret);
  const own = (path: string, content: string): Entry => ({ path, mode: "0600", owner: "root:root", content });
  const list = (paths: readonly string[]) => paths.map((path) => `${path}\n`).join("");
  return [
    own("apply", APPLY),
    own("digest", `${bundle.digest}\n`),
    own("files.list", list(changes.files.map(({ file }) => file.path.slice(1)))),
    own("secrets.list", list(secrets)),
    own("forgotten.list", list(forgotten)),
    ...changes.files.map(({ file: { path, mode, owner, content } }) => ({
      path: `files${path}`,
      mode,
      owner,
      content,
    })),
    ...secrets.map(
      (secret): Entry => ({
        path: `secrets/${secret}`,
        mode: "0600",
        owner: "root:root",
        content: values.get(secret) ?? "",
      }),
    ),
    // Last: an archive that was cut off lacks it.
    own("complete", ""),
  ];
}

/** For the shell that sshd starts. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
