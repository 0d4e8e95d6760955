import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { baseRole } from "../../../roles/base/role.ts";
import { webRole } from "../../../roles/web/role.ts";
import { context } from "../web/contexts.ts";
import { server } from "./configurations.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "checks-"));
  for (const path of ["sbin/check-roles", "lib/roles/checks.sh"])
    write(path, readFileSync(join(import.meta.dirname, "../../../roles/base/files/usr/local", path), "utf8"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A file below `/usr/local`, which is a folder here. */
function write(path: string, text: string): void {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text.replaceAll("/usr/local/", `${root}/`));
  chmodSync(place, 0o755);
}

function checks(scripts: Readonly<Record<string, string>>) {
  write("lib/roles/roles", ["base", ...Object.keys(scripts)].map((role) => `${role}\n`).join(""));
  for (const [role, script] of Object.entries(scripts))
    write(`lib/roles/${role}/check`, `#!/bin/sh\nset -eu\n. /usr/local/lib/roles/checks.sh\n${script}\n`);
  const { status, stdout } = spawnSync(join(root, "sbin/check-roles"), { encoding: "utf8" });
  return { status, lines: stdout.trim().split("\n") };
}

test("every role's checks are a line each, and a role without checks has none", () => {
  const { status, lines } = checks({
    web: "holds 'it answers' true; holds 'it is right' sh -c 'echo fine'",
    git: "echo 'note a thing'",
  });
  expect(lines).toEqual(["ok web: it answers", "ok web: it is right", "note git: a thing"]);
  expect(status).toBe(0);
});

test("one that does not hold says what was found, keeps no other from being made, and is the exit code", () => {
  const { status, lines } = checks({
    web: "holds 'it answers' sh -c 'echo first >&2; echo second; exit 7'; holds 'silence' false; holds 'more' true",
    git: "holds 'it listens' true",
  });
  expect(lines).toEqual([
    "failed web: it answers: second",
    "failed web: silence",
    "ok web: more",
    "ok git: it listens",
  ]);
  expect(status).toBe(1);
});

test("a script that breaks in the middle counts as failed, and what it says otherwise as nothing", () => {
  const { status, lines } = checks({ web: "holds 'one' true; echo chatter; cd /nowhere; holds 'two' true" });
  expect(lines).toEqual([
    "ok web: one",
    expect.stringMatching(/^failed web: its checks go through to the end: status \d$/),
  ]);
  expect(status).toBe(1);
});

test("base and web bring checks that are shell, and every admin may run them as root, without arguments", () => {
  const files = [...baseRole(server).files, ...webRole(context([{}])).files];
  const of = (path: string) => files.find((file) => file.path === path);
  for (const path of ["lib/roles/base/check", "lib/roles/web/check", "sbin/check-roles"]) {
    const script = of(`/usr/local/${path}`);
    expect([path, script?.mode]).toEqual([path, "0755"]);
    expect(spawnSync("sh", ["-n"], { input: script?.content ?? "", encoding: "utf8" }).stderr).toBe("");
  }
  expect(of("/etc/sudoers.d/90-admins")?.content).toMatch(
    /^%admins ALL=\(root\) NOPASSWD: \/usr\/local\/sbin\/check-roles ""$/m,
  );
});
