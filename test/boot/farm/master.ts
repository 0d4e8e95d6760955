import assert from "node:assert/strict";
import { converge, shell } from "./converge.ts";
import { farmHost } from "./estate.ts";
import type { Subject } from "./suite.ts";
import { ask, eventually } from "./web.ts";

/** Converged before its secrets are known. */
export async function waitingFacts({ lab, machines, people }: Subject): Promise<void> {
  const master = machines.master.container;
  await converge(lab, master, farmHost("services-01", people).bundle, {});
  await lab.check("services-01", "until its secrets are delivered its masters wait, and no unit fails", async () => {
    const states = await master.exec(["systemctl", "is-active", "build-master@images", "build-master@packages"]);
    assert.equal(states.stdout, "inactive\ninactive\n");
    assert.equal(await shell(master, "systemctl --failed --plain --no-legend"), "");
  });
}

/** Both masters behind nginx, before any worker is there. */
export async function masterFacts(subject: Subject): Promise<void> {
  const { lab, machines, secrets, people } = subject;
  const master = machines.master.container;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check("services-01", fact, holds);
  const get = (url: string, ...options: string[]) => ask(subject, url, ...options);

  await converge(lab, master, farmHost("services-01", people).bundle, secrets.master("build-01", "donor-01"));
  await shell(master, "systemctl start certificates.service");
  await is("both masters run, and no unit has failed", async () => {
    await eventually("both ports", async () => {
      const ports = await shell(master, "ss -Hltn | awk '{ print $4 }'");
      return [":8010", ":8011", ":9989", ":9990"].every((port) => ports.includes(port)) || ports;
    });
    await shell(master, "systemctl is-active build-master@images build-master@packages nginx");
    assert.equal(await shell(master, "systemctl --failed --plain --no-legend"), "");
    const log = await shell(
      master,
      "for phase in images packages; do journalctl --unit build-master@$phase --invocation=0 --output cat; done | tail -n 200",
    );
    assert.doesNotMatch(log, /Traceback|Configuration Errors/);
  });
  for (const branch of [
    "https://builds.example.org/master",
    "https://builds.example.org/release-19.07",
    "http://old-builds.example.org/17.01",
  ])
    await is(`${branch} shows images and packages, opened at the branch's builders`, async () => {
      for (const phase of ["images", "packages"]) {
        const page = await get(`${branch}/${phase}/`);
        assert.equal(page.status, 200);
        assert.ok(page.body.includes(`"buildbotURL": "${branch}/${phase}/"`), page.body.slice(-900));
        assert.match(page.body, /<script src="\/open-branch.js" data-branch="[\w.]+"><\/script>/);
        assert.equal((await get(`${branch}/${phase}/api/v2/builders`)).status, 200);
        const [, script = ""] = /src="\.\/(assets\/[\w.-]+js)"/.exec(page.body) ?? [];
        assert.equal((await get(`${branch}/${phase}/${script}`, "--output", "/dev/null")).status, 200);
      }
    });
  await is("the page of the farm lists the branches, with the keys that clients verify with", async () => {
    const { body } = await get("https://builds.example.org/");
    for (const url of [
      "https://builds.example.org/master/images/",
      "https://downloads.example.org/snapshots/faillogs/",
    ])
      assert.ok(body.includes(`<a href="${url}">`), url);
    for (const branch of ["master", "19.07"] as const) {
      const key = secrets.keyOf(branch).public;
      const published = await get(`https://builds.example.org/public/${branch}.pub`);
      assert.equal(published.body.split("\n")[1], key.split("\n")[1]);
    }
    assert.match((await get("https://builds.example.org/public/workers.pem")).body, /^-----BEGIN CERTIFICATE-----/);
  });
  await is("the public reads and starts nothing; a maintainer with a password does", async () => {
    const force = (...options: string[]) =>
      get(
        "https://builds.example.org/master/packages/api/v2/forceschedulers/force-19-07",
        "--header",
        "Content-Type: application/json",
        "--data",
        '{"jsonrpc":"2.0","id":1,"method":"force","params":{"builderid":"1"}}',
        ...options,
      );
    assert.equal((await force()).status, 403);
    assert.equal((await get("https://builds.example.org/master/images/change_hook/base", "--data", "x")).status, 404);
    const login = (password: string) =>
      get(
        "https://builds.example.org/master/packages/auth/login",
        "--user",
        `carol:${password}`,
        "--output",
        "/dev/null",
        "--dump-header",
        "-",
      );
    assert.equal((await login("guesses")).status, 401);
    assert.equal((await login("maintains")).status, 302);
  });
  await is("nobody but the masters reads the secrets, and they are in no log", async () => {
    const readable = await shell(
      master,
      "runuser -u www-data -- find /etc/secrets /run/build-farm /srv/data/buildbot/tls -type f -readable 2>/dev/null || true",
    );
    assert.equal(readable, "");
    const leaks = await shell(
      master,
      "journalctl --output cat | grep -cE \"first worker's|releases' own|snapshots' own\" || true",
    );
    assert.equal(leaks, "0");
    assert.equal(
      await shell(master, "grep -rlE \"first worker's|releases' own\" /var/log --include='*.log' || true"),
      "",
    );
  });
  await is("its units are confined", async () => {
    const levels = await shell(master, "systemd-analyze security --no-pager build-master@images.service | tail -n 1");
    const [, level] = /exposure level[^:]*: ([\d.]+)/.exec(levels) ?? [];
    assert.ok(Number(level) <= 2.5, levels);
  });
}
