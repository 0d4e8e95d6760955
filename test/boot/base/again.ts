import assert from "node:assert/strict";
import { type Bundle, hostBundle } from "../../../roles/bundle.ts";
import type { Container } from "../container.ts";
import { output } from "./facts.ts";
import type { Subject } from "./suite.ts";

/** What a host does the second time: applying its roles, booting, and taking an admin's access away. */
export async function againFacts(subject: Subject): Promise<void> {
  const { lab, container, configuration, stations, admins, address, volume } = subject;
  const { host } = configuration;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check(host, fact, holds);
  const bundle = hostBundle(configuration);

  await is("applying its roles again changes no file and restarts no unit", async () => {
    const units = () =>
      output(
        container,
        "sh",
        "-c",
        "systemctl show '*.service' '*.timer' '*.mount' --property=Id,ActiveEnterTimestampMonotonic,NRestarts | grep -A2 -E 'Id=(ssh|nftables|prom|maint|srv|systemd-journald|data)'",
      );
    await output(container, "touch", "/run/marker");
    const before = await units();
    assert.equal(await output(container, ...bundle.command), `This host has the bundle ${bundle.digest}`);
    assert.equal(await units(), before);
    const changed = await output(
      container,
      "find",
      "/etc",
      "/usr",
      "/root",
      "/home",
      "/var/lib/roles",
      "-newer",
      "/run/marker",
      "-type",
      "f",
    );
    assert.deepEqual(changed.split("\n").sort(), ["/var/lib/roles/digest", "/var/lib/roles/manifest"]);
  });

  const since = performance.now();
  await container.stop();
  await container.start();
  await is("it boots a second time, and lets admins in while its volume is away", async () => {
    await until(container, "systemctl -q is-active ssh.service && systemctl -q is-active nftables.service");
    lab.took(host, "second boot", (performance.now() - since) / 1000);
    const { stdout, stderr } = await admins.ssh(stations.admin, "alice", address, "mountpoint /srv/data");
    assert.equal(stdout, "/srv/data is not a mountpoint\n", stderr);
  });
  await container.attach(volume);
  await is("its volume is mounted whenever it is attached, and all is well then", async () => {
    await until(container, "systemctl -q is-active srv-data.mount");
    assert.equal(await output(container, "cat", "/srv/data/precious"), "written by an earlier host");
    assert.match(await output(container, "nft", "list", "table", "inet", "host"), /policy drop/);
    assert.equal(await output(container, "systemctl", "is-system-running", "--wait"), "running");
  });

  await is("an admin who is taken out of the settings is out at the next change", async () => {
    const without = hostBundle({ ...configuration, admins: configuration.admins.filter(({ name }) => name !== "bob") });
    assert.match(await applied(container, without), /bob is no longer an admin/);
    assert.match((await admins.ssh(stations.admin, "bob", address, "true")).stderr, /Permission denied/);
    assert.equal((await admins.ssh(stations.admin, "alice", address, "id -un")).stdout, "alice\n");
  });
  await is("an admin who comes back gets in again", async () => {
    await applied(container, bundle);
    assert.equal((await admins.ssh(stations.admin, "bob", address, "id -un")).stdout, "bob\n");
  });
  await is("files that the bundle no longer brings are removed", async () => {
    await applied(container, hostBundle({ ...configuration, memory: 4 }));
    await output(container, "test", "-e", "/etc/systemd/system/swapfile.swap");
    await applied(container, hostBundle({ ...configuration, memory: 8 }));
    const { status } = await container.exec(["test", "-e", "/etc/systemd/system/swapfile.swap"]);
    assert.equal(status, 1);
    assert.equal(await output(container, "systemctl", "--failed", "--plain", "--no-legend"), "");
  });
}

/** Waits a minute at most. */
export const until = (container: Container, condition: string) =>
  output(container, "timeout", "60", "sh", "-c", `until ${condition}; do sleep 0.1; done`);

/** Lays the files of a bundle and runs its command, as converging a host does. */
export async function applied(container: Container, { files, command }: Bundle): Promise<string> {
  for (const { path, mode, content } of files) {
    const write = 'mkdir -p "$(dirname "$1")" && cat >"$1.new" && chmod "$2" "$1.new" && mv "$1.new" "$1"';
    const { status, stderr } = await container.exec(["sh", "-c", write, "sh", path, mode], { input: content });
    assert.equal(status, 0, stderr);
  }
  return output(container, ...command);
}
