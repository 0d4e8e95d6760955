import assert from "node:assert/strict";
import { converge, shell } from "./converge.ts";
import { farmHost } from "./estate.ts";
import type { Subject } from "./suite.ts";
import { type Build, builds, eventually, rest } from "./web.ts";
import { joined } from "./worker.ts";

/** A master that is converged again, boots again, and is replaced by another machine on its volume. */
export async function replacedFacts(subject: Subject): Promise<void> {
  const { lab, machines, people, secrets, source } = subject;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check("services-01", fact, holds);
  const master = () => machines.master.container;
  const { bundle } = farmHost("services-01", people, 1);
  const own = secrets.master("build-01", "build-02", "donor-01");
  const history = () => rest<{ builds: Build[] }>(subject, "images", "builds?complete=true&order=buildid");
  const remembers = async (before: readonly Build[]) => {
    const { builds: now } = await history();
    for (const build of before)
      assert.deepEqual(
        now.find(({ buildid }) => buildid === build.buildid),
        build,
      );
  };
  const all = async () => {
    for (const worker of ["build-01", "build-02", "donor-01"]) await joined(subject, worker);
  };
  const answers = (phase: "images" | "packages") =>
    eventually(`the master of ${phase}`, async () => {
      const found = await rest(subject, phase, "masters").catch((error: Error) => error.message);
      return typeof found === "string" ? found.slice(0, 100) : true;
    });

  await is("converging it again restarts nothing and changes no file", async () => {
    const pids = () => shell(master(), "systemctl show --property=MainPID,NRestarts build-master@* nginx");
    const before = await pids();
    await shell(master(), "touch /run/marker");
    assert.equal((await converge(lab, master(), bundle, own)).trim(), `This host has the bundle ${bundle.digest}`);
    assert.equal(await pids(), before);
    const changed = await shell(
      master(),
      "find /etc /var/lib/roles/changes /srv/data/buildbot/public -newer /run/marker -type f | grep -vxFf /usr/local/lib/roles/manifest | grep -v ^/etc/secrets/ || true",
    );
    assert.equal(changed, "");
  });
  await is("after a second boot it goes on, with its builds and its workers", async () => {
    const { builds: before } = await history();
    const since = performance.now();
    await machines.master.reboot();
    await Promise.all([answers("images"), answers("packages")]);
    lab.took("services-01", "second boot", (performance.now() - since) / 1000);
    await remembers(before);
    await all();
    assert.equal(await shell(master(), "systemctl --failed --plain --no-legend"), "");
  });
  await is("another machine on its volume keeps builds and keys, and its workers come back by themselves", async () => {
    const { builds: before } = await history();
    const certificate = await shell(master(), "cat /srv/data/buildbot/public/workers.pem");
    machines.master = await machines.master.replace();
    await converge(lab, master(), bundle, own);
    await shell(master(), "systemctl start certificates.service");
    await Promise.all([answers("images"), answers("packages")]);
    await remembers(before);
    assert.equal(await shell(master(), "cat /srv/data/buildbot/public/workers.pem"), certificate);
    await all();
    await source.push("release-19.07", { message: "Hello from the new master.\n" });
    const [, , third] = await builds(subject, "images", "19.07_x86/64", 3);
    assert.equal(third?.results, 0);
  });
}
