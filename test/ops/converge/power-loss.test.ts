import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HostFile } from "../../../model/host-configuration.ts";
import { changesOf } from "../../../ops/converge/changes.ts";
import { entries } from "../../../ops/converge/deliver.ts";
import { type Bundle, bundleOf } from "../../../roles/bundle.ts";

/**
 * A host as a folder, whose power fails before any step of converging it. The scripts are the real ones, with the
 * folder before their paths. Programs that change something count the steps; `sync` notes what is on the disk then.
 */
const STEPS = ["cat", "install", "mkdir", "mv", "rm", "sync"];

let top: string;
let root: string;
beforeAll(() => {
  // In memory where the system has a place for that: what is on the disk is played here anyway.
  top = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "power-loss-"));
  root = join(top, "root");
  const program = (folder: string, name: string, script: string) => {
    mkdirSync(join(top, folder), { recursive: true });
    writeFileSync(join(top, folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(top, folder, name), 0o755);
  };
  program("powered", "sync", "");
  for (const name of STEPS)
    program(
      "failing",
      name,
      `read -r step <${top}/step; step=$((step + 1)); echo $step >${top}/step
if [ $step = "$FAILS_AT" ]; then kill -KILL 0; fi
PATH=/usr/bin:/bin
${name === "sync" ? noteSynced() : `exec ${name} "$@"`}`,
    );
});
afterAll(() => rmSync(top, { recursive: true }));

const FILES = join(import.meta.dirname, "../../../roles/base/files");

/** A host's bundle: the real script that applies roles, and a role that makes something out of its configuration. */
function bundle(files: Readonly<Record<string, string>>): Bundle {
  const file = (path: string, content: string, mode = "0644"): HostFile => ({
    path,
    mode,
    owner: "root:root",
    content,
  });
  const real = (path: string, mode = "0644") => file(path, readFileSync(join(FILES, path), "utf8"), mode);
  const apply = `#!/bin/sh
set -eu
. /usr/local/lib/roles/when-changed.sh
make() { sed s/wanted/made/ /etc/web.conf >/var/lib/made; }
when_changed web /etc/web.conf -- make
`;
  const made = bundleOf([
    {
      role: "web",
      packages: [],
      files: [
        real("/usr/local/sbin/apply-roles", "0755"),
        real("/usr/local/lib/roles/when-changed.sh"),
        file("/usr/local/lib/roles/install-packages", "#!/bin/sh\n", "0755"),
        file("/usr/local/lib/roles/web/apply", apply, "0755"),
        ...Object.entries(files).map(([path, content]) => file(path, content)),
      ],
    },
  ]);
  const below = (text: string) => text.replaceAll(/(?<![\w}])\/(?=(usr\/local|var\/lib|run|etc)\/)/g, `${root}/`);
  return { ...made, files: made.files.map((each) => ({ ...each, content: below(each.content) })) };
}

/** Sends what differs, as converging does, and applies it; until the power fails before a step, if one is given. */
function converge(wanted: Bundle, failsAt?: number): { readonly ended: boolean; readonly said: string } {
  const incoming = join(root, "var/lib/roles/incoming");
  rmSync(incoming, { recursive: true, force: true });
  const changes = changesOf({ ...stateOf(root), user: "alice", missingPackages: [], secrets: new Map() }, wanted, {
    secrets: undefined,
    peers: undefined,
  });
  for (const { path, mode, content } of entries({ bundle: wanted, changes, values: new Map() })) {
    const place = join(incoming, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content, { mode: Number.parseInt(mode, 8) });
  }
  writeFileSync(join(top, "step"), "0\n");
  if (failsAt !== undefined) spawnSync("sh", { input: noteSynced() });
  const programs = join(top, failsAt === undefined ? "powered" : "failing");
  const { status, stdout, stderr } = spawnSync("setsid", ["--wait", "sh", "var/lib/roles/incoming/apply"], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: `${programs}:/usr/bin:/bin`, FAILS_AT: String(failsAt) },
  });
  return { ended: status === 0, said: `${stdout}${stderr}` };
}

function stateOf(folder: string) {
  const read = (path: string) => {
    const place = join(folder, path);
    return existsSync(place) ? readFileSync(place, "utf8") : undefined;
  };
  const files = new Map<string, { mode: string; content: string }>();
  for (const top of ["etc", "usr"])
    for (const entry of readdirSync(join(folder, top), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) {
        const place = join(entry.parentPath, entry.name);
        const mode = `0${(statSync(place).mode & 0o777).toString(8)}`;
        files.set(place.slice(folder.length), { mode, content: readFileSync(place, "utf8") });
      }
  const digest = read("var/lib/roles/digest")?.trim();
  const recorded = (read("var/lib/roles/manifest") ?? "").split("\n").filter(Boolean);
  return { digest, recorded: recorded.map((path) => path.replace(root, "")), files, made: read("var/lib/made") };
}

/** Shell commands: everything that is there now is on the disk. */
const noteSynced = () =>
  `find ${root} -type f -printf '%i %s %T@\\n' >${top}/synced; rm -rf ${top}/disk; cp -a ${root} ${top}/disk`;

/** Names are where they were at the end; of contents, what was not synced is cut in half. */
function losesContents(): void {
  const synced = new Set(readFileSync(join(top, "synced"), "utf8").split("\n"));
  const listed = spawnSync("find", [root, "-type", "f", "-printf", "%i %s %T@\t%p\n"], { encoding: "utf8" }).stdout;
  for (const line of listed.split("\n").filter(Boolean)) {
    const [what = "", path = ""] = line.split("\t");
    if (!synced.has(what)) truncateSync(path, Math.floor(statSync(path).size / 2));
  }
}

/** All is as it was when the disk was synced last. */
function losesAll(): void {
  rmSync(root, { recursive: true });
  cpSync(join(top, "disk"), root, { recursive: true, preserveTimestamps: true });
}

const contents = ({ files }: Bundle) => Object.fromEntries(files.map(({ path, content }) => [path, content]));
const found = () => Object.fromEntries([...stateOf(root).files].map(([path, { content }]) => [path, content]));

/** A host with nothing but folders. */
function empty(): void {
  rmSync(root, { recursive: true, force: true });
  for (const folder of ["etc", "usr/local", "var/lib/roles", "run"]) mkdirSync(join(root, folder), { recursive: true });
}

const take = (from: string, to: string) => {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
};

test("whenever its power fails, a host has no digest that its files belie, and the next converge leaves nothing of the failed one", () => {
  const first = bundle({ "/etc/web.conf": "wanted 1\n", "/etc/old.conf": "old\n" });
  const second = bundle({ "/etc/web.conf": "wanted 2\n", "/etc/only-in-the-second.conf": "new\n" });
  const third = bundle({ "/etc/web.conf": "wanted 3\n" });
  const [before, after] = [join(top, "before"), join(top, "after")];
  empty();
  expect(converge(first)).toEqual({ ended: true, said: expect.stringContaining("This host has the bundle") });
  take(root, before);

  for (let step = 1; ; step++) {
    take(before, root);
    const { ended } = converge(second, step);
    if (ended) {
      expect(step).toBeGreaterThan(20);
      break;
    }
    take(root, after);
    for (const loses of [losesContents, losesAll]) {
      // Inodes are not those of the copy: contents are lost first.
      if (loses === losesAll) take(after, root);
      loses();
      const where = `power fails before step ${step}, ${loses.name}`;
      const { digest, made } = stateOf(root);
      const claimed = [first, second].find((each) => each.digest === digest);
      expect(digest === undefined || claimed !== undefined, where).toBe(true);
      if (claimed) expect(found(), where).toEqual(contents(claimed));
      if (claimed) expect(made, where).toBe(contents(claimed)["/etc/web.conf"]?.replace("wanted", "made"));
      const next = converge(third);
      expect(next.ended, `${where}\n${next.said}`).toBe(true);
      expect(found(), where).toEqual(contents(third));
      expect([stateOf(root).made, stateOf(root).digest], where).toEqual(["made 3\n", third.digest]);
    }
  }
}, 180_000);

test("a list of files that is not whole removes nothing", () => {
  const wanted = bundle({ "/etc/web.conf": "wanted 1\n" });
  empty();
  converge(wanted);
  truncateSync(join(root, "usr/local/lib/roles/manifest"), 20);
  const { status, stderr } = spawnSync("sh", ["usr/local/sbin/apply-roles", wanted.digest], {
    cwd: root,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining("is not whole: converge this host")]);
  expect(found()["/etc/web.conf"]).toBe("wanted 1\n");
});

test("sums of what was applied are root's alone, as secrets are among it", () => {
  empty();
  mkdirSync(join(root, "var/lib/roles/changes"));
  chmodSync(join(root, "var/lib/roles/changes"), 0o755);
  converge(bundle({ "/etc/web.conf": "wanted 1\n" }));
  expect(statSync(join(root, "var/lib/roles/changes")).mode & 0o777).toBe(0o700);
});

test("a record that cannot be written to its end stays what it was", () => {
  empty();
  const place = join(root, "var/lib/roles/digest");
  writeFileSync(place, "old\n");
  const script = `. ${FILES}/usr/local/lib/roles/when-changed.sh; ulimit -f 0; echo new | record ${place}`;
  expect(spawnSync("sh", ["-c", script], { env: { PATH: `${join(top, "powered")}:/usr/bin:/bin` } }).status).not.toBe(
    0,
  );
  expect(readFileSync(place, "utf8")).toBe("old\n");
});
