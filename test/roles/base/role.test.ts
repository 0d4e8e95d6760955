import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HostConfiguration } from "../../../model/host-configuration.ts";
import { baseRole } from "../../../roles/base/role.ts";
import { arbitraryConfiguration, droplet, server } from "./configurations.ts";

const fileOf = (configuration: HostConfiguration, path: string) =>
  baseRole(configuration).files.find((file) => file.path === path)?.content;
const SSHD = "/etc/ssh/sshd_config.d/10-base.conf";
const ADMINS = "/usr/local/lib/roles/base/admins";

describe("base role", () => {
  test("admins come from their networks alone, whatever the host", () => {
    fc.assert(
      fc.property(arbitraryConfiguration, (configuration) => {
        const [outside = "", inside = "", ...more] = fileOf(configuration, SSHD)!.split(/^Match .*$/m);
        expect(outside).toMatch(/^AllowGroups ssh-anywhere$/m);
        expect(outside).not.toContain("admins ");
        expect(inside.trim()).toBe("AllowGroups admins ssh-anywhere");
        expect(more).toEqual([]);
        expect(fileOf(configuration, SSHD)).toContain(`\nMatch Address ${configuration.adminNetworks.join(",")}\n`);
      }),
      { numRuns: 20 },
    );
  });

  test("no password opens anything", () => {
    expect(fileOf(server, SSHD)).toMatch(/^AuthenticationMethods publickey$/m);
    expect(fileOf(server, SSHD)).toMatch(/^PermitRootLogin no$/m);
  });

  test("lists each key of each admin, and who may become root", () => {
    expect(fileOf(server, ADMINS)).toBe(
      `alice sudo ssh-ed25519 ${"A".repeat(68)} alice@example.org\nbob - ssh-ed25519 ${"B".repeat(68)}\nbob - ssh-ed25519 ${"C".repeat(68)}\n`,
    );
  });

  test.each([
    ["root", "ssh-ed25519 AAAA"],
    ["a b", "ssh-ed25519 AAAA"],
    ["alice", 'command="sh" ssh-ed25519 AAAA'],
    ["alice", "ssh-ed25519 AAAA\nmallory sudo ssh-ed25519 BBBB"],
  ])("refuses the admin %j with the key %j", (name, key) => {
    expect(() => baseRole({ ...server, admins: [{ name, keys: [key], sudo: true }] })).toThrow(/^git-01: a/);
  });

  test("refuses a host that nobody could log in to", () => {
    expect(() => baseRole({ ...server, admins: [] })).toThrow(/no admin may log in/);
    expect(() => baseRole({ ...server, adminNetworks: [] })).toThrow(/no admin networks/);
  });

  test("mounts the one volume of a server by a pattern, and that of a droplet by its name", () => {
    const service = "/etc/systemd/system/data-volume.service";
    expect(fileOf(server, service)).toContain(" /dev/disk/by-id/scsi-0HC_Volume_* ");
    expect(fileOf(droplet, service)).toContain(" /dev/disk/by-id/scsi-0DO_Volume_forum-01-data ");
    expect(fileOf({ ...server, volume: false }, service)).toBeUndefined();
    expect(() => baseRole({ ...droplet, volumeName: undefined })).toThrow(/its volume is named nothing/);
  });

  test("no file of any host formats a volume", () => {
    fc.assert(
      fc.property(arbitraryConfiguration, (configuration) => {
        for (const { content } of baseRole(configuration).files)
          expect(content).not.toMatch(/mkfs|mke2fs|wipefs|fs_setup/);
      }),
      { numRuns: 20 },
    );
  });

  test("hosts with up to 4 GB have swap", () => {
    const swap = "/etc/systemd/system/swapfile.swap";
    expect(fileOf({ ...server, memory: 4 }, swap)).toBeDefined();
    expect(fileOf({ ...server, memory: 8 }, swap)).toBeUndefined();
  });

  test("metrics are bound to the private address, and absent without one", () => {
    expect(fileOf(server, "/etc/default/prometheus-node-exporter")).toBe(
      'ARGS="--web.listen-address=10.0.0.11:9100"\n',
    );
    expect(baseRole(droplet).packages).not.toContain("prometheus-node-exporter");
  });

  test("hosts reboot only in the maintenance window, and are done before it ends", () => {
    const timer = fileOf(server, "/etc/systemd/system/maintenance-reboot.timer");
    expect(timer).toContain("OnCalendar=Tue *-*-1..7,15..21 08:00 UTC\n");
    expect(timer).toContain("RandomizedDelaySec=120min\n");
    expect(fileOf(server, "/etc/apt/apt.conf.d/52unattended-upgrades-local")).toContain('Automatic-Reboot "false"');
  });

  test("a CentOS host has the same, by the names of its distribution", () => {
    const centos: HostConfiguration = { ...server, distribution: "centos" };
    const paths = baseRole(centos).files.map(({ path }) => path);
    expect(paths).toContain("/etc/sysconfig/nftables.conf");
    expect(paths).toContain("/etc/dnf/automatic.conf");
    expect(paths.filter((path) => path.startsWith("/etc/apt"))).toEqual([]);
    expect(fileOf(centos, "/etc/sudoers.d/90-admins")).toContain("%wheel ");
  });

  test("every script is correct shell", () => {
    for (const configuration of [server, droplet])
      for (const { path, content } of baseRole(configuration).files)
        if (content.startsWith("#!/bin/sh") || path.endsWith(".sh")) {
          const { status, stderr } = spawnSync("sh", ["-n"], { input: content, encoding: "utf8" });
          expect([path, status, stderr]).toEqual([path, 0, ""]);
        }
  });
});
