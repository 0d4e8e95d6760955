import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Fault } from "../../../rehearsal/engine/faults.ts";
import { stateFile } from "../../../rehearsal/engine/state-file.ts";
import { SUITE } from "../../conformance/replay.ts";

/** The engine in its own process, with the suite's cloud on disk, so that it can really be killed. */
it.each<[string, Fault]>([
  ["before its first write", { method: "write", name: "*", kind: "kill", nth: 1 }],
  ["after it wrote that a create begins", { method: "write", name: "*", kind: "kill-after", nth: 2 }],
  ["before it wrote what a create made", { method: "write", name: "*", kind: "kill", nth: 3 }],
  ["before a create", { method: "create", name: "b", kind: "kill" }],
  ["after a create took effect", { method: "create", name: "b", kind: "kill-after" }],
])("killed %s, it leaves a readable state, and the next up makes the rest", async (_when, fault) => {
  const directory = mkdtempSync(join(tmpdir(), "killed-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const store = stateFile(directory, "dev");
  const environment = {
    ...process.env,
    DEMO_CLOUD: join(directory, "cloud.json"),
    DEMO_LOG: join(directory, "calls.log"),
  };
  expect(await engine(directory, { ...environment, REHEARSAL_FAULTS: JSON.stringify([fault]) })).toBe("SIGKILL");
  const interrupted = (await store.read()).pending.length;

  expect(await engine(directory, environment), "locked by the one that was killed").toBe(1);
  await store.cancel();
  expect(await engine(directory, environment)).toBe(0);
  const { resources } = await store.read();
  const managed = resources.filter(({ type }) => type === "demo:index:Thing").map(({ id }) => id);
  const existing = existsSync(environment.DEMO_CLOUD)
    ? Object.keys(JSON.parse(readFileSync(environment.DEMO_CLOUD, "utf8")).items)
    : [];
  expect(managed).toHaveLength(3);
  expect(existing).toEqual(expect.arrayContaining(managed));
  expect(existing.length - managed.length, "what may exist twice was named as pending").toBeLessThanOrEqual(
    interrupted,
  );
});

function engine(stateDirectory: string, environment: NodeJS.ProcessEnv): Promise<number | string | null> {
  const directory = join(SUITE, "scenarios/02-update-in-place");
  const program = { directory, entry: "1.ts", project: "conf", stack: "dev", config: {}, secretKeys: [] };
  const request = { command: "up", options: { parallel: 1 }, program, stateDirectory };
  const child = spawn(process.execPath, [join(SUITE, "engine-process.ts")], {
    env: { ...environment, ENGINE_REQUEST: JSON.stringify(request) },
    stdio: "ignore",
    detached: true,
  });
  return new Promise((done) =>
    child.on("exit", (code, signal) => {
      endGroup(child.pid);
      done(signal ?? code);
    }),
  );
}

/** The providers and the program that a killed engine leaves behind are of its process group. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // none is left
  }
}
