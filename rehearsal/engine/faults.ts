/** Failures on demand, so that tests can show what they leave behind. Never active unless asked for. */
import { InitError, type Provider } from "../provider.ts";
import type { ProviderSource } from "./operation.ts";
import { StateError, type StateStore } from "./state-store.ts";
import { nameOf } from "./urn.ts";

/** Names the calls that it hits (`create api-01`, `delete *`, `write *` for the state) and what happens to them. */
export interface Fault {
  method: "check" | "diff" | "create" | "read" | "update" | "delete" | "write";
  /** Name of the resource, or `*`. */
  name: string;
  /**
   * - `once`, `always`: the call fails before anything happens;
   * - `after`: it fails once, after it took effect (a create is then reported with its id, as clouds do);
   * - `slow`: it takes `milliseconds` longer;
   * - `kill`, `kill-after`: the engine is killed before the call, or when it has taken effect.
   */
  kind: "once" | "always" | "after" | "slow" | "kill" | "kill-after";
  milliseconds?: number;
  /** Only the n-th such call is hit, counted from 1. */
  nth?: number;
}

/** `REHEARSAL_FAULTS`: JSON, a list of faults. Throws when it is not. */
export function faultsFrom(environment: NodeJS.ProcessEnv): Fault[] {
  const text = environment["REHEARSAL_FAULTS"] ?? "";
  if (text === "") return [];
  const faults: unknown = JSON.parse(text);
  if (!Array.isArray(faults)) throw new Error(`REHEARSAL_FAULTS must be a JSON list of faults, found ${text}`);
  return faults as Fault[];
}

/**
 * Providers whose calls fail as the faults say; faults that happen once are spent for all of them. `kill` ends the
 * engine, by default its process.
 */
export function faultyProviders(source: ProviderSource, faults: readonly Fault[], kill = killed): ProviderSource {
  const inject = injector(faults, kill);
  return async (name, version) => {
    const provider = await source(name, version);
    const wrap =
      <Request extends { urn: string }, Result>(method: Fault["method"], call: (request: Request) => Promise<Result>) =>
      (request: Request) =>
        inject(method, nameOf(request.urn), () => call(request));
    return {
      version: provider.version,
      checkConfig: (request) => provider.checkConfig(request),
      diffConfig: (request) => provider.diffConfig(request),
      configure: (request) => provider.configure(request),
      invoke: (request) => provider.invoke(request),
      close: () => provider.close(),
      check: wrap("check", (request: Parameters<Provider["check"]>[0]) => provider.check(request)),
      diff: wrap("diff", (request: Parameters<Provider["diff"]>[0]) => provider.diff(request)),
      read: wrap("read", (request: Parameters<Provider["read"]>[0]) => provider.read(request)),
      delete: wrap("delete", (request: Parameters<Provider["delete"]>[0]) => provider.delete(request)),
      create: (request) =>
        request.preview
          ? provider.create(request)
          : wrap("create", (plain: typeof request) => provider.create(plain))(request),
      update: (request) =>
        request.preview
          ? provider.update(request)
          : wrap("update", (plain: typeof request) => provider.update(plain))(request),
    };
  };
}

/** A store whose writes are hit by the faults of method `write`. */
export function faultyStore(store: StateStore, faults: readonly Fault[], kill = killed): StateStore {
  const inject = injector(faults, kill);
  return {
    read: () => store.read(),
    lock: (command) => store.lock(command),
    cancel: () => store.cancel(),
    async write(deployment) {
      try {
        await inject("write", "*", () => store.write(deployment));
      } catch (error) {
        throw error instanceof StateError ? error : new StateError((error as Error).message);
      }
    },
  };
}

function injector(faults: readonly Fault[], kill: () => Promise<never>) {
  const seen = new Map<Fault, number>();
  const hits = (fault: Fault, method: Fault["method"], name: string): boolean => {
    if (fault.method !== method || (fault.name !== "*" && fault.name !== name)) return false;
    const count = (seen.get(fault) ?? 0) + 1;
    seen.set(fault, count);
    if (fault.nth !== undefined) return count === fault.nth;
    return fault.kind === "always" || fault.kind === "slow" || count === 1;
  };
  return async <Result>(method: Fault["method"], name: string, call: () => Promise<Result>): Promise<Result> => {
    const fault = faults.find((candidate) => hits(candidate, method, name));
    if (!fault) return call();
    switch (fault.kind) {
      case "once":
      case "always":
        throw new Error(`injected fault: ${method} ${name} fails ${fault.kind}`);
      case "slow":
        await new Promise((done) => setTimeout(done, fault.milliseconds ?? 0));
        return call();
      case "kill":
        return kill();
      case "kill-after":
        await call();
        return kill();
      case "after": {
        const result = await call();
        const message = `injected fault: ${method} ${name} fails after it took effect`;
        if (isCreated(result)) throw new InitError(message, result.id, result.outputs, [message]);
        throw new Error(message);
      }
      default:
        return fault.kind satisfies never;
    }
  };
}

function isCreated(result: unknown): result is Awaited<ReturnType<Provider["create"]>> {
  return typeof result === "object" && result !== null && "id" in result && "outputs" in result;
}

function killed(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}
