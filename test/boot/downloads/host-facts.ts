import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { HETZNER_LIMITS } from "../../../model/catalogue/hetzner.ts";
import { output } from "../base/facts.ts";
import type { Container } from "../container.ts";
import type { Subject } from "./planned-host.ts";

const OWN_UNITS = ["certificates", "downloads-clean", "downloads-index", "git-mirror@all", "git-web@pages"];

/** What is true of the host whichever of its services one looks at. */
export async function hostFacts({ container, text, bundle, is }: Subject): Promise<void> {
  await is("its user data, with all its services, is within what the cloud takes", async () => {
    assert.ok(Buffer.byteLength(text) <= HETZNER_LIMITS.userData, `${Buffer.byteLength(text)} bytes`);
    const packed = /encoding: gz\+b64\n {2}content: (\S+)/.exec(text)?.[1] ?? "";
    assert.ok(
      gunzipSync(Buffer.from(packed, "base64")).includes(bundle.command[1]) || text.includes(bundle.command[1]),
    );
  });
  await is("cloud-init ended without errors, and no unit has failed", async () => {
    const { status, stdout } = await container.exec(["cloud-init", "status", "--long"]);
    assert.equal(
      status,
      0,
      `${stdout}${await output(container, "tail", "-n", "25", "/var/log/cloud-init-output.log")}`,
    );
    assert.equal(await output(container, "cat", "/var/lib/roles/digest"), bundle.digest);
    await noneFailed(container);
  });
  await is("only what its roles declare listens beyond the host itself", async () => {
    const sockets = await output(
      container,
      "sh",
      "-c",
      "ss -Hltun | awk '{ print $5 }' | grep -Ev '^(127\\.|\\[::1\\])' | sort -u",
    );
    const ports = ["22", "443", "80", "873"].flatMap((port) => [`0.0.0.0:${port}`, `[::]:${port}`]);
    assert.deepEqual(sockets.split("\n").sort(), [...ports, "10.0.0.12:9100"].sort());
  });
  await is("its web server's configuration is sound, and so are its units", async () => {
    await output(container, "nginx", "-t", "-q");
    const units = OWN_UNITS.map((unit) => `${unit}.service`);
    assert.equal(await output(container, "systemd-analyze", "verify", "--man=no", ...units), "");
    for (const unit of units) {
      const text = await output(container, "systemd-analyze", "security", "--no-pager", unit);
      const level = Number(/exposure level for \S+: ([\d.]+)/.exec(text)?.[1]);
      assert.ok(level < 3, `${unit} has an exposure of ${level}`);
    }
  });
  await is("certificates that nobody can issue yet fail softly", async () => {
    // There is no name server either: each name would wait for one.
    const unit = "/run/systemd/system/certificates.service.d/test.conf";
    await output(
      container,
      "sh",
      "-c",
      `mkdir -p ${unit.replace(/\/[^/]*$/, "")} && printf '[Service]\\nPrivateNetwork=yes\\n' >${unit} && systemctl daemon-reload`,
    );
    await output(container, "systemctl", "start", "certificates.service");
    const journal = await output(container, "journalctl", "-q", "-u", "certificates.service", "-o", "cat");
    assert.match(journal, /git\.openwrt\.org keeps the certificate that it signed itself/);
    await output(container, "sh", "-c", `rm ${unit} && systemctl daemon-reload`);
    await noneFailed(container);
  });
}

/** Applying again, and booting again. */
export async function againFacts({ lab, container, volume, bundle, is }: Subject, ready: string): Promise<void> {
  await is("applying its roles again restarts no unit and changes no file", async () => {
    const units = "'git-*' 'downloads-*' nginx.service rsync.service ssh.service nftables.service 'certificates.timer'";
    const state = async () => {
      const properties = "--property=Id,ActiveEnterTimestampMonotonic,NRestarts,ExecMainStartTimestampMonotonic";
      // In an order of their own each time.
      return (await output(container, "sh", "-c", `systemctl show ${units} ${properties}`)).split("\n\n").sort();
    };
    const reloads = () =>
      output(container, "sh", "-c", "journalctl -q -u nginx.service -o cat | grep -c Reloaded || true");
    await output(container, "touch", "/run/marker");
    const before = [await state(), await reloads()];
    assert.equal(await output(container, ...bundle.command), `This host has the bundle ${bundle.digest}`);
    assert.deepEqual([await state(), await reloads()], before);
    const changed = await output(
      container,
      ...["find", "/etc", "/usr", "/root", "/home", "/srv/data", "/var/lib/roles", "/var/lib/web"],
      ...["-newer", "/run/marker", "-type", "f"],
    );
    assert.deepEqual(changed.split("\n").sort(), ["/var/lib/roles/digest", "/var/lib/roles/manifest"]);
  });
  await is("it serves again after a second boot", async () => {
    const since = performance.now();
    await container.stop();
    await container.start();
    await container.attach(volume);
    await output(container, "timeout", "60", "sh", "-c", `until ${ready}; do sleep 0.2; done`);
    lab.took("downloads-01", "second boot", (performance.now() - since) / 1000);
    await output(container, "timeout", "60", "systemctl", "is-system-running", "--wait");
    await noneFailed(container);
  });
}

const noneFailed = async (container: Container) =>
  assert.equal(await output(container, "systemctl", "--failed", "--plain", "--no-legend"), "");
