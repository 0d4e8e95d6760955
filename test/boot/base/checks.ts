import assert from "node:assert/strict";
import { output } from "./facts.ts";
import type { Subject } from "./suite.ts";

/** What a host says of itself: that all is well, and what is not once something was broken. */
export async function checkFacts({ lab, container, configuration, stations, admins, address }: Subject): Promise<void> {
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check(configuration.host, fact, holds);
  const shell = (script: string) => output(container, "sh", "-c", script);
  const command = "sudo -n /usr/local/sbin/check-roles";
  const asked = async () => {
    const { status, stdout } = await admins.ssh(stations.admin, "bob", address, command);
    return { status, lines: stdout.trim().split("\n") };
  };

  await is("its checks hold, asked by an admin without root rights", async () => {
    const { status, lines } = await asked();
    assert.deepEqual([status, lines.filter((line) => !line.startsWith("ok base: "))], [0, []]);
    assert.ok(lines.includes("ok base: the data volume is mounted, for writing"), lines.join("\n"));
    assert.ok(lines.length >= 6, lines.join("\n"));
  });
  await is("such an admin can run its checks as root, and nothing else", async () => {
    for (const other of [`${command} x`, "sudo -n sh -c true"])
      assert.match((await admins.ssh(stations.admin, "bob", address, other)).stderr, /password is required/);
  });
  for (const [what, broken, repaired, said] of [
    [
      "that its firewall is gone",
      "nft flush ruleset",
      "systemctl restart nftables.service",
      "failed base: the firewall drops what no role has declared: everything is let in (systemctl restart nftables)",
    ],
    [
      "that its volume can only be read",
      "mount -o remount,ro /srv/data",
      "mount -o remount,rw /srv/data",
      /^failed base: the data volume is mounted, for writing: found ro,/,
    ],
    [
      "that a unit has failed",
      "systemd-run --wait --quiet --unit=breaks false || true",
      "systemctl reset-failed",
      "failed base: no unit has failed: breaks.service (journalctl --unit)",
    ],
  ] as const)
    await is(`it notices ${what}`, async () => {
      await shell(broken);
      const { status, lines } = await asked();
      await shell(repaired);
      const failed = lines.filter((line) => !line.startsWith("ok "));
      assert.equal(status, 1, failed.join("\n"));
      assert.equal(failed.length, 1, failed.join("\n"));
      if (typeof said === "string") assert.equal(failed[0], said);
      else assert.match(failed[0] ?? "", said);
      assert.equal((await asked()).status, 0);
    });
  await is("it says why a reboot waits, and that is no failure", async () => {
    await shell("touch /run/reboot-required; printf 'libc6\\nlinux-image\\n' >/run/reboot-required.pkgs");
    const { status, lines } = await asked();
    await shell("rm /run/reboot-required /run/reboot-required.pkgs");
    const note = "note base: a reboot waits for the maintenance window: libc6 linux-image asks for it";
    assert.deepEqual([status, lines.at(-1)], [0, note]);
  });
  await is("sums of what was applied, secrets among it, are root's alone", async () => {
    assert.equal(await shell("stat --format='%a %U' /var/lib/roles/changes"), "700 root");
    assert.match(
      (await container.exec(["runuser", "-u", "bob", "--", "ls", "/var/lib/roles/changes"])).stderr,
      /denied/,
    );
  });
}
