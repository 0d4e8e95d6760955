import type { Cleanup } from "./cleanup.ts";
import { attempt, run } from "./command.ts";

/** A network namespace on the test's private network. */
export interface Station {
  /** As `ip netns` knows it. */
  readonly namespace: string;
  /** Runs a program of this machine from there: a client. */
  readonly exec: (
    command: readonly string[],
    options?: { readonly timeout?: number; readonly input?: string },
  ) => ReturnType<typeof attempt>;
  /** Pulls its plug: nothing leaves or reaches it, and nobody is told. */
  readonly unplug: () => Promise<unknown>;
  readonly plug: () => Promise<unknown>;
  readonly remove: () => Promise<void>;
}

export interface Network {
  /**
   * Adds a station with any addresses: all stations are on one wire and reach each other directly, as if routed.
   * Nothing leads out of it.
   */
  readonly station: (name: string, addresses: readonly string[]) => Promise<Station>;
}

/** One bridge in a namespace of its own; names start with `prefix`, so that runs do not meet. */
export async function network(prefix: string, cleanup: Cleanup): Promise<Network> {
  const wire = `${prefix}-wire`;
  await addNamespace(wire, cleanup);
  await run(["ip", "-n", wire, "link", "add", "wire", "type", "bridge"]);
  await run(["ip", "-n", wire, "link", "set", "wire", "up"]);
  let ports = 0;
  return {
    station: async (name, addresses) => {
      const namespace = `${prefix}-${name}`;
      const remove = await addNamespace(namespace, cleanup);
      const port = `port${ports++}`;
      const ip = (...command: string[]) => run(["ip", "-n", namespace, ...command]);
      await run(["ip", "-n", wire, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", namespace]);
      await run(["ip", "-n", wire, "link", "set", port, "master", "wire", "up"]);
      await ip("link", "set", "eth0", "up");
      for (const address of addresses)
        await ip("address", "add", address, "dev", "eth0", ...(address.includes(":") ? ["nodad"] : []));
      await ip("route", "add", "default", "dev", "eth0");
      await ip("-6", "route", "add", "default", "dev", "eth0");
      return {
        namespace,
        exec: (command, options) => attempt(["ip", "netns", "exec", namespace, ...command], options),
        unplug: () => run(["ip", "-n", wire, "link", "set", port, "down"]),
        plug: () => run(["ip", "-n", wire, "link", "set", port, "up"]),
        remove,
      };
    },
  };
}

async function addNamespace(name: string, cleanup: Cleanup): Promise<() => Promise<void>> {
  await run(["ip", "netns", "add", name]);
  const remove = cleanup.add(async () => {
    // Clients that still run there; the namespace would live on with them.
    const pids = (await run(["ip", "netns", "pids", name])).trim().split("\n").filter(Boolean);
    for (const pid of pids) process.kill(Number(pid), "SIGKILL");
    await run(["ip", "netns", "delete", name]);
  });
  await run(["ip", "-n", name, "link", "set", "lo", "up"]);
  return remove;
}
