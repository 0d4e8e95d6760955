/** A program on a simulated cloud, driven through operations of the engine that may be killed at any call. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hcloudProvider } from "../../../rehearsal/clouds/hcloud/hcloud-provider.ts";
import type { Diagnostic, EventPayload, Summary } from "../../../rehearsal/engine/events.ts";
import { type Fault, faultyProviders, faultyStore } from "../../../rehearsal/engine/faults.ts";
import type { Command, OperationOptions, ProviderSource } from "../../../rehearsal/engine/operation.ts";
import { runOperation } from "../../../rehearsal/engine/run-operation.ts";
import { stateFile } from "../../../rehearsal/engine/state-file.ts";
import type { Deployment, ResourceState, StateStore } from "../../../rehearsal/engine/state-store.ts";
import type { Provider, Values } from "../../../rehearsal/provider.ts";
import { type Registration, scriptedProgram } from "./scripted-program.ts";

export interface Outcome {
  /** `killed`: the engine is no more; its lock and what it wrote are left. */
  exit: number | "killed";
  errors: string[];
  warnings: string[];
  changes: Summary["resourceChanges"];
}

const PROGRAM = { directory: ".", entry: "none", project: "test", stack: "dev", config: {}, secretKeys: [] };
export const STACK_URN = "urn:pulumi:dev::test::pulumi:pulumi:Stack::test-dev";

export class RehearsedEstate {
  readonly #directory = mkdtempSync(join(tmpdir(), "estate-"));
  readonly #cloud: Provider = hcloudProvider({ file: join(this.#directory, "hcloud.json") });

  async operate(
    command: Command,
    registrations: readonly Registration[],
    options: OperationOptions = {},
    faults: readonly Fault[] = [],
    onEvent: (event: EventPayload) => void = () => {},
  ): Promise<Outcome> {
    const events: EventPayload[] = [];
    const life = new Life();
    const running = runOperation({
      command,
      program: PROGRAM,
      startProgram: scriptedProgram(registrations),
      state: life.store(faultyStore(life.writing(stateFile(this.#directory, "dev")), faults, life.end)),
      providers: life.providers(faultyProviders(async () => this.#cloud, faults, life.end)),
      options: { ...options, faults: [] },
      onEvent(event) {
        events.push(event);
        onEvent(event);
      },
    });
    const ended = await Promise.race([running, life.ended]);
    const diagnostics = events.flatMap((event) => ("diagnosticEvent" in event ? [event.diagnosticEvent] : []));
    const of = (severity: Diagnostic["severity"]) =>
      diagnostics.filter((one) => one.severity === severity).map(({ message }) => message.trim());
    return {
      exit: ended === "killed" ? ended : ended.exit,
      errors: [...(ended === "killed" ? [] : ended.errors), ...of("error")],
      warnings: of("warning"),
      changes:
        events.flatMap((event) => ("summaryEvent" in event ? [event.summaryEvent.resourceChanges] : []))[0] ?? {},
    };
  }

  /** Reads the state as another process would. */
  state(): Promise<Deployment> {
    return stateFile(this.#directory, "dev").read();
  }

  async cancel(): Promise<void> {
    await stateFile(this.#directory, "dev").cancel();
  }

  /** As `pulumi state unprotect --all` does. */
  async unprotect(): Promise<void> {
    const store = stateFile(this.#directory, "dev");
    const state = await store.read();
    await store.write({ ...state, resources: state.resources.map((one) => ({ ...one, protect: false })) });
  }

  /** What exists in the cloud, by type and id. */
  async objects(): Promise<Map<string, Values>> {
    await this.#cloud.close();
    const file = join(this.#directory, "hcloud.json");
    const content = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { objects: {} };
    const found = new Map<string, Values>();
    for (const [type, byId] of Object.entries(content.objects as Record<string, Record<string, Values>>))
      for (const [id, object] of Object.entries(byId)) found.set(`${type} ${id}`, object);
    return found;
  }

  /** Deletes in the cloud as a person would; resolves with false when the cloud refuses. */
  async deleteByHand({ urn, id, inputs, outputs }: ResourceState): Promise<boolean> {
    try {
      await this.#cloud.delete({ urn, id, outputs, oldInputs: inputs });
      return true;
    } catch {
      return false;
    }
  }

  async relabelByHand({ urn, id, inputs, outputs }: ResourceState): Promise<void> {
    const news = { ...inputs, labels: { ...(inputs["labels"] as Values), byHand: "yes" } };
    await this.#cloud.update({ urn, id, olds: outputs, oldInputs: inputs, news, ignoreChanges: [], preview: false });
  }

  async remove(): Promise<void> {
    await this.#cloud.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** The life of one engine: once it has ended, nothing that it does has any effect and no call returns. */
class Life {
  #over = false;
  readonly #writes = new Set<Promise<void>>();
  #end: () => void = () => {};
  readonly ended = new Promise<"killed">((resolve) => {
    this.#end = () => resolve("killed");
  });

  /** A write that is under way is either done or not: here it is done. */
  readonly end = (): Promise<never> => {
    this.#over = true;
    Promise.allSettled(this.#writes).then(this.#end);
    return new Promise(() => {});
  };

  writing(store: StateStore): StateStore {
    return {
      ...store,
      write: (deployment) => {
        const write = store.write(deployment);
        this.#writes.add(write);
        return write;
      },
    };
  }

  store(store: StateStore): StateStore {
    return {
      read: () => this.#alive(() => store.read()),
      write: (deployment) => this.#alive(() => store.write(deployment)),
      lock: async (command) => {
        const release = await store.lock(command);
        return () => this.#alive(release);
      },
      cancel: () => store.cancel(),
    };
  }

  providers(source: ProviderSource): ProviderSource {
    return async (name, version) => {
      const provider = await source(name, version);
      return {
        version: provider.version,
        checkConfig: (request) => this.#alive(() => provider.checkConfig(request)),
        diffConfig: (request) => this.#alive(() => provider.diffConfig(request)),
        configure: (request) => this.#alive(() => provider.configure(request)),
        check: (request) => this.#alive(() => provider.check(request)),
        diff: (request) => this.#alive(() => provider.diff(request)),
        create: (request) => this.#alive(() => provider.create(request)),
        read: (request) => this.#alive(() => provider.read(request)),
        update: (request) => this.#alive(() => provider.update(request)),
        delete: (request) => this.#alive(() => provider.delete(request)),
        invoke: (request) => this.#alive(() => provider.invoke(request)),
        close: async () => {},
      };
    };
  }

  async #alive<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#over) return new Promise(() => {});
    try {
      const result = await call();
      return this.#over ? await new Promise<never>(() => {}) : result;
    } catch (error) {
      if (this.#over) return new Promise(() => {});
      throw error;
    }
  }
}
