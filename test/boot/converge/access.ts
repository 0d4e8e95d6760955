import assert from "node:assert/strict";
import { output } from "../base/facts.ts";
import { PASSWORD, pages } from "./pages.ts";
import type { Subject } from "./suite.ts";

/** An admin who leaves, one who would lock out herself, and a host that is not the one it was. */
export async function accessFacts({
  lab,
  container,
  configuration,
  address,
  at,
  desk,
  admins,
  admin,
}: Subject): Promise<void> {
  const { host } = configuration;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check(host, fact, holds);
  const wanted = { configuration, roles: [pages("four\n")], secrets: [PASSWORD] };
  const without = (name: string) => ({
    ...wanted,
    configuration: { ...configuration, admins: configuration.admins.filter((each) => each.name !== name) },
  });

  await is("an admin who leaves the settings loses access with the next converge, open sessions included", async () => {
    assert.equal((await admins.ssh(admin, "bob", address, "id -un")).stdout, "bob\n");
    const session = admins.ssh(admin, "bob", address, "touch /tmp/bob; exec sleep 600");
    await output(container, "timeout", "30", "sh", "-c", "until [ -e /tmp/bob ]; do sleep 0.1; done");
    const { status, stdout, stderr } = await desk.ops(without("bob"), "converge", ...at);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /~ \/usr\/local\/lib\/roles\/base\/admins\n(.*\n)*? +-bob - ssh-ed25519 /);
    assert.equal((await session).status, 255);
    assert.match((await admins.ssh(admin, "bob", address, "true")).stderr, /Permission denied/);
    assert.equal((await admins.ssh(admin, "alice", address, "id -un")).stdout, "alice\n");
  });
  await is("an admin cannot take away the own access", async () => {
    const { status, stderr } = await desk.ops(without("alice"), "converge", ...at);
    assert.equal(status, 1);
    assert.match(stderr, /you are alice there, and this takes away your own access as root/);
    assert.equal((await admins.ssh(admin, "alice", address, "sudo -n id -un")).stdout, "root\n");
  });
  await is("another host key is refused, and nothing is sent, until it is pinned anew", async () => {
    await output(container, "sh", "-c", "rm /etc/ssh/ssh_host_*; ssh-keygen -A; systemctl restart ssh.service");
    const refused = await desk.ops(wanted, "converge", ...at);
    assert.equal(refused.status, 4, refused.stderr);
    assert.match(refused.stderr, /shows another host key than the one pinned as pages-01\.infra\.example\.org/);
    assert.match((await desk.ops(wanted, "status", ...at)).stdout, /^pages-01 +unreachable/m);
    const asked = await desk.ops(wanted, "converge", ...at, "--repin", host);
    assert.equal(asked.status, 4);
    const [, shown = ""] = /--accept-fingerprint (SHA256:\S+)/.exec(asked.stderr) ?? [];
    const listed = await output(container, "ssh-keygen", "-lf", "/etc/ssh/ssh_host_ed25519_key.pub");
    assert.equal(shown, listed.split(" ")[1]);
    const repinned = await desk.ops(wanted, "converge", ...at, "--repin", host, "--accept-fingerprint", shown);
    assert.equal(repinned.status, 0, repinned.stderr);
    assert.equal((await admins.ssh(admin, "bob", address, "id -un")).stdout, "bob\n");
  });
}
