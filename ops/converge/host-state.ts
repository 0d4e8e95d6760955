import { readFileSync } from "node:fs";
import type { HostKeys } from "../ssh/host-keys.ts";
import type { Ssh, Target } from "../ssh/ssh.ts";
import { remoteTrouble, Trouble } from "../ssh/trouble.ts";

/** A host as it is, as far as its roles are concerned. */
export interface HostState {
  /** What the last complete run recorded; undefined after one that was interrupted, too. */
  readonly digest: string | undefined;
  /** Who we are there. */
  readonly user: string;
  readonly missingPackages: readonly string[];
  /** Files that the last bundle brought. */
  readonly recorded: readonly string[];
  readonly files: ReadonlyMap<string, FoundFile>;
  /** SHA-256 by `<service>/<name>`. */
  readonly secrets: ReadonlyMap<string, string>;
}

export interface FoundFile {
  /** Octal, four digits. */
  readonly mode: string;
  readonly content: string;
}

const INSPECT = readFileSync(new URL("./host/inspect.sh", import.meta.url), "utf8");

/** As root, in the root folder; scripts name paths below it. */
export const AS_ROOT = "sudo -n env -C / sh";

/**
 * Reads a host's state; changes nothing there.
 * @param paths absolute paths to look at
 * @throws Trouble
 */
export async function hostState(
  ssh: Ssh,
  target: Target,
  keys: HostKeys,
  paths: readonly string[],
  packages: readonly string[],
): Promise<HostState> {
  const list = paths.map((path) => path.slice(1)).join("\n");
  const input = `${INSPECT}\ninspect ${packages.join(" ")} <<'END OF PATHS'\n${list}\nEND OF PATHS\n`;
  const result = await ssh.run(target.key, `${AS_ROOT} -s`, { input, timeout: 120 });
  const lines = result.stdout.split("\n");
  if (result.status !== 0) throw remoteTrouble(target, result, keys, "looking at the host");
  if (lines.at(-2) !== "end")
    throw new Trouble(`${target.key} ended its answer in the middle.\n  Run the command again.`);
  const folders = lines.flatMap((line) => (line.startsWith("folder ") ? [line.slice("folder ".length)] : []));
  if (folders.length > 0)
    throw new Trouble(
      `${target.key}: a file of its bundle is a folder there: ${folders.join(", ")}. Nothing was changed.\n  Move it away by hand, once you know what it is.`,
    );
  return stateOf(lines);
}

function stateOf(lines: readonly string[]): HostState {
  const fields = lines.map((line) => line.split(" "));
  const all = (kind: string) => fields.filter(([first]) => first === kind).map(([, ...rest]) => rest);
  const words = (kind: string) => all(kind).map(([word = ""]) => word);
  return {
    digest: words("digest")[0],
    user: words("user")[0] ?? "root",
    missingPackages: words("missing"),
    recorded: words("recorded"),
    files: new Map(
      all("file").map(([path = "", mode = "", content = ""]) => [
        path,
        { mode: mode.padStart(4, "0"), content: Buffer.from(content, "base64").toString() },
      ]),
    ),
    secrets: new Map(all("secret").map(([secret = "", hash = ""]) => [secret, hash])),
  };
}
