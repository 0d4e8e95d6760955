import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { buildbotMaster } from "../../../roles/buildbot-master/role.ts";
import { context, farm, fileOf, files } from "./farm.ts";

const folder = mkdtempSync(join(tmpdir(), "farm-"));
afterAll(() => rmSync(folder, { recursive: true }));
const data = () => JSON.parse(fileOf("/etc/buildbot-farm/farm.json")!);

describe("build master", () => {
  test("its programs are correct Python", () => {
    const programs = files().filter(({ path }) => /\.(py|cfg|tac)$|publish$/.test(path));
    expect(programs.length).toBeGreaterThan(8);
    for (const { path, content } of programs) {
      const file = join(folder, path);
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(file, content);
      const { status, stderr } = spawnSync("python3", ["-m", "py_compile", file], { encoding: "utf8" });
      expect([path, status, stderr]).toEqual([path, 0, ""]);
    }
  });

  test("its scripts are correct shell", () => {
    for (const { path, content } of files().filter((file) => file.content.startsWith("#!/bin/sh")))
      expect([path, spawnSync("sh", ["-n"], { input: content, encoding: "utf8" }).stderr]).toEqual([path, ""]);
  });

  test("knows all workers of the estate, and which of them share a line", () => {
    expect(data().workers).toEqual([
      { name: "build-01" },
      { name: "donor-01", uploadLock: "home", downloadLock: "home" },
    ]);
  });

  test("looks every five minutes and waits until a branch was still for fifteen", () => {
    expect(data()).toMatchObject({ pollSeconds: 300, stableSeconds: 900 });
  });

  test("serves a frozen branch and needs no key for it", () => {
    expect(data().branches[1]).toMatchObject({ frozen: true, targets: {} });
    expect(fileOf("/etc/nginx/sites/old.example.org/buildbot-master.conf")).toContain("location ^~ /17.01/images/ {");
    expect(farm.secrets.map(({ name }) => name)).toEqual([
      "worker-passwords",
      "upload-passwords",
      "web-passwords",
      "signing-key-master",
    ]);
  });

  test("uploads to the module of each branch that it builds, with paths as on the web", () => {
    expect(farm.uploads).toEqual(["master"]);
    expect(data().branches[0]).toMatchObject({
      upload: { module: "upload-master", user: "master" },
      read: "downloads",
      folders: { targets: "snapshots/targets", packages: "snapshots/packages", failLogs: "snapshots/faillogs" },
    });
  });

  test("refuses a branch that is to be built and has no targets", () => {
    const master = buildbotMaster({
      on: "a",
      criticality: "low",
      name: "a.example.org",
      downloads: "b.example.org",
      source: "https://git.example.org/firmware.git",
      branches: [{ name: "master", path: "master", git: "main", failLogs: true, frozen: false }],
    });
    expect(() => master.configure!(context)).toThrow(/^The branch master has no targets/);
  });

  test("has a certificate for the names by which workers call it", () => {
    expect(fileOf("/etc/buildbot-farm/certificate-names")).toBe("DNS:services-01.infra.example.org,IP:10.0.0.13\n");
  });

  test("lets nobody start a build by a hook, at any path of any branch", () => {
    for (const name of ["builds.example.org", "old.example.org"]) {
      const site = fileOf(`/etc/nginx/sites/${name}/buildbot-master.conf`)!;
      const proxied = [...site.matchAll(/location \^~ (\S+) \{\n {4}proxy_pass/g)].map(([, path]) => path);
      expect(proxied).toHaveLength(2);
      for (const path of proxied) expect(site).toContain(`location ^~ ${path}change_hook { return 404; }`);
    }
  });

  test("pins each Python package that Debian lacks by its sum", () => {
    const lines = fileOf("/usr/local/lib/buildbot-farm/requirements.txt")!
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^[\w-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}$/);
  });

  test("brings no secret", () => {
    for (const { path, content } of files()) expect([path, /PRIVATE KEY|RWRCS/.test(content)]).toEqual([path, false]);
  });
});
