import { spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { beforeEach, describe, expect, test } from "vitest";
import { command } from "../../../ops/converge/command.ts";
import type { PlannedHost } from "../../../ops/host-plan/planned-hosts.ts";
import { SecretStore } from "../../../ops/secrets/secret-store.ts";
import { fingerprint } from "../../../ops/ssh/host-keys.ts";
import { type FakeHost, fakeHosts, plannedHost } from "../ssh/fake-hosts.ts";

const hosts = fakeHosts();
const knownHosts = join(hosts.project, "estates/small.known_hosts");
const SECRET = "correct-horse-battery-staple";
let count = 0;
let paused: number;
let address: string;
let host: FakeHost;

/** Each test has a host of its own, whose name and address are new. */
beforeEach(() => {
  address = `192.0.2.${++count}`;
  paused = 0;
  host = hosts.add(address);
});
const key = () => `web-${count}`;
const planned = (files: Record<string, string>, given: Partial<PlannedHost> = {}) => plannedHost(key(), files, given);

interface Outcome {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

async function ops(plan: PlannedHost | readonly PlannedHost[], ...args: string[]): Promise<Outcome> {
  const all = [plan].flat();
  let [out, err] = ["", ""];
  const write = (text: string) => {
    err += text;
  };
  const run = command({
    write: (text) => {
      out += text;
    },
    screen: { write, isTerminal: false, width: 80 },
    ask: undefined,
    probe: async () => undefined,
    pause: async () => paused++,
    plan: () => ({ directory: hosts.project, estate: { name: "small" }, hosts: all }),
  });
  const names = args.includes("--all") ? [] : all.map((each) => each.key);
  const addresses = all.flatMap((each, at) => ["--address", `${each.key}=192.0.2.${count - all.length + 1 + at}`]);
  await run.exitOverride().parseAsync([...names, ...addresses, ...args], { from: "user" });
  const exit = Number(process.exitCode);
  process.exitCode = 0;
  return { exit, out, err };
}

/** With the host's key pinned, as after a first contact. */
const pinned = async (plan: PlannedHost, ...args: string[]) =>
  ops(plan, "--accept-fingerprint", fingerprint(host.key), ...args);

describe("a host that is behind", () => {
  test("gets files, packages and roles, and its digest is recorded", async () => {
    const plan = planned({ "/etc/nginx/a.conf": "listen 80;\n" });
    const { exit, err } = await pinned(plan);
    expect(err).toContain("converged, its checks hold");
    expect(exit).toBe(0);
    expect(host.read("etc/nginx/a.conf")).toBe("listen 80;\n");
    expect(host.read("var/lib/roles/digest")).toBe(`${plan.bundle.digest}\n`);
    expect(host.read("var/log/applied")).toBe("applied\n");
    expect(host.has("var/lib/roles/incoming")).toBe(false);
  });

  test("is left alone the second time", async () => {
    const plan = planned({ "/etc/nginx/a.conf": "listen 80;\n" });
    await pinned(plan);
    const before = host.files();
    const { exit, out, err } = await ops(plan);
    expect([exit, out]).toEqual([0, ""]);
    expect(err).toContain("has its configuration");
    expect(host.files()).toEqual(before);
  });

  test("shows what changes: diffs, files that go, what restarts; and a dry run changes nothing", async () => {
    await pinned(planned({ "/etc/nginx/a.conf": "one;\ntwo;\n", "/etc/nginx/old.conf": "x\n" }));
    const before = host.files();
    const plan = planned({ "/etc/nginx/a.conf": "one;\nthree;\n", "/etc/nginx/new.conf": "x\ny\n" });
    const { exit, out } = await ops(plan, "--dry-run");
    expect(exit).toBe(7);
    expect(out).toContain("  ~ /etc/nginx/a.conf\n      @@ -1,2 +1,2 @@\n       one;\n      -two;\n      +three;\n");
    expect(out).toContain("  + /etc/nginx/new.conf (2 lines)\n");
    expect(out).toContain("  - /etc/nginx/old.conf\n");
    expect(out).toContain("  then systemctl reload nginx\n");
    expect(host.files()).toEqual(before);

    expect((await ops(plan)).exit).toBe(0);
    expect(host.has("etc/nginx/old.conf")).toBe(false);
  });

  test("is repaired where somebody has changed a file by hand, though its digest is the planned one", async () => {
    const plan = planned({ "/etc/nginx/a.conf": "right\n" });
    await pinned(plan);
    host.write("etc/nginx/a.conf", "wrong\n");
    expect((await ops(plan, "--dry-run")).out).toContain("same configuration, and yet");
    expect((await ops(plan)).exit).toBe(0);
    expect(host.read("etc/nginx/a.conf")).toBe("right\n");
  });

  test("reports a unit that has failed, and a service that does not answer", async () => {
    host.write("run/failed", "nginx.service loaded failed failed web\n");
    const { exit, err } = await pinned(planned({}));
    expect(exit).toBe(5);
    expect(err).toContain("failed base: no unit has failed: nginx.service");
  });

  test("is checked by its own roles, which get time to come up", async () => {
    const comesUp = "echo x >>run/asked; if [ $(wc -l <run/asked) -lt 3 ]; then echo 'failed web: answers'; fi";
    host.write("usr/local/sbin/check-roles", `#!/bin/sh\necho 'note web: y'; ${comesUp}\n`);
    chmodSync(host.path("usr/local/sbin/check-roles"), 0o755);
    const { exit, err } = await pinned(planned({}));
    expect([exit, paused]).toEqual([0, 2]);
    expect(err).toContain("converged, its checks hold");

    host.write("usr/local/sbin/check-roles", "#!/bin/sh\necho 'failed web: answers: status 502'\n");
    const still = await ops(planned({}), "--check");
    expect(still.exit).toBe(5);
    expect(still.err).toContain(`${key()}: failed web: answers: status 502\n`);
  });
});

describe("an interrupted run", () => {
  test("that ends before everything has arrived changes nothing", async () => {
    await pinned(planned({ "/etc/nginx/a.conf": "old\n" }));
    const untouched = () => Object.entries(host.files()).filter(([path]) => !/incoming|converge\.lock/.test(path));
    const before = untouched();
    const plan = planned({ "/etc/nginx/a.conf": "new\n", "/etc/nginx/b.conf": "b\n".repeat(5000) });
    for (const bytes of [0, 700, 5000]) {
      host.set("cut", String(bytes));
      expect((await ops(plan)).exit).toBe(1);
      expect(untouched()).toEqual(before);
    }
    host.unset("cut");
    expect((await ops(plan)).exit).toBe(0);
  });

  test("in the middle of the roles is no longer current, and the next run does what is left", async () => {
    const first = planned({ "/etc/nginx/a.conf": "old\n" });
    await pinned(first);
    const plan = planned({ "/etc/nginx/a.conf": "new\n" });
    host.write("run/killed", "");
    const { exit, err } = await ops(plan);
    expect(exit).toBe(1);
    expect(err).toContain("applying the roles failed");
    expect(host.has("var/lib/roles/digest")).toBe(false);
    const again = await ops(plan);
    expect(again.out).toContain("no finished configuration →");
    expect(again.exit).toBe(0);
    expect(host.read("var/lib/roles/digest")).toBe(`${plan.bundle.digest}\n`);
    expect(host.has("var/lib/roles/incoming")).toBe(false);
  });

  test("of a role that fails says what it said, and leaves the host without a digest", async () => {
    const plan = planned({});
    host.write("run/breaks", "");
    const { exit, err } = await pinned(plan);
    expect(exit).toBe(1);
    expect(err).toMatch(/could not be applied[^\n]*\n {2}the role breaks/);
    expect(host.has("var/lib/roles/digest")).toBe(false);
  });

  test("that still goes on there is not disturbed by a second one", async () => {
    const plan = planned({ "/etc/nginx/a.conf": "a\n" });
    host.write("run/converge.lock", "bob since 10:00:00 UTC\n");
    const holder = spawn("flock", [host.path("run/converge.lock"), "sh", "-c", "echo held; read -r line"]);
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    const { exit, err } = await pinned(plan);
    expect(exit).toBe(1);
    expect(err).toContain("converged by bob since 10:00:00 UTC. Nothing was changed.");
    expect(host.has("etc/nginx/a.conf")).toBe(false);
    holder.stdin.end("\n");
  });
});

describe("a host key", () => {
  test("is not taken on trust: the fingerprint is shown, and nothing sent", async () => {
    const plan = planned({});
    const { exit, err } = await ops(plan);
    expect(exit).toBe(4);
    expect(err).toContain(`--accept-fingerprint ${fingerprint(host.key)}`);
    expect(host.commands).toBe("");
    expect(existsSync(knownHosts) && readFileSync(knownHosts, "utf8").includes(plan.fqdn)).toBe(false);
  });

  test("is pinned once accepted, and another one is refused ever after, unless it is pinned anew", async () => {
    const plan = planned({});
    expect((await pinned(plan)).exit).toBe(0);
    expect(readFileSync(knownHosts, "utf8")).toContain(`${plan.fqdn} ${host.key}\n`);
    const old = fingerprint(host.key);
    const commands = host.commands;
    host.rekey();
    const refused = await ops(plan, "--accept-fingerprint", fingerprint(host.key));
    expect(refused.exit).toBe(4);
    expect(refused.err).toContain(`another host key than the one pinned as ${plan.fqdn} (${old})`);
    expect(host.commands).toBe(commands);
    expect((await ops(plan, "--repin", plan.key)).exit).toBe(4);
    const repinned = await ops(plan, "--repin", plan.key, "--accept-fingerprint", fingerprint(host.key));
    expect(repinned.exit).toBe(0);
    const lines = readFileSync(knownHosts, "utf8").split("\n");
    expect(lines.filter((line) => line.startsWith(plan.fqdn))).toEqual([`${plan.fqdn} ${host.key}`]);
    expect((await ops(plan)).exit).toBe(0);
  });

  test("that is not the accepted one is refused at first contact", async () => {
    const { exit, err } = await ops(planned({}), "--accept-fingerprint", "SHA256:other");
    expect(exit).toBe(4);
    expect(err).toContain("Accepted is SHA256:other. Nothing was sent.");
  });
});

describe("an admin", () => {
  test("who may not become root is told who may", async () => {
    host.set("no-sudo", "");
    const { exit, err } = await pinned(planned({}));
    expect([exit, /you may not become root there/.test(err)]).toEqual([1, true]);
  });

  test("who is not let in is told what to look at", async () => {
    await pinned(planned({}), "--dry-run");
    host.set("denied", "");
    const { exit, err } = await ops(planned({}));
    expect([exit, /Is your key in the agent/.test(err)]).toEqual([1, true]);
  });

  test("cannot take away the own access", async () => {
    host.set("user", "bob");
    const { exit, err } = await pinned(planned({ "/etc/nginx/a.conf": "a\n" }));
    expect(exit).toBe(1);
    expect(err).toContain("you are bob there, and this takes away your own access");
    expect(host.has("etc/nginx/a.conf")).toBe(false);
  });
});

describe("several hosts", () => {
  test("go on without one that cannot be reached, and stop after one that breaks", async () => {
    const first = { plan: planned({ "/etc/nginx/a.conf": "a\n" }), at: host };
    const second = {
      plan: plannedHost(`web-${++count}`, { "/etc/nginx/a.conf": "a\n" }),
      at: hosts.add(`192.0.2.${count}`),
    };
    const absent = plannedHost(`web-${++count}`, {});
    const accept = [first, second].flatMap(({ at }) => ["--accept-fingerprint", fingerprint(at.key)]);
    first.at.write("run/breaks", "");
    const { exit, err } = await ops([first.plan, second.plan, absent], "--all", ...accept);
    expect(exit).toBe(1);
    expect(err).toMatch(/web-\d+ cannot be reached at 192\.0\.2\.\d+: .*Connection timed out/);
    expect(err).toContain(`${second.plan.key}  not begun, as another failed`);
    expect(second.at.has("etc/nginx/a.conf")).toBe(false);
    rmSync(first.at.path("run/breaks"));
    expect((await ops([first.plan, second.plan, absent], "--all")).exit).toBe(1);
    expect(first.at.has("etc/nginx/a.conf") && second.at.has("etc/nginx/a.conf")).toBe(true);
  });
});

describe("secrets", () => {
  const need = { service: "wiki", name: "password", place: "web/password", what: "for the test", awaited: true };
  async function withSecret(value: string): Promise<string> {
    const identity = await generateX25519Identity();
    const file = join(hosts.project, "identity");
    writeFileSync(file, `${identity}\n`, { mode: 0o600 });
    const store = new SecretStore(hosts.project, "small");
    if (store.recipients().length === 0 || store.all().length === 0)
      await store.encryptFor([{ name: "alice", key: await identityToRecipient(identity) }], []);
    await store.write(need, Buffer.from(value));
    return file;
  }

  test("that are missing are named, with the command that makes them, before anything is sent", async () => {
    const { exit, err } = await pinned(planned({}, { secrets: [need] }));
    expect(exit).toBe(1);
    expect(err).toContain("ops secrets create wiki password    # for the test");
    expect(host.has("var/lib/roles")).toBe(false);
  });

  test("reach root alone on the host, and nothing that people or other processes see", async () => {
    const identity = await withSecret(SECRET);
    const plan = planned({}, { secrets: [need] });
    const { exit, out, err } = await pinned(plan, "--identity", identity);
    expect([exit, err]).toEqual([0, expect.any(String)]);
    expect(out).toContain("  secret web/password: new\n");
    expect(host.read("etc/secrets/web/password")).toBe(SECRET);
    expect(statSync(host.path("etc/secrets/web/password")).mode & 0o777).toBe(0o600);
    expect(statSync(host.path("etc/secrets")).mode & 0o777).toBe(0o711);
    const { "/etc/secrets/web/password": _, ...others } = host.files();
    for (const [what, text] of Object.entries({ ...others, out, err, commands: host.commands }))
      expect(text.includes(SECRET), what).toBe(false);
    expect((await ops(plan, "--identity", identity)).out).toBe("");

    // A secret that is no longer needed is removed.
    const without = await ops(planned({}));
    expect(without.out).toContain("  secret web/password: removed\n");
    expect(host.has("etc/secrets/web")).toBe(false);
  });
});
