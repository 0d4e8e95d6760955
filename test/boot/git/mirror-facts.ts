import assert from "node:assert/strict";
import { output } from "../base/facts.ts";
import { ADDRESS, type Subject } from "../downloads/planned-host.ts";
import type { GitClient } from "./client.ts";

/**
 * A forge behind the name of the real one: sshd with a host key and a repository of its own, in a network namespace of
 * the container. Its deploy key is what converging the host delivers.
 */
const FORGE = `set -eu
ip netns add forge
ip link add forge0 type veth peer name eth0 netns forge
ip address add 10.9.9.1/24 dev forge0
ip link set forge0 up
ip -n forge address add 10.9.9.2/24 dev eth0
ip -n forge link set eth0 up
echo '10.9.9.2 github.com' >>/etc/hosts
mkdir -m 0755 /etc/forge
ssh-keygen -q -t ed25519 -N '' -f /etc/forge/host-key
ssh-keygen -q -t ed25519 -N '' -C deploy -f /root/deploy
echo "github.com $(cat /etc/forge/host-key.pub)" >/etc/ssh/ssh_known_hosts
install -m 0644 /root/deploy.pub /etc/forge/authorized
printf '%s\\n' 'HostKey /etc/forge/host-key' 'AuthorizedKeysFile /etc/forge/authorized' 'UsePAM yes' 'PidFile none' >/etc/forge/config
ip netns exec forge /usr/sbin/sshd -f /etc/forge/config
install -d -o git -g git /openwrt
runuser -u git -- git init --quiet --bare --initial-branch=master /openwrt/hello.git
umask 077
mkdir -p -m 0711 /etc/secrets /etc/secrets/git
{ echo 'repository openwrt/hello'; cat /root/deploy; } >/etc/secrets/git/mirror-deploy-keys
rm /root/deploy
`;

/** Pushes are mirrored with the deploy key of each repository. */
export async function mirrorFacts({ container, is }: Subject, client: GitClient): Promise<void> {
  const { succeeds, folder, commit } = client;
  const hello = folder("hello");
  const push = (...refs: string[]) =>
    succeeds("alice", "-C", hello, "push", "--quiet", `ssh://git@${ADDRESS}/openwrt/hello.git`, ...refs);
  const heads = (repository: string) =>
    output(
      container,
      "git",
      "-c",
      "safe.directory=*",
      "--git-dir",
      repository,
      "for-each-ref",
      "--format=%(refname) %(objectname)",
    );
  const own = "/srv/data/git/repositories/openwrt/hello.git";
  const same = () =>
    output(
      container,
      ...["timeout", "20", "sh", "-c"],
      `refs() { git -c safe.directory=* --git-dir "$1" for-each-ref --format='%(refname) %(objectname)'; }
       until [ "$(refs ${own})" = "$(refs /openwrt/hello.git)" ]; do sleep 0.2; done`,
    );

  await is("until its keys are delivered, nothing is mirrored and nothing fails", async () => {
    await output(container, "systemctl", "start", "git-mirror@all.service");
    assert.equal(
      await output(container, "systemctl", "show", "git-mirror@all.service", "--property=ConditionResult"),
      "ConditionResult=no",
    );
  });
  await is("a push reaches the mirror at once: branches and tags, also those that are deleted", async () => {
    await output(container, "sh", "-c", FORGE);
    await commit(hello, "readme", "hello again\n");
    await push("master", "master:refs/heads/stable", "v1");
    await same();
    assert.match(await heads("/openwrt/hello.git"), /refs\/heads\/stable [0-9a-f]{40}\nrefs\/tags\/v1/);
    await push(":stable");
    await same();
  });
  await is("the timer undoes what was changed at the mirror", async () => {
    await output(
      container,
      "runuser",
      "-u",
      "git",
      "--",
      "git",
      "--git-dir=/openwrt/hello.git",
      "branch",
      "intruder",
      "master",
    );
    await output(container, "systemctl", "start", "git-mirror@all.service");
    assert.equal(await heads("/openwrt/hello.git"), await heads(own));
  });
  await is("a repository that is empty here does not empty its mirror", async () => {
    const before = await heads("/openwrt/hello.git");
    assert.notEqual(before, "");
    await output(container, "mv", own, `${own}.away`);
    await output(container, "runuser", "-u", "git", "--", "git", "init", "--quiet", "--bare", own);
    await output(container, "systemctl", "start", "git-mirror@all.service");
    await output(container, "sh", "-c", `rm -r ${own} && mv ${own}.away ${own}`);
    assert.equal(await heads("/openwrt/hello.git"), before);
  });
  await is("a forge with another host key gets nothing, and the failure is reported", async () => {
    await output(container, "sh", "-c", "mv /etc/ssh/ssh_known_hosts /root/known");
    const { status } = await container.exec(["systemctl", "start", "git-mirror@all.service"]);
    assert.equal(status, 1);
    assert.match(
      await output(container, "journalctl", "-q", "-u", "git-mirror@all", "-o", "cat"),
      /Host key verification failed/,
    );
    await output(container, "sh", "-c", "mv /root/known /etc/ssh/ssh_known_hosts; systemctl reset-failed");
  });
  await is("deploy keys are read by their service alone, and found in no log", async () => {
    assert.equal(await output(container, "stat", "--format=%U %a", "/etc/secrets/git/mirror-deploy-keys"), "root 600");
    const line = (await output(container, "cat", "/etc/secrets/git/mirror-deploy-keys")).split("\n")[3] ?? "none";
    const { stdout } = await container.exec([
      "sh",
      "-c",
      `journalctl -q | grep -F '${line}'; grep -rFl '${line}' /var/log /run /srv/data`,
    ]);
    assert.equal(stdout, "");
  });
}
