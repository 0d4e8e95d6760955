import assert from "node:assert/strict";
import { join } from "node:path";
import type { Container } from "../container.ts";
import { volume as emptyVolume } from "../volume.ts";
import type { Subject } from "./suite.ts";

/** Standard output of a command that must succeed. */
export async function output(container: Container, ...command: string[]): Promise<string> {
  const { status, stdout, stderr } = await container.exec(command, { timeout: 120 });
  assert.equal(status, 0, `${command.join(" ")}: status ${status}\n${stdout}${stderr}`.slice(-3000));
  return stdout.trim();
}

/** What is true of a host as soon as cloud-init is done, seen from inside. */
export async function hostFacts({ lab, container, configuration, text, volume }: Subject): Promise<void> {
  const { host, fqdn, privateIp, memory } = configuration;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check(host, fact, holds);
  const shell = (script: string) => output(container, "sh", "-c", script);

  await is("cloud-init ended without errors or warnings", async () => {
    const { status, stdout } = await container.exec(["cloud-init", "status", "--long"]);
    const log = await shell("tail -n 25 /var/log/cloud-init-output.log");
    assert.equal(status, 0, `${stdout}${log}`);
    assert.deepEqual(JSON.parse(await output(container, "cat", "/run/cloud-init/result.json")).v1.errors, []);
  });
  await is("its user data fits cloud-init's schema", async () => {
    await output(container, "cloud-init", "schema", "--config-file", "/var/lib/cloud/seed/nocloud/user-data");
  });
  await is("it was booted from what the blueprint renders, byte for byte", async () => {
    const { stdout } = await container.exec(["cat", "/var/lib/cloud/instance/user-data.txt"]);
    assert.equal(stdout, text);
  });
  await is("no unit has failed", async () => {
    assert.equal(await output(container, "systemctl", "--failed", "--plain", "--no-legend"), "");
  });
  await is("its name is that of the blueprint", async () => {
    assert.equal(await output(container, "hostname"), host);
    assert.equal(await output(container, "hostname", "--fqdn"), fqdn);
  });
  await is("it has recorded the digest of its bundle", async () => {
    assert.match(await output(container, "cat", "/var/lib/roles/digest"), /^sha256:[0-9a-f]{64}$/);
    assert.ok(text.includes(await output(container, "cat", "/var/lib/roles/digest")));
  });
  await is("its units are correct", async () => {
    const units = "/etc/systemd/system/*.service /etc/systemd/system/*.timer /etc/systemd/system/*.mount";
    const { stdout, stderr } = await container.exec([
      "sh",
      "-c",
      `systemd-analyze verify --man=no $(ls ${units} | grep -v @)`,
    ]);
    assert.equal(`${stdout}${stderr}`.replaceAll(/^.*prometheus.*\n?/gm, ""), "");
  });
  await is("the data volume is mounted, with what an earlier host wrote", async () => {
    assert.equal(await output(container, "findmnt", "--noheadings", "--output", "FSTYPE", "/srv/data"), "ext4");
    assert.equal(await output(container, "cat", "/srv/data/precious"), "written by an earlier host");
  });
  await is("a volume that holds nothing is refused, not formatted; so are two", async () => {
    const link = `${volume.link}0`;
    const blank = await emptyVolume(join(lab.folder, host, "blank"), link, undefined, lab.cleanup);
    await container.attach(blank);
    const find = (pattern: string) =>
      container.exec(["sh", "-c", `/usr/local/lib/roles/base/find-volume '${pattern}' /run/other-volume`]);
    assert.match((await find(link)).stdout, /holds no file system, not ext4\. Hosts never format/);
    assert.match((await find(`${volume.link}*`)).stdout, /Found 2 volumes/);
    assert.equal((await container.exec(["test", "-e", "/run/other-volume"])).status, 1);
    assert.equal(await shell(`tr -d '\\0' <${link} | wc -c`), "0");
    await output(container, "rm", link);
  });
  await is("only SSH and metrics listen beyond the host itself", async () => {
    const listening = await shell("ss -Hltun | awk '{ print $5 }'");
    const beyond = listening.split("\n").filter((socket) => !/^(127\.|\[::1\])/.test(socket));
    const expected = ["0.0.0.0:22", "[::]:22", ...(privateIp === undefined ? [] : [`${privateIp}:9100`])];
    assert.deepEqual(beyond.sort(), expected.sort());
  });
  await is("reboots wait for the maintenance window", async () => {
    const next = await output(
      container,
      "systemctl",
      "show",
      "maintenance-reboot.timer",
      "--property=NextElapseUSecRealtime",
      "--value",
    );
    assert.match(next, /^Tue .*-0[1-7] (0[89]|10):\d\d:\d\d UTC$/);
    assert.equal(
      await shell(". /etc/os-release; apt-config dump Unattended-Upgrade::Automatic-Reboot"),
      'Unattended-Upgrade::Automatic-Reboot "false";',
    );
  });
  await is("security updates are installed daily, and no recommended packages", async () => {
    await output(
      container,
      "systemctl",
      "is-enabled",
      "apt-daily.timer",
      "apt-daily-upgrade.timer",
      "unattended-upgrades.service",
    );
    assert.match(await output(container, "apt-config", "dump", "APT::Install-Recommends"), /"false"/);
    assert.match(await output(container, "apt-config", "dump", "APT::Periodic::Unattended-Upgrade"), /"1"/);
  });
  await is("the journal is kept, within limits", async () => {
    assert.match(await shell("journalctl --header | grep 'File path'"), /\/var\/log\/journal\//);
    assert.match(
      await output(container, "systemd-analyze", "cat-config", "systemd/journald.conf"),
      /^SystemMaxUse=1G$/m,
    );
  });
  await is("a service that fails is reported, once", async () => {
    await container.exec(["systemd-run", "--wait", "--quiet", "--unit=breaks", "false"]);
    await shell("until journalctl -q -t report-failure | grep -q breaks.service; do sleep 0.2; done");
    const reports = await shell("journalctl -q -t report-failure -o cat");
    assert.equal(reports, `breaks.service failed on ${host}`);
    await output(container, "systemctl", "reset-failed");
  });
  await is("only root reaches the cloud's metadata", async () => {
    const curl = ["curl", "--silent", "--max-time", "5", "http://169.254.169.254/"];
    assert.equal(await output(container, ...curl), "metadata");
    const nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];
    assert.equal((await container.exec([...nobody, ...curl])).status, 7, "7 is a refused connection");
  });
  if (memory <= 4)
    await is("it has a swap file, as its memory is small", async () => {
      // Containers have none: only the unit can be seen.
      assert.equal(await output(container, "systemctl", "is-enabled", "swapfile.swap"), "enabled");
    });
}
