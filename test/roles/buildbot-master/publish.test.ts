import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const FARM = fileURLToPath(
  new URL("../../../roles/buildbot-master/files/usr/local/lib/buildbot-farm/", import.meta.url),
);
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "publish-"));
  for (const each of ["bin", "made", "secrets"]) mkdirSync(join(folder, each));
  write("farm.json", JSON.stringify({ downloads: "10.0.0.12" }));
  write("secrets/upload-passwords", "19.07:another\nmaster:for-master\n");
  write("made/sha256sums", "sums\n");
  // Writes down how it was called, and ends as the test says, once for each line.
  program(
    "rsync",
    `echo "$RSYNC_PASSWORD $*" >>"$LOG/calls"; s=$(sed -n 1p "$LOG/statuses"); sed -i 1d "$LOG/statuses"; exit \${s:-0}`,
  );
  program("signify-openbsd", 'while [ "$1" != -x ]; do shift; done; echo signature >"$2"');
  write("statuses", "");
  write("calls", "");
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string) => writeFileSync(join(folder, name), content);
const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n").filter(Boolean);
function program(name: string, script: string): void {
  write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "bin", name), 0o755);
}

function publish(...signing: string[]) {
  const archive = join(folder, "made.tar");
  spawnSync("tar", ["-cf", archive, "-C", join(folder, "made"), "."]);
  const env = {
    PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
    PYTHONPATH: FARM,
    PYTHONDONTWRITEBYTECODE: "1",
    FARM_DATA: join(folder, "farm.json"),
    FARM_SECRETS: join(folder, "secrets"),
    LOG: folder,
  };
  const args = [join(FARM, "publish"), archive, "upload-master", "master", "snapshots/targets/x86/64", ...signing];
  const { status, stdout, stderr } = spawnSync("python3", args, { encoding: "utf8", env });
  return { status, stdout, stderr, archive };
}

describe("publishing what a build made", () => {
  test("sends new files first, then what changed with the indexes, and removes last", () => {
    expect(publish().status).toBe(0);
    const [first = "", second = "", third = "", ...more] = calls();
    expect(more).toEqual([]);
    expect(first).toContain("--ignore-existing --exclude=sha256sums* --exclude=Packages*");
    expect(second).not.toMatch(/--exclude|--delete|--ignore-existing/);
    expect(third).toContain("--existing --ignore-existing --delete --exclude=/kmods/");
    for (const call of [first, second, third]) {
      expect(call).toContain("--delay-updates");
      expect(call).toMatch(
        /^for-master .* rsync:\/\/master@10\.0\.0\.12\/upload-master\/snapshots\/targets\/x86\/64\/$/,
      );
    }
  });

  test("gives the password to rsync alone, and says it to nobody", () => {
    const { stdout, stderr } = publish();
    expect(calls().every((call) => call.indexOf("for-master") === 0 && call.lastIndexOf("for-master") === 0)).toBe(
      true,
    );
    expect(stdout + stderr).not.toContain("for-master");
  });

  test("signs the files of the name that it is told, at any depth", () => {
    mkdirSync(join(folder, "made/kmods"));
    write("made/kmods/sha256sums", "more\n");
    const { stdout } = publish("key", "sha256sums");
    expect(stdout).toBe("signed kmods/sha256sums\nsigned sha256sums\n");
  });

  test("tries again when the connection breaks, and begins with what broke", () => {
    write("statuses", "0\n12\n");
    const { status, stdout } = publish();
    expect([status, calls().length]).toEqual([0, 4]);
    expect(stdout).toContain("The connection broke (status 12); again in 2 s.");
  });

  test("gives up at once when it is refused", () => {
    write("statuses", "5\n");
    const { status, stderr } = publish();
    expect([status, calls().length]).toEqual([1, 1]);
    expect(stderr).toBe("rsync ended with status 5.\n");
  });

  test("uploads nothing of an archive that leads out of its folder", () => {
    symlinkSync("/etc/passwd", join(folder, "made/leads-out"));
    const { status, stderr } = publish();
    expect([status, calls()]).toEqual([1, []]);
    expect(stderr).toMatch(/AbsoluteLinkError|is a link to an absolute path/);
  });

  test("leaves nothing behind on the master", () => {
    const { archive } = publish();
    expect(existsSync(archive)).toBe(false);
  });
});
