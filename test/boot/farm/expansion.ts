import assert from "node:assert/strict";
import { converge, shell } from "./converge.ts";
import { farmHost } from "./estate.ts";
import { bootServer } from "./hosts.ts";
import type { Subject } from "./suite.ts";
import { joined } from "./worker.ts";

/** The setting `extraWorkers` goes from 0 to 1 while the farm builds. */
export async function expansionFacts(subject: Subject): Promise<void> {
  const { lab, image, machines, people, secrets } = subject;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check("build-02", fact, holds);
  const master = machines.master.container;
  const plan = (host: Parameters<typeof farmHost>[0]) => farmHost(host, people, 1);
  machines.extra = await bootServer(lab, image, plan("build-02"));
  const { container } = machines.extra;
  const pids = () => shell(master, "systemctl show --property=MainPID build-master@images build-master@packages");

  await is("a third worker joins both masters, which stop nothing for it", async () => {
    const before = await pids();
    const certificate = `${await shell(master, "cat /srv/data/buildbot/public/workers.pem")}\n`;
    await Promise.all([
      converge(lab, master, plan("services-01").bundle, secrets.master("build-01", "build-02", "donor-01")),
      converge(lab, machines.downloads.container, plan("downloads-01").bundle, secrets.downloads),
      converge(lab, container, plan("build-02").bundle, secrets.worker(secrets.workers["build-02"], certificate)),
    ]);
    await joined(subject, "build-02");
    assert.equal(await pids(), before);
  });
  await is("its builds read the source and the SDKs", async () => {
    const builder = (command: string) => shell(container, `runuser -u buildbot -- ${command}`);
    assert.match(await builder("git ls-remote https://git.example.org/firmware.git main"), /refs\/heads\/main/);
    assert.match(await builder("rsync rsync://10.0.0.12/downloads/"), /snapshots/);
  });
}
