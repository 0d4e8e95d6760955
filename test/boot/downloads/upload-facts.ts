import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { output } from "../base/facts.ts";
import { ADDRESS, PRIVATE_ADDRESS, type Subject } from "./planned-host.ts";

/** The name of an image in the tree of {@link build}. */
export const IMAGE = "targets/x86/64/openwrt-x86-64-generic-squashfs-combined.img.gz";

const PROFILES = {
  arch_packages: "x86_64",
  target: "x86/64",
  profiles: {
    generic: {
      images: [{ name: IMAGE.slice(IMAGE.lastIndexOf("/") + 1), type: "combined" }],
      titles: [{ vendor: "Generic", model: "x86/64" }],
    },
  },
};

/** Who may write what by rsync, and who reads. */
export async function uploadFacts({ lab, container, stations, is }: Subject): Promise<void> {
  const { master, worker, mirror, outsider } = stations;
  const made = join(lab.folder, "made");
  await build(made);
  const upload = (branch: string, password: string, to: string, from = master, host = PRIVATE_ADDRESS) =>
    from.exec([
      ...["env", `RSYNC_PASSWORD=${password}`, "rsync", "--recursive", "--links", "--times", "--mkpath"],
      ...["--delay-updates", "--delete", "--chmod=D755,F644", "--timeout=20", "--contimeout=5", `${made}/`],
      `rsync://${branch}@${host}/upload-${branch}/${to}`,
    ]);

  await is(
    "the build master uploads snapshots, a release branch and a release, each with its branch's password",
    async () => {
      for (const [branch, password, to] of [
        ["master", "for-master", "snapshots/"],
        ["19.07", "for-1907", "releases/19.07-SNAPSHOT/"],
        ["19.07", "for-1907", "releases/19.07.5/"],
        ["sources", "for-sources", ""],
      ] as const) {
        const { status, stderr } = await upload(branch, password, to);
        assert.equal(status, 0, stderr);
      }
      const owner = await output(container, "stat", "--format=%U %a", `/srv/data/downloads/tree/snapshots/${IMAGE}`);
      assert.equal(owner, "downloads 644");
    },
  );
  await is("a wrong password, or another branch's, uploads nothing", async () => {
    for (const [branch, password] of [
      ["master", "wrong"],
      ["19.07", "for-master"],
    ] as const) {
      const { status, stderr } = await upload(branch, password, "snapshots/");
      assert.equal(status, 5);
      assert.match(stderr, /auth failed on module/);
    }
  });
  await is("a branch cannot touch what is another's, and leaves no trace of trying", async () => {
    // Beside the tree lies the finder's index, which follows the uploads of before.
    const files = "cd /srv/data/downloads && find . -path ./find -prune -o -print | sort";
    const state = () => output(container, "sh", "-c", files);
    const before = await state();
    for (const to of ["snapshots/", "releases/18.06.9/", "releases/18.06-SNAPSHOT/", "releases/", "", "find/"]) {
      const { status } = await upload("19.07", "for-1907", to);
      assert.notEqual(status, 0, `uploaded to /${to}`);
    }
    assert.equal(await state(), before);
  });
  await is("uploads cannot be read back, and their modules are not listed", async () => {
    const read = await master.exec([
      "env",
      "RSYNC_PASSWORD=for-master",
      "rsync",
      `rsync://master@${PRIVATE_ADDRESS}/upload-master/snapshots/`,
    ]);
    assert.match(read.stderr, /module is write only/);
    const { stdout } = await mirror.exec(["rsync", `rsync://${ADDRESS}/`]);
    assert.deepEqual(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.split(/\s/)[0]),
      ["downloads", "sources"],
    );
  });
  await is("workers read everything and upload nothing, even with the right password", async () => {
    const { status } = await worker.exec(["rsync", `rsync://${PRIVATE_ADDRESS}/downloads/snapshots/${IMAGE}`]);
    assert.equal(status, 0);
    assert.equal((await upload("master", "for-master", "snapshots/", worker)).status, 5);
  });
  await is("mirrors read everything and write nothing; others do not reach the port", async () => {
    const { status, stdout, stderr } = await mirror.exec(["rsync", "--recursive", `rsync://${ADDRESS}/downloads/`]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, new RegExp(` releases/19\\.07\\.5/${IMAGE}\n`));
    const { status: written } = await mirror.exec(["rsync", `${made}/version`, `rsync://${ADDRESS}/downloads/`]);
    assert.notEqual(written, 0);
    assert.equal((await upload("master", "for-master", "snapshots/", mirror, ADDRESS)).status, 5);
    assert.match((await upload("master", "for-master", "snapshots/", outsider, ADDRESS)).stderr, /timeout|timed out/);
  });
  await is("an upload that is cut off changes nothing that clients see, and the next one completes it", async () => {
    const next = join(lab.folder, "next");
    await build(next);
    await writeFile(join(next, IMAGE), "i".repeat(4_000_000));
    await writeFile(join(next, "targets/x86/64/sha256sums"), "sums of the next image\n");
    const send = (...extra: string[]) => [
      ...[
        "env",
        "RSYNC_PASSWORD=for-master",
        ...extra,
        "rsync",
        "--recursive",
        "--links",
        "--times",
        "--delay-updates",
      ],
      ...(extra.length > 0 ? ["--bwlimit=200"] : []),
      ...[`${next}/`, `rsync://master@${PRIVATE_ADDRESS}/upload-master/snapshots/`],
    ];
    const seen = () =>
      output(
        container,
        "sh",
        "-c",
        "cd /srv/data/downloads/tree/snapshots && find . -mindepth 1 -name '.*' -prune -o -type f -exec sha256sum {} + | sort",
      );
    const before = await seen();
    assert.notEqual((await master.exec(send("timeout", "--signal=KILL", "3"))).status, 0);
    assert.equal(await seen(), before);
    assert.equal((await master.exec(send())).status, 0);
    assert.notEqual(await seen(), before);
  });
  await is("uploads are refused, with the reason, before the volume is full", async () => {
    const size = "$(df --output=avail --block-size=1 /srv/data | awk 'NR == 2 { print int($1 * 0.97) }')";
    await output(container, "sh", "-c", `fallocate --length ${size} /srv/data/filler`);
    const { status, stderr } = await upload("master", "for-master", "snapshots/");
    await output(container, "rm", "/srv/data/filler");
    assert.notEqual(status, 0);
    assert.match(stderr, /The volume is 9\d % full: uploads are refused from 95 %/);
    assert.equal((await upload("master", "for-master", "snapshots/")).status, 0);
  });
}

/** What a build leaves in its `bin`, in small; and links, one of which leads out of the tree. */
async function build(folder: string): Promise<void> {
  const files = {
    [IMAGE]: "image\n",
    "targets/x86/64/sha256sums": "sums\n",
    "targets/x86/64/sha256sums.asc": "signature\n",
    "targets/x86/64/profiles.json": JSON.stringify(PROFILES),
    "targets/x86/64/kmods/5.15/Packages": "index\n",
    "targets/ath79/generic/profiles.json": "not JSON",
    "packages/x86_64/base/tool_1_x86_64.ipk": "package\n",
    "faillogs/x86_64/tool/compile.txt": "log\n",
    "tool-1.0.tar.gz": "source\n",
    version: "r1\n",
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  await symlink("/etc/passwd", join(folder, "targets/x86/64/leads-out.bin"));
  await symlink("sha256sums", join(folder, "targets/x86/64/leads-in"));
}
