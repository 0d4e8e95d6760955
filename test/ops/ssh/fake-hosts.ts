import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { HostFile, RoleFiles } from "../../../model/host-configuration.ts";
import type { PlannedHost } from "../../../ops/host-plan/planned-hosts.ts";
import { bundleOf } from "../../../roles/bundle.ts";

/**
 * Hosts without machines: a folder for each, whose `root` is the root of its file system. The programs in `fake-bin`
 * stand before the real ones: `ssh` finds the host by its address, compares its key, and runs the command here; `sudo`
 * and `env -C /` lead into the folder. The scripts that converging sends are the real ones; they name paths below `/`
 * without the slash, so nothing outside of the folder is ever named. The script that applies roles is the test's own.
 */
export class FakeHost {
  readonly folder: string;
  constructor(folder: string) {
    this.folder = folder;
    for (const each of ["run", "var/log", "var/lib", "etc"]) mkdirSync(join(folder, "root", each), { recursive: true });
    this.rekey();
    this.set("user", "alice");
  }

  /** `key`, `user`, and what goes wrong: `denied`, `no-sudo`, `cut` (bytes after which an upload is cut off). */
  set(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }
  unset(name: string): void {
    rmSync(join(this.folder, name), { force: true });
  }
  rekey(): void {
    this.set("key", `ssh-ed25519 ${randomBytes(51).toString("base64")}`);
  }
  get key(): string {
    return readFileSync(join(this.folder, "key"), "utf8");
  }
  /** All commands that came over ssh, as its process list showed them. */
  get commands(): string {
    const file = join(this.folder, "commands");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }
  path(path: string): string {
    return join(this.folder, "root", path);
  }
  has(path: string): boolean {
    return existsSync(this.path(path));
  }
  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }
  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }
  /** Everything on its disk, by path. */
  files(): Record<string, string> {
    const root = join(this.folder, "root");
    const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      entries.map(({ parentPath, name }) => {
        const file = join(parentPath, name);
        return [file.slice(root.length), readFileSync(file, "utf8")];
      }),
    );
  }
}

export interface FakeHosts {
  /** A project's folder, for known hosts and secrets. */
  readonly project: string;
  readonly add: (address: string) => FakeHost;
}

/** For the tests of one file: a project, and hosts on the path of ssh. */
export function fakeHosts(): FakeHosts {
  const folder = mkdtempSync(join(tmpdir(), "fake-hosts-"));
  const project = join(folder, "project");
  mkdirSync(join(project, "estates"), { recursive: true });
  const before = { path: process.env["PATH"], hosts: process.env["FAKE_HOSTS"] };
  beforeAll(() => {
    process.env["PATH"] = `${join(import.meta.dirname, "fake-bin")}:${before.path}`;
    process.env["FAKE_HOSTS"] = folder;
  });
  afterAll(() => {
    process.env["PATH"] = before.path;
    delete process.env["FAKE_HOSTS"];
    rmSync(folder, { recursive: true });
  });
  return { project, add: (address) => new FakeHost(join(folder, address)) };
}

/** What the real one does, with paths below the current folder; `packages` are installed by being written down. */
const APPLY_ROLES = `#!/bin/sh
set -eu
if [ -e run/breaks ]; then echo "the role breaks"; exit 3; fi
lib=usr/local/lib/roles
if [ -e var/lib/roles/manifest ]; then
  for path in $(grep -vxF -f $lib/manifest var/lib/roles/manifest); do rm -f ".$path"; done
fi
cp $lib/manifest var/lib/roles/manifest
if [ -e run/killed ]; then rm run/killed; kill -KILL 0; fi
cp $lib/packages var/lib/packages
for role in $(cat $lib/roles); do $lib/$role/apply; done
echo "$1" >var/lib/roles/digest
`;

const file = (path: string, content: string, mode = "0644"): HostFile => ({ path, mode, owner: "root:root", content });

/** A host of one role, whose configuration is the given files. */
export function plannedHost(key: string, files: Readonly<Record<string, string>>, given: Partial<PlannedHost> = {}) {
  const role: RoleFiles = {
    role: "web",
    packages: ["nginx"],
    files: [
      file("/usr/local/sbin/apply-roles", APPLY_ROLES, "0755"),
      file(
        "/usr/local/lib/roles/web/apply",
        "#!/bin/sh\nwhen_changed() { :; }\nwhen_changed web-nginx /etc/nginx/*.conf -- systemctl reload nginx\necho applied >>var/log/applied\n",
        "0755",
      ),
      ...Object.entries(files).map(([path, content]) => file(path, content)),
    ],
  };
  const host: PlannedHost = {
    key,
    fqdn: `${key}.infra.example.org`,
    configuration: {
      host: key,
      fqdn: `${key}.infra.example.org`,
      cloud: "hetzner",
      distribution: "debian",
      admins: [{ name: "alice", keys: [], sudo: true }],
      adminNetworks: ["198.51.100.0/24"],
      volume: false,
      volumeName: undefined,
      firewall: [],
      maintenance: { weekday: "Tuesday", from: "08:00", hours: 4 },
      privateIp: undefined,
      memory: 8,
    },
    bundle: bundleOf([role]),
    secrets: [],
    checks: [],
    peers: [],
    through: undefined,
    ...given,
  };
  return host;
}
