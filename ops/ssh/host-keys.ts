import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../write-whole.ts";

/** `ssh-ed25519 AAAA…`, as in a known_hosts file. */
export type HostKey = string;

/** The hosts' keys as they were seen at first contact: a known_hosts file in the repository, one for each estate. */
export interface HostKeys {
  readonly file: string;
  readonly of: (fqdn: string) => HostKey | undefined;
  /** Takes the place of the host's earlier key. */
  readonly pin: (fqdn: string, key: HostKey) => void;
}

const HEADER =
  "# Keys of the hosts, seen at first contact and compared by an admin. `ops converge` writes this file.\n";

export function hostKeys(directory: string, estate: string): HostKeys {
  const file = join(directory, "estates", `${estate}.known_hosts`);
  const read = () => (existsSync(file) ? readFileSync(file, "utf8") : HEADER);
  return {
    file,
    of: (fqdn) => keyIn(read(), fqdn),
    pin: (fqdn, key) => {
      const others = read()
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith(`${fqdn} `));
      const comments = others.filter((line) => line.startsWith("#"));
      const keys = [...others.filter((line) => !line.startsWith("#")), `${fqdn} ${key}`].sort();
      writeWhole(file, [...comments, ...keys].map((line) => `${line}\n`).join(""));
    },
  };
}

/** The key of a name in the text of a known_hosts file. */
export function keyIn(text: string, name: string): HostKey | undefined {
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return line?.split(" ").slice(1, 3).join(" ");
}

/** `SHA256:…`, as `ssh-keygen -l` prints it. */
export function fingerprint(key: HostKey): string {
  const blob = Buffer.from(key.split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
