import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { names } from "./estate.ts";
import type { Subject } from "./suite.ts";

/** Who asks, and what it trusts. */
export type Client = Pick<Subject, "edge" | "root">;

/** What a client gets through the edge: status, and text or JSON. */
export async function ask(
  client: Client,
  url: string,
  ...options: string[]
): Promise<{ readonly status: number; readonly body: string }> {
  const { stdout, stderr } = await client.edge.exec(
    [...curl(client, url), "--write-out", "\n%{http_code}", ...options],
    { timeout: 90 },
  );
  const end = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) || stderr };
}

/** The sum of what a client downloads. */
export async function sumOf(client: Client, url: string): Promise<string> {
  const script = '"$@" | sha256sum';
  const { stdout } = await client.edge.exec(["sh", "-c", script, "sh", ...curl(client, url), "--fail"]);
  return stdout.slice(0, 64);
}

function curl({ root }: Client, url: string): string[] {
  const { hostname } = new URL(url);
  const resolve = ["80", "443"].flatMap((port) => ["--resolve", `${hostname}:${port}:${names[hostname]}`]);
  const trust = ["--cacert", root];
  // A master on a busy machine now and then leaves a request without an answer (Buildbot 4.2.1).
  return ["curl", "--silent", "--show-error", "--max-time", "15", "--retry", "3", ...resolve, ...trust, url];
}

/** A build as the master tells of it. */
export interface Build {
  readonly buildid: number;
  readonly builderid: number;
  readonly complete: boolean;
  /** 0 success, 1 warnings, 2 failure. */
  readonly results: number | null;
  readonly workerid: number;
  readonly state_string: string;
}

export async function rest<T>(subject: Client, phase: "images" | "packages", path: string): Promise<T> {
  const { status, body } = await ask(subject, `https://builds.example.org/master/${phase}/api/v2/${path}`);
  assert.equal(status, 200, body);
  return JSON.parse(body);
}

export async function builderId(subject: Client, phase: "images" | "packages", name: string): Promise<number> {
  const { builders } = await rest<{ builders: { name: string; builderid: number }[] }>(subject, phase, "builders");
  const found = builders.find((builder) => builder.name === name);
  assert.ok(found, `There is no builder ${name}: ${builders.map((builder) => builder.name).join(", ")}`);
  return found.builderid;
}

/** The builds of a builder, oldest first, once so many are complete. */
export async function builds(
  subject: Client,
  phase: "images" | "packages",
  builder: string,
  count: number,
): Promise<readonly Build[]> {
  const id = await builderId(subject, phase, builder);
  return eventually(`${count} builds of ${builder}`, async () => {
    const path = `builders/${id}/builds?order=buildid&complete=true`;
    const { builds: done } = await rest<{ builds: Build[] }>(subject, phase, path);
    return done.length >= count ? done : `there are ${done.length}`;
  });
}

/** The steps of a build with the end of their logs, for messages and for looking at. */
export async function steps(
  subject: Client,
  phase: "images" | "packages",
  build: Build,
): Promise<{ readonly name: string; readonly results: number; readonly log: string }[]> {
  type Step = { stepid: number; name: string; results: number };
  const { steps: all } = await rest<{ steps: Step[] }>(subject, phase, `builds/${build.buildid}/steps`);
  return Promise.all(
    all.map(async ({ stepid, name, results }) => {
      const { logs } = await rest<{ logs: { logid: number }[] }>(subject, phase, `steps/${stepid}/logs`);
      const texts = await Promise.all(
        logs.map(async ({ logid }) => {
          const path = `logs/${logid}/contents`;
          const { logchunks } = await rest<{ logchunks: { content: string }[] }>(subject, phase, path);
          return logchunks.map(({ content }) => content).join("");
        }),
      );
      return { name, results, log: texts.join("") };
    }),
  );
}

/** Asserts that a build went well; otherwise its log is the message. */
export async function succeeded(
  subject: Client,
  phase: "images" | "packages",
  build: Build | undefined,
  results = 0,
): Promise<void> {
  assert.ok(build);
  if (build.results === results) return;
  const failed = (await steps(subject, phase, build)).filter((step) => step.results !== 0);
  assert.fail(`${build.state_string}\n${failed.map(({ name, log }) => `${name}: ${log.slice(-1500)}`).join("\n")}`);
}

/** Asks again until there is an answer other than a text, which says what is missing. */
export async function eventually<T>(what: string, look: () => Promise<T | string>, limit = 120): Promise<T> {
  const until = performance.now() + limit * 1000;
  for (;;) {
    const found = await look();
    if (typeof found !== "string") return found;
    if (performance.now() > until) assert.fail(`${what}: not within ${limit} seconds; ${found}`);
    await pause(400);
  }
}
