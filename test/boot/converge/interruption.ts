import assert from "node:assert/strict";
import { once } from "node:events";
import { hostBundle } from "../../../roles/bundle.ts";
import { output } from "../base/facts.ts";
import { PASSWORD, pages } from "./pages.ts";
import type { Subject } from "./suite.ts";

/** A converge that is interrupted on the admin's side, on the host's, and by power. */
export async function interruptionFacts({ lab, container, configuration, at, desk }: Subject): Promise<void> {
  const { host } = configuration;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check(host, fact, holds);
  const shell = (script: string) => output(container, "sh", "-c", script);
  const plan = (text: string) => ({ configuration, roles: [pages(text)], secrets: [PASSWORD] });
  const digestOf = (text: string) => hostBundle(configuration, [pages(text)]).digest;
  /** Starts one, and comes back when the host is in the middle of its roles. */
  const begun = async (text: string) => {
    await shell("rm -f /run/pages-applying; touch /run/pages-hold");
    const child = desk.start(plan(text), "converge", ...at);
    await shell("timeout 60 sh -c 'until [ -e /run/pages-applying ]; do sleep 0.1; done'");
    return child;
  };

  await is("it goes through to the end by itself when the admin's machine dies meanwhile", async () => {
    const child = await begun("two\n");
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await once(child, "close");
    const { status, stdout } = await desk.ops(plan("two\n"), "status", ...at);
    assert.equal(status, 7);
    assert.match(stdout, /^pages-01 +unfinished/m);
    const second = await desk.ops(plan("three\n"), "converge", ...at);
    assert.equal(second.status, 1);
    assert.match(second.stderr, /is being converged by alice since .*Nothing was changed/);
    await shell("rm /run/pages-hold; timeout 60 sh -c 'until [ -e /var/lib/roles/digest ]; do sleep 0.1; done'");
    assert.equal(await output(container, "cat", "/var/lib/roles/digest"), digestOf("two\n"));
    await shell("flock --timeout 20 /run/converge.lock true");
  });
  await is("one that is killed there in the middle of its roles is repaired by the next", async () => {
    const child = await begun("three\n");
    await shell("pkill -KILL -f incoming/[a]pply; pkill -KILL -f [a]pply-roles; pkill -KILL -f pages/[a]pply");
    const [status] = (await once(child, "close")) as [number];
    assert.equal(status, 1);
    await shell("rm /run/pages-hold");
    assert.equal((await container.exec(["test", "-e", "/var/lib/roles/digest"])).status, 1);
    const next = await desk.ops(plan("three\n"), "converge", ...at);
    assert.equal(next.status, 0, `${next.stdout}${next.stderr}`);
    assert.equal(await output(container, "cat", "/var/lib/roles/digest"), digestOf("three\n"));
    assert.equal(await output(container, "systemctl", "is-active", "pages.service"), "active");
  });
  await is("one that loses its power in the middle is repaired by the next", async () => {
    const child = await begun("four\n");
    const ended = once(child, "close");
    await container.exec(["systemctl", "poweroff", "--force", "--force"], { timeout: 20 });
    await container.stop();
    await container.start();
    await shell("timeout 60 sh -c 'until systemctl --quiet is-active ssh.service; do sleep 0.2; done'");
    // The connection does not always notice.
    if (child.exitCode === null) process.kill(-(child.pid ?? 0), "SIGKILL");
    await ended;
    assert.match((await desk.ops(plan("four\n"), "status", ...at)).stdout, /^pages-01 +unfinished/m);
    const next = await desk.ops(plan("four\n"), "converge", ...at);
    assert.equal(next.status, 0, `${next.stdout}${next.stderr}`);
    assert.equal(await output(container, "cat", "/var/lib/roles/digest"), digestOf("four\n"));
    assert.equal(await output(container, "find", "/var/lib/roles/incoming", "-maxdepth", "0").catch(() => ""), "");
  });
}
