/** Replays the recorded scenarios with the local engine, in the suite's own form. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewDigest } from "../../rehearsal/display/preview-digest.ts";
import { exportedDeployment } from "../../rehearsal/engine/deployment-json.ts";
import type { EventPayload } from "../../rehearsal/engine/events.ts";
import type { Command, OperationOptions, OperationResult, ProviderSource } from "../../rehearsal/engine/operation.ts";
import { runOperation } from "../../rehearsal/engine/run-operation.ts";
import { stateFile } from "../../rehearsal/engine/state-file.ts";
import type { StateStore } from "../../rehearsal/engine/state-store.ts";
import { startProvider } from "../../rehearsal/grpc/provider-client.ts";
import type { Provider } from "../../rehearsal/provider.ts";
import * as normalise from "./normalise.mjs";

export const SUITE = import.meta.dirname;

export interface Action {
  command: Command | "cancel";
  program?: string;
  args?: string[];
  drift?: Json;
  config?: Record<string, string | { secret: string }>;
  killOn?: string;
}
export interface Scenario {
  title: string;
  actions: Action[];
  unordered?: boolean;
}
type Json = { [key: string]: Json | string | number | boolean | null };

/** One entry of `expected.json`; what a local engine need not repeat word for word is reduced by `comparable`. */
export interface Outcome {
  exit: number | "killed";
  summary?: unknown;
  steps?: unknown[];
  digest?: unknown[];
  diagnostics?: unknown[];
  errors?: unknown[];
  calls: unknown[];
  state: unknown;
  /** Texts of errors that belong to no resource; not part of the recorded form. */
  refusals?: string[];
}

export function comparable({ refusals: _refusals, ...outcome }: Outcome): Outcome {
  return outcome;
}

export function scenario(name: string): Scenario {
  return JSON.parse(readFileSync(join(SUITE, "scenarios", name, "scenario.json"), "utf8")) as Scenario;
}

export function expected(name: string): Outcome[] {
  const recorded = JSON.parse(readFileSync(join(SUITE, "scenarios", name, "expected.json"), "utf8"));
  return (recorded as { actions: (Outcome & { command: string })[] }).actions.map(
    ({ command: _command, ...outcome }) => ({
      ...outcome,
      ...(outcome.diagnostics ? { diagnostics: outcome.diagnostics.map(severityAndUrn) } : {}),
      ...(outcome.errors ? { errors: outcome.errors.length } : {}),
    }),
  ) as Outcome[];
}

/** A place where scenarios run one after the other: its provider processes stay, its files are made anew for each. */
export class Lane {
  readonly directory = mkdtempSync(join(tmpdir(), "conformance-"));
  readonly #providers = new Map<string, Promise<Provider>>();

  get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      DEMO_CLOUD: join(this.directory, "cloud.json"),
      DEMO_LOG: join(this.directory, "calls.log"),
      NODE_COMPILE_CACHE: join(SUITE, "../../.cache/node-compile"),
    };
  }

  /** The outcomes of the first `count` actions. */
  async replay(name: string, count = Number.POSITIVE_INFINITY): Promise<Outcome[]> {
    const { actions, unordered = false } = scenario(name);
    for (const file of ["cloud.json", "calls.log"]) rmSync(join(this.directory, file), { force: true });
    const stack = mkdtempSync(join(this.directory, "state-"));
    const replay = new Replay(this, name, stack, unordered);
    const outcomes: Outcome[] = [];
    for (const action of actions.slice(0, count)) outcomes.push(await replay.act(action));
    return outcomes;
  }

  /** Providers that outlive the operation. */
  readonly source: ProviderSource = async (packageName) => {
    let starting = this.#providers.get(packageName);
    if (!starting) {
      starting = suiteProvider(packageName, this.environment);
      this.#providers.set(packageName, starting);
    }
    return { ...(await starting), close: async () => {} };
  };

  async close(): Promise<void> {
    for (const starting of this.#providers.values()) await (await starting).close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export function suiteProvider(packageName: string, environment: NodeJS.ProcessEnv): Promise<Provider> {
  const file = join(SUITE, "demo", packageName === "demo" ? "provider.ts" : `${packageName}.ts`);
  return startProvider(process.execPath, [file], environment);
}

class Replay {
  readonly #lane: Lane;
  readonly #name: string;
  readonly #store: StateStore;
  readonly #stack: string;
  readonly #unordered: boolean;
  readonly #config: Record<string, string> = {};
  readonly #secretKeys = new Set<string>();
  #program = "1.ts";
  #previous: normalise.State | undefined;

  constructor(lane: Lane, name: string, stack: string, unordered: boolean) {
    this.#lane = lane;
    this.#name = name;
    this.#stack = stack;
    this.#unordered = unordered;
    this.#store = stateFile(stack, "dev");
  }

  async act(action: Action): Promise<Outcome> {
    const { environment } = this.#lane;
    const [cloud, log] = [environment["DEMO_CLOUD"] ?? "", environment["DEMO_LOG"] ?? ""];
    this.#program = action.program ?? this.#program;
    if (action.drift) {
      const content = existsSync(cloud) ? JSON.parse(readFileSync(cloud, "utf8")) : { next: 1, items: {} };
      merge(content, action.drift);
      writeFileSync(cloud, `${JSON.stringify(content, null, 1)}\n`);
    }
    for (const [key, value] of Object.entries(action.config ?? {})) {
      this.#config[key] = typeof value === "string" ? value : value.secret;
      if (typeof value !== "string") this.#secretKeys.add(key);
    }
    rmSync(log, { force: true });
    const order = <Item>(list: Item[]) =>
      this.#unordered ? normalise.unordered(list) : normalise.deletionOrder(list, this.#previous);
    const outcome = await this.#run(action, order);
    outcome.calls = order(existsSync(log) ? normalise.calls(readFileSync(log, "utf8")) : []);
    outcome.state = await this.#stateAfter(this.#unordered);
    return outcome;
  }

  async #run(action: Action, order: <Item>(list: Item[]) => Item[]): Promise<Outcome> {
    if (action.command === "cancel") {
      await this.#store.cancel();
      return { exit: 0, calls: [], state: undefined };
    }
    const options = optionsOf(action.args ?? []);
    if (action.killOn) {
      await this.#runKilled(action.command, options, action.killOn);
      return { exit: "killed", calls: [], state: undefined };
    }
    const events: EventPayload[] = [];
    const { exit, errors } = await runOperation({
      command: action.command,
      program: this.program(),
      state: this.#store,
      providers: this.#lane.source,
      options,
      onEvent: (event) => events.push(event),
    });
    const preview = action.command === "preview" || options.previewOnly === true;
    const diagnostics = normalise.diagnostics(events).map(severityAndUrn);
    const digest = previewDigest(events).steps.map(({ op, urn }) => ({ op, urn: normalise.text(urn) }));
    return {
      exit,
      summary: normalise.summary(events),
      steps: order(normalise.steps(events, { preview })),
      ...(preview ? { digest: order(digest).map(({ op, urn }) => `${op} ${urn}`) } : {}),
      ...(diagnostics.length > 0
        ? { diagnostics: this.#unordered ? normalise.unordered(diagnostics) : diagnostics }
        : {}),
      ...(errors.length > 0 ? { errors: errors.length as never } : {}),
      calls: [],
      state: undefined,
      refusals: [...errors, ...messagesWithoutUrn(events)],
    };
  }

  /** In a process group of its own, which is killed as soon as the call shows in the provider's log. */
  async #runKilled(command: Command, options: OperationOptions, killOn: string): Promise<OperationResult | undefined> {
    const request = { command, options, program: this.program(), stateDirectory: this.#stack };
    const child = spawn(process.execPath, [join(SUITE, "engine-process.ts")], {
      env: { ...this.#lane.environment, ENGINE_REQUEST: JSON.stringify(request) },
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    });
    const ended = new Promise((done) => child.on("close", done));
    const [method = "", on = ""] = killOn.split(" ");
    await lineIn(this.#lane.environment["DEMO_LOG"] ?? "", `"method":"${method}","on":"${on}"`);
    if (child.pid) process.kill(-child.pid, "SIGKILL");
    await ended;
    return undefined;
  }

  program() {
    const { environment } = this.#lane;
    const directory = join(SUITE, "scenarios", this.#name);
    const secretKeys = [...this.#secretKeys];
    return {
      directory,
      entry: this.#program,
      project: "conf",
      stack: "dev",
      config: { ...this.#config },
      secretKeys,
      environment,
    };
  }

  async #stateAfter(unordered: boolean): Promise<unknown> {
    const state = normalise.state(exportedDeployment(await this.#store.read()));
    if (unordered) state.resources = normalise.unordered(state.resources);
    const same = JSON.stringify(state) === JSON.stringify(this.#previous);
    this.#previous = state;
    return same ? "unchanged" : state;
  }
}

function optionsOf(args: string[]): OperationOptions {
  const options: OperationOptions = { parallel: 1 };
  const rest = args.map((arg) => (arg.startsWith("@") ? normalise.PREFIX + arg.slice(1) : arg));
  for (let flag = rest.shift(); flag !== undefined; flag = rest.shift()) {
    const urns = () => [rest.shift() ?? ""];
    if (flag === "--preview-only") options.previewOnly = true;
    else if (flag === "--run-program") options.runProgram = true;
    else if (flag === "--expect-no-changes") options.expectNoChanges = true;
    else if (flag === "--refresh") options.refresh = true;
    else if (flag === "--replace") options.replace = urns();
    else if (flag === "--target") options.target = [...(options.target ?? []), ...urns()];
    else if (flag === "--target-dependents") options.targetDependents = true;
    else if (flag === "--exclude-protected") options.excludeProtected = true;
    else if (flag === "--clear-pending-creates") options.clearPendingCreates = true;
    else if (flag === "--continue-on-error") options.continueOnError = true;
    else if (flag === "--target-replace") {
      options.target = urns();
      options.replace = options.target;
    } else throw new Error(`the suite uses a flag that the replay does not know: ${flag}`);
  }
  return options;
}

function severityAndUrn(diagnostic: unknown): [string, string] {
  const [severity, urn] = diagnostic as [string, string];
  return [severity, urn];
}

function messagesWithoutUrn(events: EventPayload[]): string[] {
  const said = events.flatMap((event) => ("diagnosticEvent" in event ? [event.diagnosticEvent] : []));
  return said
    .filter(({ severity, urn }) => severity === "error" && urn === undefined)
    .map(({ message }) => message.trim());
}

async function lineIn(file: string, wanted: string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 20) {
    if (existsSync(file) && readFileSync(file, "utf8").includes(wanted)) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`${wanted} did not happen within 30 s`);
}

function merge(target: Json, patch: Json): void {
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete target[key];
    else if (typeof value === "object") {
      target[key] ??= {};
      merge(target[key] as Json, value);
    } else target[key] = value;
  }
}
