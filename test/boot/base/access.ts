import assert from "node:assert/strict";
import { hostBundle } from "../../../roles/bundle.ts";
import type { Container } from "../container.ts";
import type { Station } from "../network.ts";
import { output } from "./facts.ts";
import type { Subject } from "./suite.ts";

/** Who gets in, and who does not, seen from other machines. */
export async function accessFacts({
  lab,
  container,
  configuration,
  stations,
  admins,
  address,
}: Subject): Promise<void> {
  const { host, firewall, privateIp } = configuration;
  const { admin, outsider, neighbour } = stations;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check(host, fact, holds);
  const address6 = address.replace("192.0.2.", "2001:db8:2::");
  const open = firewall.some(({ port, sources }) => port === 22 && sources.includes("0.0.0.0/0"));

  await is("an admin logs in by key from an admin network, over IPv4 and IPv6", async () => {
    for (const to of [address, address6]) {
      const { status, stdout, stderr } = await admins.ssh(admin, "alice", to, "id -un");
      assert.deepEqual([status, stdout], [0, "alice\n"], stderr);
    }
  });
  await is("an admin of a group with root rights becomes root, another does not", async () => {
    assert.equal((await admins.ssh(admin, "alice", address, "sudo -n id -un")).stdout, "root\n");
    const bob = await admins.ssh(admin, "bob", address, "id -un; sudo -n id -un");
    assert.equal(bob.stdout, "bob\n");
    assert.match(bob.stderr, /password is required/);
  });
  await is(`the same key is refused elsewhere: ${open ? "sshd" : "the firewall"} says no`, async () => {
    for (const to of [address, address6]) {
      const { status, stderr } = await admins.ssh(outsider, "alice", to, "true");
      assert.equal(status, 255);
      assert.match(stderr, open ? /Permission denied \(publickey\)/ : /timed out/);
    }
  });
  await is("root is refused, from an admin network as well", async () => {
    assert.match((await admins.ssh(admin, "root", address, "true")).stderr, /Permission denied/);
  });
  await is("sshd takes keys alone, from root's hands alone, of nobody by default", async () => {
    const config = async (user: string, from: string) => {
      const text = await output(container, "sshd", "-T", "-C", `user=${user},host=x,addr=${from}`);
      return new Set(text.split("\n"));
    };
    for (const [from, groups] of [
      ["198.51.100.10", ["admins", "ssh-anywhere"]],
      ["203.0.113.10", ["ssh-anywhere"]],
      ["2001:db8:1::10", ["admins", "ssh-anywhere"]],
    ] as const) {
      const lines = await config("alice", from);
      assert.deepEqual(
        [...lines].filter((line) => line.startsWith("allowgroups ")),
        groups.map((group) => `allowgroups ${group}`),
      );
      for (const line of [
        "passwordauthentication no",
        "kbdinteractiveauthentication no",
        "permitrootlogin no",
        "authenticationmethods publickey",
        "authorizedkeysfile /etc/ssh/authorized_keys.d/%u",
      ])
        assert.ok(lines.has(line), `${line} is missing`);
    }
  });
  await is("no account has a password", async () => {
    const shadow = await output(container, "cat", "/etc/shadow");
    assert.deepEqual(
      shadow.split("\n").filter((line) => !/^[^:]+:[!*]/.test(line)),
      [],
    );
  });
  await is("a port that nobody declared is closed, though a program listens", async () => {
    const stop = await listen(container, 8080);
    for (const station of [admin, outsider, neighbour]) assert.equal(await answer(station, address, 8080), "filtered");
    await stop();
  });
  if (firewall.some(({ port }) => port === 9989))
    await is("a port for a peer opens once its address is known", async () => {
      const stop = await listen(container, 9989);
      assert.equal(await answer(outsider, address, 9989), "filtered");
      const element = "add element inet host peer-donor-01-ipv4 { 203.0.113.10 }";
      await output(container, "sh", "-c", `mkdir -p /etc/nftables.d && echo '${element}' >/etc/nftables.d/peers.nft`);
      await output(container, ...hostBundle(configuration).command);
      assert.equal(await answer(outsider, address, 9989), "open");
      assert.equal(await answer(admin, address, 9989), "filtered");
      await stop();
    });
  if (privateIp !== undefined)
    await is("metrics are there for the prober on the private network, and for nobody else", async () => {
      const ask = ["curl", "--silent", "--max-time", "3", `http://${privateIp}:9100/metrics`];
      assert.match((await neighbour.exec(ask)).stdout, /^node_load1 /m);
      assert.equal((await outsider.exec(ask)).status, 28);
    });
  await is("it answers pings, over IPv4 and IPv6", async () => {
    for (const to of [address, address6]) {
      const { status } = await outsider.exec(["ping", "-c", "1", "-W", "3", to]);
      assert.equal(status, 0);
    }
  });
}

/** A web server on a port of the host, as soon as it answers there. */
async function listen(container: Container, port: number): Promise<() => Promise<unknown>> {
  const unit = `listen-${port}`;
  await output(container, "systemd-run", "--quiet", `--unit=${unit}`, "python3", "-m", "http.server", String(port));
  await output(
    container,
    "sh",
    "-c",
    `until curl --silent --output /dev/null http://127.0.0.1:${port}/; do sleep 0.1; done`,
  );
  return () => output(container, "systemctl", "stop", unit);
}

/** What a client finds at a port: nothing comes back from one that a firewall drops. */
async function answer(from: Station, address: string, port: number): Promise<"open" | "closed" | "filtered"> {
  const { status } = await from.exec([
    "curl",
    "--silent",
    "--output",
    "/dev/null",
    "--max-time",
    "2",
    `http://${address}:${port}/`,
  ]);
  return status === 28 ? "filtered" : status === 7 ? "closed" : "open";
}
