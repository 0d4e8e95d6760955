import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf } from "../../../model/blueprint.ts";
import { archive } from "../../../ops/converge/archive.ts";
import { consequences } from "../../../ops/converge/consequences.ts";
import { peersFile } from "../../../ops/converge/peers.ts";
import { progress } from "../../../ops/converge/progress.ts";
import { unifiedDiff } from "../../../ops/converge/unified-diff.ts";
import { bundleOf } from "../../../roles/bundle.ts";

describe("the diff of a file", () => {
  test("has changed lines with three lines around them, and the numbers of their lines", () => {
    const before = "a\nb\nc\nd\ne\nf\ng\nh\n";
    expect(unifiedDiff(before, before.replace("e\n", "x\ny\n"))).toEqual([
      "@@ -2,7 +2,8 @@",
      " b",
      " c",
      " d",
      "-e",
      "+x",
      "+y",
      " f",
      " g",
      " h",
    ]);
    expect(unifiedDiff(before, before)).toEqual([]);
  });

  test("makes, with patch, the one text out of the other", () => {
    const folder = mkdtempSync(join(tmpdir(), "diff-"));
    const text = fc
      .array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 })
      .map((lines) => lines.map((line) => `${line}\n`).join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = unifiedDiff(before, after);
        const applied = [...before.split("\n").slice(0, -1)];
        let offset = 0;
        for (const line of diff) {
          const [, start, count] = /^@@ -(\d+),(\d+)/.exec(line) ?? [];
          if (start !== undefined)
            offset = Number(start) - (count === "0" ? 0 : 1) + applied.length - (before.split("\n").length - 1);
          else if (line.startsWith("-")) applied.splice(offset, 1);
          else if (line.startsWith("+")) applied.splice(offset++, 0, line.slice(1));
          else offset++;
        }
        expect(applied.map((line) => `${line}\n`).join("")).toBe(after);
      }),
      { numRuns: 200 },
    );
    rmSync(folder, { recursive: true });
  });
});

describe("the archive", () => {
  test("is what tar unpacks, with modes and long paths", () => {
    const folder = mkdtempSync(join(tmpdir(), "archive-"));
    const long = `files/${"long-folder-name/".repeat(8)}name`;
    const bytes = Buffer.from([0, 255, 10, 13]);
    const tar = archive([
      { path: "a", mode: "0600", owner: "root:root", content: "text\n" },
      { path: long, mode: "0755", owner: "root:root", content: bytes },
      { path: "empty", mode: "0644", owner: "root:root", content: "" },
    ]);
    const listed = spawnSync("tar", ["--list", "--verbose"], { input: tar, encoding: "utf8" });
    expect(listed.stderr).toBe("");
    expect(listed.stdout.split("\n").map((line) => line.slice(0, 20).trim())).toEqual([
      "-rw------- root/root",
      "-rwxr-xr-x root/root",
      "-rw-r--r-- root/root",
      "",
    ]);
    spawnSync("tar", ["--extract", "--no-same-owner", "--directory", folder], { input: tar });
    expect(readFileSync(join(folder, long))).toEqual(bytes);
    rmSync(folder, { recursive: true });
  });
  test("refuses a path that it cannot hold", () => {
    expect(() => archive([{ path: "x".repeat(101), mode: "0644", owner: "root:root", content: "" }])).toThrow(
      /too long/,
    );
  });
});

describe("what follows from a change", () => {
  const script = `#!/bin/sh
units=/etc/systemd/system
when_changed a /etc/nginx/*.conf $units/nginx.service.d/* -- systemctl reload nginx
when_changed b /etc/x \\
  /etc/y -- \\
  systemctl restart y
for name in one two; do
  when_changed c-$name "/etc/many/$name" -- systemctl restart "many@$name"
done
`;
  const bundle = bundleOf([
    {
      role: "web",
      packages: [],
      files: [{ path: "/usr/local/lib/roles/web/apply", mode: "0755", owner: "root:root", content: script }],
    },
  ]);
  test.each([
    ["/etc/nginx/a.conf", ["systemctl reload nginx"]],
    ["/etc/nginx/a/b.conf", []],
    ["/etc/systemd/system/nginx.service.d/1.conf", ["systemctl reload nginx"]],
    ["/etc/y", ["systemctl restart y"]],
    ["/etc/many/one", ["systemctl restart many@…"]],
    ["/etc/other", []],
  ])("%s", (path, commands) => expect(consequences(bundle, [path], [])).toEqual(commands));

  test("a unit that goes is stopped, a drop-in of another is not", () => {
    const removed = ["/etc/systemd/system/a.timer", "/etc/systemd/system/b.service.d/x.conf"];
    expect(consequences(bundle, removed, removed)).toEqual(["systemctl disable --now a.timer"]);
  });
});

describe("addresses of peers", () => {
  const peers = [addressOf("donor-01", "ipv4"), addressOf("forum-01", "egress4")];
  const line = (host: string, address: string) => `add element inet host peer-${host} { ${address} }`;
  const state = (content?: string) => ({
    files: new Map(content === undefined ? [] : [["/etc/nftables.d/peers.nft", { mode: "0644", content }]]),
  });

  test("come from the outputs, else from the host, and the rest is named", () => {
    const { file, unknown } = peersFile(
      peers,
      { of: ({ host }) => (host === "donor-01" ? "192.0.2.7" : undefined) },
      state(`${line("forum-01-egress4", "192.0.2.8")}\n${line("gone-01-ipv4", "192.0.2.9")}\n`),
    );
    expect(file?.content.split("\n").slice(1)).toEqual([
      line("donor-01-ipv4", "192.0.2.7"),
      line("forum-01-egress4", "192.0.2.8"),
      "",
    ]);
    expect(unknown).toEqual([]);
    const none = peersFile(peers, { of: () => undefined }, state());
    expect([none.file, none.unknown]).toEqual([undefined, peers]);
  });

  test("of sets that are gone are taken out, as one would keep the firewall from loading", () => {
    const { file } = peersFile([], { of: () => undefined }, state(`${line("gone-01-ipv4", "192.0.2.9")}\n`));
    expect(file?.content).not.toContain("gone-01");
  });
});

test("at a terminal each host has one line, which is drawn over", () => {
  let out = "";
  const shown = progress(["a", "bb"], {
    write: (text) => {
      out += text;
    },
    isTerminal: true,
    width: 20,
  });
  shown.step("a", "looking");
  shown.says("a", `colour \x1b[31m and more than the width`);
  shown.end();
  const frames = out.split("\x1b[2A");
  expect(frames).toHaveLength(2);
  expect(frames[1]?.replaceAll("\x1b[2K", "")).toBe("a   looking: colour\nbb  \n");
});
