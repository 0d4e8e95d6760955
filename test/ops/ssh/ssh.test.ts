import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { inParallel } from "../../../ops/ssh/in-parallel.ts";
import { ssh } from "../../../ops/ssh/ssh.ts";

const home = mkdtempSync(join(tmpdir(), "home-"));
afterAll(() => rmSync(home, { recursive: true }));

/** The options that the real ssh finds; it connects to nothing. */
async function options(key: string): Promise<Map<string, string>> {
  const targets = [
    { key: "gate-01", fqdn: "gate-01.infra.example.org", address: "192.0.2.1", through: undefined },
    { key: "inner-01", fqdn: "inner-01.infra.example.org", address: "10.0.0.2", through: "gate-01" },
  ];
  const before = process.env["HOME"];
  process.env["HOME"] = home;
  try {
    const connection = ssh(targets, { knownHosts: "/a folder/known_hosts", user: "alice" });
    const { stdout } = await connection.run(key, "true", { flags: ["-G"] });
    await connection.close();
    return new Map(stdout.split("\n").map((line) => [line.split(" ")[0] ?? "", line.split(" ").slice(1).join(" ")]));
  } finally {
    process.env["HOME"] = before;
  }
}

test("ssh takes pinned keys alone, whatever the user's own configuration says, and that for the rest", async () => {
  mkdirSync(join(home, ".ssh"));
  writeFileSync(
    join(home, ".ssh/config"),
    "Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  ForwardAgent yes\n  IdentityFile /keys/mine\n",
  );
  const found = await options("inner-01");
  expect(found.get("stricthostkeychecking")).toBe("true");
  expect(found.get("userknownhostsfile")).toContain("/a folder/known_hosts");
  expect(found.get("globalknownhostsfile")).toBe("/dev/null");
  expect(found.get("updatehostkeys")).toBe("false");
  expect(found.get("forwardagent")).toBe("no");
  expect(found.get("identityfile")).toBe("/keys/mine");
  expect(found.get("user")).toBe("alice");
});

test("a host is known by its name in the estate, and reached through the one that admins pass", async () => {
  const inner = await options("inner-01");
  expect([inner.get("hostname"), inner.get("hostkeyalias"), inner.get("proxyjump")]).toEqual([
    "10.0.0.2",
    "inner-01.infra.example.org",
    "gate-01",
  ]);
  expect((await options("gate-01")).has("proxyjump")).toBe(false);
});

test("tasks run in their order, no more than allowed at a time, and stop when asked", async () => {
  let [running, most] = [0, 0];
  const begun: number[] = [];
  const results = await inParallel(
    [1, 2, 3, 4, 5],
    2,
    async (item) => {
      begun.push(item);
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return item * 10;
    },
    () => begun.length < 4,
  );
  expect([most, begun, results]).toEqual([2, [1, 2, 3, 4], [10, 20, 30, 40, undefined]]);
});
