import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { HostContext, Peer } from "../../../model/host-configuration.ts";
import { downloads } from "../../../roles/downloads/role.ts";
import { context } from "../web/contexts.ts";

const service = downloads({
  on: "downloads-01",
  criticality: "high",
  name: "downloads.example.org",
  sources: "sources.example.org",
  rsync: "rsync.example.org",
  keeps: "all",
  uploaders: ["buildbot-worker"],
});
const peer = (address: string | undefined, address6?: string): Peer => ({ host: "w", fqdn: "w", address, address6 });
const files = (more: Partial<HostContext> = {}) =>
  Object.fromEntries(
    service.configure!(context([], { uploads: ["master", "19.07"], ...more })).files.map(({ path, content }) => [
      path,
      content,
    ]),
  );

/** Options of rsyncd by module; those before the first apply to all. */
function modules(text: string): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  let current: Record<string, string> = {};
  found[""] = current;
  for (const line of text.split("\n")) {
    const [, name] = /^\[(.*)\]$/.exec(line) ?? [];
    if (name !== undefined) found[name] = current = {};
    const [, key, value = ""] = /^\s*([a-z][a-z -]*?) =\s?(.*)$/.exec(line) ?? [];
    if (key !== undefined) current[key] = value;
  }
  return found;
}

describe("downloads role", () => {
  const rsyncd = (more?: Partial<HostContext>) => modules(files(more)["/etc/rsyncd.conf"]!);

  test("each branch uploads to a module of its own, as a user of its own", () => {
    const found = rsyncd();
    expect(Object.keys(found)).toEqual(["", "downloads", "sources", "upload-master", "upload-19.07", "upload-sources"]);
    expect(found["upload-19.07"]).toMatchObject({
      "auth users": "19.07",
      "write only": "yes",
      "read only": "no",
      list: "no",
    });
  });

  test("a branch reaches its own folders alone", () => {
    const found = rsyncd();
    expect(found["upload-master"]).toMatchObject({ include: "/snapshots /snapshots/**", exclude: "*" });
    const folders = ["19.07-SNAPSHOT", "19.07.*", "packages-19.07", "faillogs-19.07"];
    expect(found["upload-19.07"]).toMatchObject({
      include: ["/releases", ...folders.flatMap((each) => [`/releases/${each}`, `/releases/${each}/**`])].join(" "),
      exclude: "*",
    });
  });

  test("modules are read only unless they are for uploads, and those all ask for a password and for room", () => {
    const { "": common, ...named } = rsyncd();
    expect(common).toMatchObject({ "read only": "yes", "use chroot": "yes", uid: "nobody" });
    for (const [name, options] of Object.entries(named)) {
      expect([name, "auth users" in options]).toEqual([name, name.startsWith("upload-")]);
      if (options["read only"] !== "no") continue;
      expect(options).toMatchObject({
        "secrets file": "/etc/secrets/downloads/upload-passwords",
        "pre-xfer exec": "/usr/local/lib/roles/downloads/may-upload",
      });
    }
  });

  test("uploads come from build hosts, as far as their addresses are known before they exist", () => {
    const known = () => [peer("10.0.0.11"), peer("192.0.2.7", "2001:db8::7")];
    expect(rsyncd({ peers: known })["upload-master"]?.["hosts allow"]).toBe("10.0.0.11 192.0.2.7 2001:db8::7");
    const unknown = rsyncd({ peers: () => [...known(), peer(undefined)] });
    expect(unknown["upload-master"]).not.toHaveProperty("hosts allow");
  });

  test("upload requests name a folder of a branch", () => {
    const script = files()["/usr/local/lib/roles/downloads/may-upload"]!.replace("df ", "echo ' 5 - '; : df ");
    const asked = (request: string) =>
      spawnSync("sh", { input: script, env: { ...process.env, RSYNC_REQUEST: request }, encoding: "utf8" }).status;
    for (const good of ["upload-master/snapshots/", "upload-19.07/releases/19.07.5/targets/", "upload-sources/"])
      expect([good, asked(good)]).toEqual([good, 0]);
    for (const bad of ["upload-master/", "upload-19.07/releases/", "upload-19.07/releases//", "upload-19.07/find/"])
      expect([bad, asked(bad)]).toEqual([bad, 1]);
  });

  test("uploads are refused on a full volume", () => {
    const script = files()["/usr/local/lib/roles/downloads/may-upload"]!;
    const full = (line: string) =>
      spawnSync("sh", {
        input: script.replace("df --output=pcent,ipcent /srv/data", `echo '${line}'`),
        env: { ...process.env, RSYNC_REQUEST: "upload-sources/" },
        encoding: "utf8",
      });
    expect(full("  94%   -").status).toBe(0);
    expect(full("  95%   1%")).toMatchObject({ status: 1, stdout: expect.stringContaining("95 % full") });
    expect(full("  10%   99%").status).toBe(1);
  });

  test("nothing is left to fill in, all scripts are shell, and the same settings give the same files", () => {
    expect(files()).toEqual(files());
    for (const [path, content] of Object.entries(files())) {
      expect([path, content]).not.toEqual([path, expect.stringContaining("{{")]);
      if (content.startsWith("#!/bin/sh"))
        expect(spawnSync("sh", ["-n"], { input: content, encoding: "utf8" }).stderr).toBe("");
    }
  });
});

describe("the index of devices", () => {
  const run = (tree: Record<string, string>) => {
    const root = mkdtempSync(join(tmpdir(), "index-"));
    try {
      const script = join(root, "index");
      writeFileSync(script, files()["/usr/local/lib/roles/downloads/index"]!);
      for (const folder of ["tree/releases", "to"]) mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, "to/gone.json"), "{}");
      for (const [path, content] of Object.entries(tree)) {
        mkdirSync(join(root, "tree", path, ".."), { recursive: true });
        writeFileSync(join(root, "tree", path), content);
      }
      const { status, stdout, stderr } = spawnSync("python3", [script, join(root, "tree"), join(root, "to")], {
        encoding: "utf8",
      });
      expect([status, stderr]).toEqual([0, ""]);
      const made = readdirSync(join(root, "to")).map((name) => [
        name,
        JSON.parse(readFileSync(join(root, "to", name), "utf8")),
      ]);
      return { stdout, made: Object.fromEntries(made) };
    } finally {
      rmSync(root, { recursive: true });
    }
  };
  const profiles = (title: object) =>
    JSON.stringify({ arch_packages: "mips_24kc", profiles: { one: { titles: [title], images: [{ name: "a.bin" }] } } });

  test("lists the devices of each version by architecture, vendor and model, newest version first", () => {
    const { made } = run({
      "snapshots/targets/ath79/generic/profiles.json": profiles({ vendor: "Acme", model: "One", variant: "v2" }),
      "releases/19.07.5/targets/ath79/generic/profiles.json": profiles({ title: "Old One" }),
      "releases/24.10.0/targets/ath79/generic/profiles.json": profiles({ vendor: "Acme", model: "One" }),
    });
    expect(Object.keys(made).sort()).toEqual(["19.07.5.json", "24.10.0.json", "index.json", "snapshots.json"]);
    expect(made["index.json"]).toEqual({ versions: ["snapshots", "24.10.0", "19.07.5"] });
    expect(made["snapshots.json"]).toEqual({
      path: "/snapshots/targets",
      devices: [
        { architecture: "mips_24kc", target: "ath79/generic", vendor: "Acme", model: "One v2", images: ["a.bin"] },
      ],
    });
    expect(made["19.07.5.json"].devices[0]).toMatchObject({ vendor: "", model: "Old One" });
  });

  test("leaves out metadata that is broken, and says which", () => {
    const { made, stdout } = run({
      "snapshots/targets/a/b/profiles.json": "{",
      "snapshots/targets/a/c/profiles.json": '{"arch_packages": "x", "profiles": {"one": null}}',
      "snapshots/targets/a/d/profiles.json": profiles({ model: "Good" }),
    });
    expect(made["snapshots.json"].devices).toHaveLength(1);
    expect(stdout.match(/is left out/g)).toHaveLength(2);
  });
});
