import assert from "node:assert/strict";
import { output } from "../base/facts.ts";
import { ADDRESS, type Subject } from "../downloads/planned-host.ts";
import { type GitClient, NAME } from "./client.ts";

/** A new machine on the volume of the former one. */
export async function replacedFacts({ lab, is, replace }: Subject, client: GitClient): Promise<void> {
  const { succeeds, folder, commit } = client;
  lab.log("downloads-01: replacing it");
  const container = await replace();

  await is("a replaced host serves what its volume holds, by the same rules", async () => {
    assert.equal(await output(container, "cloud-init", "status"), "status: done");
    const hello = folder("hello");
    const head = await succeeds("alice", "-C", hello, "rev-parse", "HEAD");
    const url = `https://${NAME}/openwrt/hello.git`;
    assert.match(await succeeds("bob", "ls-remote", url, "master"), new RegExp(`^${head}`));
    await commit(hello, "readme", "hello from the new host\n");
    await succeeds("alice", "-C", hello, "push", "--quiet", `ssh://git@${ADDRESS}/openwrt/hello.git`, "master");
    await succeeds("alice", "clone", "--quiet", `ssh://git@${ADDRESS}/gitolite-admin.git`, folder("rules-again"));
    assert.equal(await output(container, "systemctl", "--failed", "--plain", "--no-legend"), "");
  });
}
