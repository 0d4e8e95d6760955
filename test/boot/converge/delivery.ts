import assert from "node:assert/strict";
import { hostBundle } from "../../../roles/bundle.ts";
import { output } from "../base/facts.ts";
import { PASSWORD, pages } from "./pages.ts";
import { SECRET, type Subject } from "./suite.ts";

/** First contact, the first converge, one that has nothing to do, and what becomes of a secret. */
export async function deliveryFacts({ lab, container, configuration, at, desk, store }: Subject): Promise<void> {
  const { host } = configuration;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check(host, fact, holds);
  const wanted = { configuration, roles: [pages("one\n")], secrets: [PASSWORD] };
  const { digest } = hostBundle(configuration, wanted.roles);
  const said: string[] = [];
  const ops = async (...[plan, command, ...args]: Parameters<typeof desk.ops>) => {
    const result = await desk.ops(plan, command, ...at, ...args);
    said.push(result.stdout, result.stderr);
    return result;
  };

  let fingerprint = "";
  await is("at first contact, its fingerprint is shown, and nothing is done until it is accepted", async () => {
    const { status, stderr } = await ops(wanted, "converge");
    assert.equal(status, 4, stderr);
    const listed = await output(container, "ssh-keygen", "-lf", "/etc/ssh/ssh_host_ed25519_key.pub");
    fingerprint = listed.split(" ")[1] ?? "";
    assert.ok(stderr.includes(fingerprint), stderr);
    assert.ok(container.console().includes(fingerprint), "the console should show the fingerprint, to compare with");
    const wrong = await ops(wanted, "converge", "--accept-fingerprint", `SHA256:${"A".repeat(43)}`);
    assert.equal(wrong.status, 4, wrong.stderr);
  });
  await is("a dry run shows what would change, and changes nothing", async () => {
    const { status, stdout, stderr } = await ops(wanted, "converge", "--dry-run", "--accept-fingerprint", fingerprint);
    assert.equal(status, 7, stderr);
    assert.match(stdout, /^ {2}\+ \/etc\/pages\.conf \(1 lines\)$/m);
    assert.match(stdout, /^ {2}secret pages\/password: new$/m);
    assert.match(stdout, /^ {2}then systemctl restart pages\.service$/m);
    assert.equal((await container.exec(["test", "-e", "/etc/pages.conf"])).status, 1);
  });
  await is("it is behind, until it is converged and has recorded the planned digest", async () => {
    const before = await ops(wanted, "status");
    assert.equal(before.status, 7, before.stderr);
    assert.match(before.stdout, /^pages-01 +behind \([0-9a-f]{12}\)/m);
    const since = performance.now();
    const { status, stdout, stderr } = await ops(wanted, "converge");
    assert.equal(status, 0, `${stdout}${stderr}`);
    lab.took(host, "converge", (performance.now() - since) / 1000);
    assert.equal(await output(container, "cat", "/var/lib/roles/digest"), digest);
    assert.equal(await output(container, "systemctl", "is-active", "pages.service"), "active");
    const after = await ops(wanted, "status");
    assert.equal(after.status, 0, `${after.stdout}${after.stderr}`);
    assert.match(after.stdout, /^pages-01 +current +- +\d+ hold +/m);
  });
  await is("what its roles check is what status and converge say", async () => {
    await output(container, "systemctl", "stop", "pages.service");
    const status = await ops(wanted, "status");
    assert.equal(status.status, 5, status.stderr);
    assert.match(status.stdout, /^pages-01 +current +- +1 of \d+ failed +/m);
    assert.match(status.stdout, /^pages-01: failed pages: the pages run: inactive$/m);
    const check = await ops(wanted, "converge", "--check");
    assert.equal(check.status, 5, check.stdout);
    assert.match(check.stderr, /^error +pages-01: failed pages: the pages run: inactive$/m);
    await output(container, "systemctl", "start", "pages.service");
    const again = await ops(wanted, "converge", "--check");
    assert.deepEqual([again.status, again.stdout], [0, ""], again.stderr);
  });
  await is("the firewall admits a peer whose address only the cloud knew", async () => {
    const set = await output(container, "nft", "list", "set", "inet", "host", "peer-donor-01-ipv4");
    assert.match(set, /elements = \{ 203\.0\.113\.10 \}/);
  });
  await is("converging it again finds nothing to do, and changes no file", async () => {
    await output(container, "touch", "/run/marker");
    const since = performance.now();
    const { status, stdout, stderr } = await ops(wanted, "converge");
    assert.deepEqual([status, stdout], [0, ""], stderr);
    lab.took(host, "nothing to do", (performance.now() - since) / 1000);
    const find = ["find", "/etc", "/usr", "/root", "/home", "/var/lib/roles", "-newer", "/run/marker", "-type", "f"];
    assert.equal(await output(container, ...find), "");
  });
  await is("a file that somebody changed by hand is put back", async () => {
    await output(container, "sh", "-c", "echo two >>/etc/pages.conf");
    const { status, stdout } = await ops(wanted, "converge");
    assert.equal(status, 0);
    assert.match(stdout, /same configuration, and yet\n {2}~ \/etc\/pages\.conf\n.*\n +one\n +-two$/m);
    assert.equal(await output(container, "cat", "/etc/pages.conf"), "one");
  });

  await is("its secret can be read by its service and root alone", async () => {
    const place = "/etc/secrets/pages/password";
    assert.equal(await output(container, "stat", "--format=%a %U:%G", place), "600 pages:root");
    assert.equal(await output(container, "stat", "--format=%a %U:%G", "/etc/secrets/pages"), "711 root:root");
    const as = (user: string) => container.exec(["runuser", "-u", user, "--", "cat", place]);
    assert.equal((await as("pages")).stdout, `${SECRET}\n`);
    for (const other of ["bob", "nobody"]) assert.match((await as(other)).stderr, /Permission denied/);
  });
  await is("its secret is nowhere else on the host, in no log, and nothing that ops says", async () => {
    const find = `grep -rlF '${SECRET}' /var /run /tmp /etc /root /home 2>/dev/null || true`;
    assert.equal(await output(container, "sh", "-c", find), "/etc/secrets/pages/password");
    const journal = await output(container, "sh", "-c", "journalctl --no-pager | cat");
    assert.ok(journal.includes("COMMAND="), "the journal should hold the commands that sudo ran");
    assert.ok(!journal.includes(SECRET) && !container.console().includes(SECRET));
    assert.ok(!said.join("").includes(SECRET));
  });
  await is("another value of the secret restarts its service, and stays its service's own", async () => {
    await store.write(PASSWORD, Buffer.from("another value\n"));
    const { status, stdout, stderr } = await ops(wanted, "converge");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /secret pages\/password: changed\n {2}then systemctl restart pages\.service/);
    assert.match(stderr, /pages-unit: systemctl restart pages\.service/);
    const place = "/etc/secrets/pages/password";
    assert.equal(await output(container, "stat", "--format=%a %U", place), "600 pages");
    assert.equal(await output(container, "cat", place), "another value");
  });
  await is("a secret that no service needs any more is removed", async () => {
    const { status, stdout, stderr } = await ops({ ...wanted, roles: [], secrets: [] }, "converge");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /secret pages\/password: removed/);
    assert.match(stdout, /then systemctl disable --now pages\.service/);
    assert.equal(await output(container, "find", "/etc/secrets", "-mindepth", "1"), "");
    assert.equal((await container.exec(["systemctl", "is-active", "pages.service"])).stdout, "inactive\n");
  });
}
