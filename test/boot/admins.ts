import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostConfiguration } from "../../model/host-configuration.ts";
import type { Result } from "./command.ts";
import { run } from "./command.ts";
import type { Station } from "./network.ts";

/** Admins of the hosts of a test, with keys made for this run: `alice` may become root, `bob` may not. */
export interface TestAdmins {
  readonly configuration: Pick<HostConfiguration, "admins" | "adminNetworks">;
  /** Logs in from a station, with a shell command; the host's key is taken as it comes. */
  readonly ssh: (from: Station, user: string, address: string, command: string) => Promise<Result>;
}

export async function testAdmins(folder: string): Promise<TestAdmins> {
  await mkdir(folder, { recursive: true });
  const admin = async (name: string, sudo: boolean) => {
    const file = join(folder, name);
    await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", `${name}@example.org`, "-f", file]);
    return { name, keys: [(await readFile(`${file}.pub`, "utf8")).trim()], sudo };
  };
  return {
    configuration: {
      admins: [await admin("alice", true), await admin("bob", false)],
      adminNetworks: ["198.51.100.0/24", "2001:db8:1::/48"],
    },
    ssh: (from, user, address, command) => {
      const key = user === "bob" ? "bob" : "alice";
      const options = {
        BatchMode: "yes",
        ConnectTimeout: "5",
        IdentitiesOnly: "yes",
        LogLevel: "ERROR",
        StrictHostKeyChecking: "no",
        UserKnownHostsFile: "/dev/null",
      };
      const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
      return from.exec(["ssh", "-F", "none", "-i", join(folder, key), ...flags, `${user}@${address}`, command], {
        timeout: 20,
      });
    },
  };
}
