import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { donatedWorkerScript } from "../../../roles/buildbot-worker/donated-worker-script.ts";
import { workerFiles } from "../../../roles/buildbot-worker/worker-files.ts";

const place = { name: "build-01", master: "10.0.0.13", downloads: "10.0.0.12" };
const fileOf = (path: string, at = place) => workerFiles(at).files.find((file) => file.path === path)?.content;
const RULES = "/etc/nftables.d/buildbot-worker.nft";
const donor = { name: "donor-01", master: "services-01.infra.example.org", downloads: "rsync.example.org" };

describe("build worker", () => {
  test("admits builds to the master and the uploads before it refuses them private networks", () => {
    const lines = fileOf(RULES)!
      .split("\n")
      .map((line) => line.trim());
    const refused = lines.findIndex((line) => line.startsWith("ip daddr { 10.0.0.0/8"));
    expect(refused).toBeGreaterThan(0);
    for (const rule of [
      "ip daddr 10.0.0.13 tcp dport { 9989, 9990 } accept",
      "ip daddr 10.0.0.12 tcp dport 873 accept",
    ]) {
      expect(lines).toContain(rule);
      expect(lines.indexOf(rule)).toBeLessThan(refused);
    }
    expect(lines.filter((line) => line.startsWith("ip daddr") && line.endsWith(" accept"))).toHaveLength(2);
  });

  test("opens nothing for hosts that it knows by their public names", () => {
    expect(fileOf(RULES, { ...place, ...donor })).not.toMatch(/^ *ip6? daddr [^{]* accept$/m);
  });

  test("has no name that would be more than a name", () => {
    expect(() => workerFiles({ ...place, name: "a b" })).toThrow(/^A worker's name is "a b"/);
    expect(() => workerFiles({ ...place, master: "x$(id)" })).toThrow(/^A worker's master/);
  });

  test("its programs are correct", () => {
    for (const { path, content } of workerFiles(place).files) {
      if (content.startsWith("#!/bin/sh"))
        expect([path, spawnSync("sh", ["-n"], { input: content, encoding: "utf8" }).stderr]).toEqual([path, ""]);
      if (path.endsWith(".tac")) {
        const compile = ["-c", "import sys; compile(sys.stdin.read(), 'x', 'exec')"];
        expect(spawnSync("python3", compile, { input: content, encoding: "utf8" }).stderr).toBe("");
      }
    }
  });

  test("brings no secret: units wait for what is delivered", () => {
    const unit = fileOf("/etc/systemd/system/build-worker@.service")!;
    expect(unit).toContain("ConditionPathExists=/etc/secrets/buildbot-worker/worker-password");
    expect(unit).toContain("InaccessiblePaths=-/etc/secrets");
  });
});

describe("the script for donated machines", () => {
  const script = donatedWorkerScript(donor, "https://builds.example.org");

  test("is correct shell and brings every file of a worker", () => {
    expect(spawnSync("sh", ["-n"], { input: script, encoding: "utf8" }).stderr).toBe("");
    for (const { path, content } of workerFiles(donor).files) {
      expect(script).toContain(`cat >${path}.new <<'END OF FILE'\n${content}END OF FILE\n`);
    }
  });

  test("refuses other systems before it changes anything", () => {
    const beforeInstall = script.slice(0, script.indexOf("apt-get"));
    expect(beforeInstall).toContain("a worker needs Debian 13 on x86_64");
  });

  test("takes the certificate over https alone", () => {
    expect(script).toContain("--proto =https --output $secrets/.new https://builds.example.org/public/workers.pem");
    expect(() => donatedWorkerScript(donor, "http://builds.example.org")).toThrow(/^The build farm is/);
  });
});
