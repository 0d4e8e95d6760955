import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { PlannedHost } from "../../../ops/host-plan/planned-hosts.ts";
import { hostKeys } from "../../../ops/ssh/host-keys.ts";
import { command } from "../../../ops/status/command.ts";
import { type FakeHost, fakeHosts, plannedHost } from "../ssh/fake-hosts.ts";

const hosts = fakeHosts();
let count = 0;

/** A host whose key is pinned. */
function known(set: (host: FakeHost, plan: PlannedHost) => void): PlannedHost {
  const plan = plannedHost(`web-${++count}`, {});
  const host = hosts.add(`192.0.2.${count}`);
  hostKeys(hosts.project, "small").pin(plan.fqdn, host.key);
  set(host, plan);
  return plan;
}
const current = (host: FakeHost, plan: PlannedHost) => {
  host.write("var/lib/roles/manifest", "/etc/x\n");
  host.write("var/lib/roles/digest", `${plan.bundle.digest}\n`);
};

/** A program on the host that says the lines of its checks. */
function checks(host: FakeHost, ...lines: readonly string[]): void {
  host.write("usr/local/sbin/check-roles", `#!/bin/sh\ncat <<'='\n${lines.join("\n")}\n=\nexit 1\n`);
  chmodSync(host.path("usr/local/sbin/check-roles"), 0o755);
}

async function status(plans: readonly PlannedHost[], ...args: string[]) {
  let out = "";
  const addresses = plans.flatMap(({ key }) => ["--address", `${key}=192.0.2.${key.slice(4)}`]);
  await command({
    write: (text) => {
      out += text;
    },
    plan: () => ({ directory: hosts.project, estate: { name: "small" }, hosts: plans }),
  }).parseAsync([...addresses, ...args], { from: "user" });
  const exit = Number(process.exitCode);
  process.exitCode = 0;
  return { exit, out };
}

describe("status", () => {
  test("tells hosts that are current, behind, unfinished and unreachable apart", async () => {
    const plans = [
      known(current),
      known((host) => host.write("var/lib/roles/digest", `sha256:${"ab".repeat(32)}\n`)),
      known((host) => host.write("var/lib/roles/manifest", "/etc/x\n")),
      plannedHost(`web-${++count}`, {}),
    ];
    const { exit, out } = await status(plans);
    const lines = out.split("\n").map((line) => line.split(/ {2,}/));
    expect(lines.slice(1, 5).map((line) => line[1])).toEqual([
      "current",
      "behind (abababababab)",
      "unfinished",
      "unreachable",
    ]);
    expect(out).toContain("Connection timed out");
    expect(out).toContain(`npm run ops -- converge ${plans[1]?.key} ${plans[2]?.key}\n`);
    expect(exit).toBe(1);
    expect((await status(plans.slice(0, 3))).exit).toBe(7);
    expect((await status(plans.slice(0, 1))).exit).toBe(0);
  });

  test("shows what does not hold and pending reboots, in JSON as well", async () => {
    const plan = known((host, own) => {
      current(host, own);
      host.write("run/reboot-required", "");
      checks(host, "ok base: no unit has failed", "failed web: x answers: status 502", "note web: y");
    });
    const shown = await status([plan]);
    expect(shown.out).toMatch(/^web-\d+ +current +pending +1 of 2 failed +/m);
    expect(shown.out).toContain(`\n${plan.key}: failed web: x answers: status 502\n${plan.key}: note web: y\n`);
    const { exit, out } = await status([plan], "--json");
    expect(exit).toBe(5);
    expect(JSON.parse(out)).toEqual([
      {
        host: plan.key,
        state: "current",
        planned: plan.bundle.digest,
        digest: plan.bundle.digest,
        unfinished: false,
        reboot: true,
        checks: [
          { outcome: "ok", text: "base: no unit has failed" },
          { outcome: "failed", text: "web: x answers: status 502" },
          { outcome: "note", text: "web: y" },
        ],
        disks: [{ mount: "/", percent: 42 }],
      },
    ]);
  });

  test("of a host without checks of its own counts the units that have failed, and of one that refuses to check, that", async () => {
    const plans = [
      known((host, own) => {
        current(host, own);
        host.write("run/failed", "nginx.service loaded failed failed x\n");
      }),
      known((host, own) => {
        current(host, own);
        checks(host, "ok base: no unit has failed");
        host.set("no-sudo", "");
      }),
      known((host, own) => {
        current(host, own);
        checks(host, "ok base: no unit has failed");
      }),
    ];
    const { exit, out } = await status(plans);
    expect(exit).toBe(5);
    expect(out).toContain("failed base: no unit has failed: nginx.service\n");
    expect(out).toContain("failed sudo: a password is required\n");
    expect((await status(plans.slice(2))).exit).toBe(0);
  });

  test("refuses a host whose key is another one", async () => {
    const plan = known((host, own) => {
      current(host, own);
      host.rekey();
    });
    const { exit, out } = await status([plan]);
    expect([exit, out.includes("shows another host key than the one pinned")]).toEqual([1, true]);
  });

  test("needs no root rights", async () => {
    const plan = known((host, own) => {
      current(host, own);
      host.set("no-sudo", "");
    });
    expect((await status([plan])).exit).toBe(0);
  });
});

test("known hosts are a file that ssh reads, one key for each host", () => {
  const keys = hostKeys(hosts.project, "other");
  keys.pin("b.example.org", "ssh-ed25519 QUJD");
  keys.pin("a.example.org", "ssh-ed25519 QUJE");
  keys.pin("b.example.org", "ssh-ed25519 QUJF");
  expect(keys.of("b.example.org")).toBe("ssh-ed25519 QUJF");
  expect(keys.file).toBe(join(hosts.project, "estates/other.known_hosts"));
});
