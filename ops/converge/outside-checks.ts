import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Check } from "../../model/service.ts";

/** What a check from outside found: `undefined` when all is well. */
export type Probe = (check: Check) => Promise<string | undefined>;

/** Seconds that a service gets to come up. */
const PATIENCE = 30;

/**
 * Tries what a service promises to the world, from here. A name that is not in DNS yet says nothing about the service.
 * @returns why it failed
 */
export async function probe(check: Check, patience = PATIENCE): Promise<string | undefined> {
  const end = performance.now() + patience * 1000;
  for (;;) {
    const problem = await (check.kind === "http" ? http(check.url) : tcp(check.name, check.port));
    if (problem === undefined || problem === UNRESOLVED) return undefined;
    if (performance.now() > end) return problem;
    await pause(2000);
  }
}

const UNRESOLVED = "not in DNS";

async function http(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: "follow" });
    await response.body?.cancel();
    return response.status < 400 ? undefined : `${url} answers ${response.status}`;
  } catch (cause) {
    return because(url, cause instanceof Error ? (cause.cause ?? cause) : cause);
  }
}

function tcp(name: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: name, port, timeout: 10_000 });
    const done = (problem: string | undefined) => {
      socket.destroy();
      resolve(problem);
    };
    socket.on("connect", () => done(undefined));
    socket.on("timeout", () => done(`${name}:${port} does not answer`));
    socket.on("error", (cause) => done(because(`${name}:${port}`, cause)));
  });
}

function because(what: string, cause: unknown): string {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  return code === "ENOTFOUND" || code === "EAI_AGAIN" ? UNRESOLVED : `${what}: ${message || code || "no answer"}`;
}
