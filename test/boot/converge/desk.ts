import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { HostConfiguration, RoleFiles } from "../../../model/host-configuration.ts";
import type { NeededSecret, PlannedHost } from "../../../ops/host-plan/planned-hosts.ts";
import { hostBundle } from "../../../roles/bundle.ts";
import { attempt, type Result } from "../command.ts";
import type { Station } from "../network.ts";

/** What a host should have. */
export interface Wanted {
  readonly configuration: HostConfiguration;
  readonly roles: readonly RoleFiles[];
  readonly secrets: readonly NeededSecret[];
}

/** The machine of the admin alice: `ops` in her network, with her key and her home. */
export interface Desk {
  readonly ops: (wanted: Wanted, command: string, ...args: string[]) => Promise<Result>;
  /** The same, not waited for; a process group of its own. */
  readonly start: (wanted: Wanted, command: string, ...args: string[]) => ChildProcess;
}

const OPS = fileURLToPath(new URL("./ops.ts", import.meta.url));

export function desk(home: string, project: string, admin: Station, keys: string): Desk {
  mkdirSync(join(home, ".ssh"), { recursive: true });
  writeFileSync(
    join(home, ".ssh/config"),
    `Host *\n  User alice\n  IdentityFile ${join(keys, "alice")}\n  IdentitiesOnly yes\n`,
  );
  const env = { ...process.env, HOME: home };
  let count = 0;
  const line = (wanted: Wanted, command: string, args: readonly string[]) => {
    const { configuration, roles, secrets } = wanted;
    const host: PlannedHost = {
      key: configuration.host,
      fqdn: configuration.fqdn,
      configuration,
      bundle: hostBundle(configuration, roles),
      secrets,
      checks: [],
      peers: configuration.firewall.flatMap(({ sources }) => sources.filter((source) => typeof source !== "string")),
      through: undefined,
    };
    const plan = join(home, `plan-${count++}.json`);
    writeFileSync(plan, JSON.stringify({ directory: project, estate: { name: "test" }, hosts: [host] }));
    return ["ip", "netns", "exec", admin.namespace, process.execPath, OPS, plan, command, host.key, ...args];
  };
  return {
    ops: (wanted, command, ...args) => attempt(line(wanted, command, args), { env, timeout: 300 }),
    start: (wanted, command, ...args) => {
      const [program = "", ...rest] = line(wanted, command, args);
      return spawn(program, rest, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    },
  };
}
