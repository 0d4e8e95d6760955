import assert from "node:assert/strict";
import { converge, shell } from "./converge.ts";
import { farmHost } from "./estate.ts";
import { donorScript, type Subject } from "./suite.ts";
import { eventually, rest } from "./web.ts";

/** How workers join, and what builds may reach from them. */
export async function workerFacts(subject: Subject): Promise<void> {
  const certificate = `${await shell(subject.machines.master.container, "cat /srv/data/buildbot/public/workers.pem")}\n`;
  await Promise.all([ownFacts(subject, certificate), donorFacts(subject, certificate)]);
}

async function ownFacts(subject: Subject, certificate: string): Promise<void> {
  const { lab, machines, people, secrets } = subject;
  const worker = machines.worker.container;
  const is = (host: string, fact: string, holds: () => Promise<unknown>) => lab.check(host, fact, holds);
  const { bundle } = farmHost("build-01", people);
  const own = secrets.worker(secrets.workers["build-01"], certificate);

  await is("build-01", "with a wrong password it is refused", async () => {
    await converge(lab, worker, bundle, secrets.worker("a guess", certificate));
    await refused(subject, "build-01");
  });
  await is("build-01", "with its own it joins both masters", async () => {
    await converge(lab, worker, bundle, own);
    await joined(subject, "build-01");
  });
  await is("build-01", "it trusts the farm's certificate and no other", async () => {
    const other =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=other -keyout /dev/null 2>/dev/null";
    await shell(worker, `${other} >/tmp/other.pem; mkdir -p /tmp/roots && cp /tmp/other.pem /tmp/roots/master.pem`);
    const connect = (roots: string) =>
      shell(
        worker,
        `openssl s_client -connect 10.0.0.13:9989 -verify_return_error -verify_ip 10.0.0.13 -CAfile ${roots} </dev/null 2>&1 | grep -q 'Verify return code: 0' && echo trusted || echo refused`,
      );
    assert.equal(await connect("/etc/secrets/buildbot-worker/master-certificate"), "trusted");
    assert.equal(await connect("/tmp/other.pem"), "refused");
  });
  await is(
    "build-01",
    "builds reach the master, the downloads and the source, and nothing else of the private network",
    async () => {
      const reach = (address: string, port: number) =>
        shell(
          worker,
          `runuser -u buildbot -- timeout 3 bash -c '</dev/tcp/${address}/${port}' 2>/dev/null && echo open || echo closed`,
        );
      assert.deepEqual(
        await Promise.all([reach("10.0.0.13", 9989), reach("10.0.0.12", 873), reach("192.0.2.12", 443)]),
        ["open", "open", "open"],
      );
      assert.deepEqual(
        await Promise.all([
          reach("10.0.0.13", 22),
          reach("10.0.0.13", 443),
          reach("10.0.0.12", 443),
          reach("10.0.0.11", 22),
          reach("10.0.0.11", 9100),
          reach("192.0.2.11", 22),
          reach("169.254.169.254", 80),
        ]),
        Array(7).fill("closed"),
      );
      // Root is not held back: the port is closed to builds, not broken.
      assert.equal(await shell(worker, "timeout 3 bash -c '</dev/tcp/10.0.0.11/9100' && echo open"), "open");
    },
  );
  await is("build-01", "its units are confined, and only root and the worker read its password", async () => {
    const levels = await shell(worker, "systemd-analyze security --no-pager build-worker@images.service | tail -n 1");
    const [, level] = /exposure level[^:]*: ([\d.]+)/.exec(levels) ?? [];
    assert.ok(Number(level) <= 3.5, levels);
    assert.equal(
      await shell(worker, "runuser -u nobody -- find /etc/secrets -type f -readable 2>/dev/null || true"),
      "",
    );
    assert.equal(await shell(worker, "systemctl --failed --plain --no-legend"), "");
  });
  await is("build-01", "converging it again restarts nothing", async () => {
    const pids = () => shell(worker, "systemctl show --property=MainPID build-worker@images build-worker@packages");
    const before = await pids();
    await converge(lab, worker, bundle, own);
    assert.equal(await pids(), before);
  });
  await is("build-01", "old build trees make room, and those of the last day stay", async () => {
    await shell(
      worker,
      "cd /srv/data/builder/images && for tree in old new; do mkdir -p $tree/build && touch $tree/.used; done && touch -d '3 days ago' old/.used && chown -R buildbot: old new",
    );
    // More room than there is: all that may go must go.
    await shell(
      worker,
      "runuser -u buildbot -- /usr/local/lib/build-worker/clean-scratch /srv/data/builder 101 || true",
    );
    assert.equal(await shell(worker, "cd /srv/data/builder/images && ls -d old new 2>/dev/null || true"), "new");
    await shell(worker, "systemctl start build-scratch.service && rm -r /srv/data/builder/images/new");
  });
}

async function donorFacts(subject: Subject, certificate: string): Promise<void> {
  const { lab, machines, secrets } = subject;
  const donor = machines.donor.container;
  await lab.check(
    "donor-01",
    "a machine of somebody else joins by one command, again after running it twice",
    async () => {
      const since = performance.now();
      await shell(
        donor,
        `mkdir -p /etc/secrets/buildbot-worker && cat >/etc/secrets/buildbot-worker/master-certificate <<'='\n${certificate}=\n`,
      );
      for (let times = 0; times < 2; times++) {
        await shell(donor, `cat >/root/worker.sh <<'END OF SCRIPT'\n${donorScript}END OF SCRIPT\n`);
        const { status, stdout, stderr } = await donor.exec(["sh", "/root/worker.sh"], {
          input: `${secrets.workers["donor-01"]}\n`,
          timeout: 600,
        });
        assert.equal(status, 0, `${stdout}${stderr}`.slice(-3000));
      }
      lab.took("donor-01", "joined", (performance.now() - since) / 1000);
      await joined(subject, "donor-01");
    },
  );
}

interface Worker {
  readonly name: string;
  readonly workerid: number;
  readonly connected_to: readonly unknown[];
}

/** A worker is connected to both masters. */
export async function joined(subject: Subject, name: string): Promise<void> {
  for (const phase of ["images", "packages"] as const)
    await eventually(`${name} at the master of ${phase}`, async () => {
      const { workers } = await rest<{ workers: Worker[] }>(subject, phase, "workers");
      return workers.some((each) => each.name === name && each.connected_to.length > 0) || "it is not connected";
    });
}

async function refused(subject: Subject, name: string): Promise<void> {
  await eventually("the refusal in the master's log", async () => {
    const log = await shell(
      subject.machines.master.container,
      "journalctl --unit build-master@images --output cat --since -2min",
    );
    return /invalid login from unknown user|invalid login from user|UnauthorizedLogin/.test(log) || log.slice(-500);
  });
  const { workers } = await rest<{ workers: Worker[] }>(subject, "images", "workers");
  assert.deepEqual(workers.find((each) => each.name === name)?.connected_to, []);
}
