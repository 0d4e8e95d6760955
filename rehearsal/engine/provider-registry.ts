/** The providers of an operation: started when a resource first needs them, configured from their own resources. */
import { randomUUID } from "node:crypto";
import type { Capabilities, Checked, Diff, Provider, Values } from "../provider.ts";
import { decided } from "./diff.ts";
import { UNKNOWN_TEXT } from "./events.ts";
import type { ProviderSource } from "./operation.ts";
import type { Questions } from "./planner.ts";
import { olderProviderProblem, type Problem } from "./problems.ts";
import type { ResourceState } from "./state-store.ts";
import { isProviderType, packageOf, providerRef, typeOf, urnOfRef } from "./urn.ts";
import { hasUnknown, plainValues, secretsLike, withSecrets } from "./values.ts";

/** A configured provider; `known` is false while its own configuration has unknown parts (previews). */
export interface LoadedProvider {
  provider: Provider;
  known: boolean;
  capabilities: Capabilities;
  inputs: Values;
}

/** Configuration that belongs to the engine and never reaches the provider. */
const INTERNAL = "__internal";

export class ProviderRegistry implements Questions {
  readonly #source: ProviderSource;
  readonly #warn: (problem: Problem) => void;
  readonly #states = new Map<string, ResourceState>();
  readonly #loaded = new Map<string, Promise<LoadedProvider>>();
  readonly #candidates = new Map<string, Promise<Provider>>();
  readonly #started: Promise<Provider>[] = [];

  constructor(source: ProviderSource, base: readonly ResourceState[], warn: (problem: Problem) => void) {
    this.#source = source;
    this.#warn = warn;
    for (const resource of base)
      if (isProviderType(resource.type)) this.#states.set(providerRef(resource.urn, resource.id), resource);
  }

  /** The provider behind a reference; one that only the state knows is started and configured now. */
  async load(ref: string): Promise<LoadedProvider> {
    const loaded = this.#loaded.get(ref);
    if (loaded) return loaded;
    const state = this.#states.get(ref);
    if (!state)
      throw new Error(
        `the provider ${urnOfRef(ref)} is not in the state: run \`up\` with the program that declares it`,
      );
    const loading = this.#configure(this.#start(state.type, state.inputs), state);
    this.#loaded.set(ref, loading);
    return loading;
  }

  /** Makes a registered provider resource usable under its (new) id. */
  async adopt(state: ResourceState): Promise<void> {
    const ref = providerRef(state.urn, state.id);
    const candidate = this.#candidates.get(state.urn) ?? this.#start(state.type, state.inputs);
    const loading = this.#configure(candidate, state);
    this.#loaded.set(ref, loading);
    await loading;
  }

  newId(preview: boolean): string {
    return preview ? UNKNOWN_TEXT : randomUUID();
  }

  async check(resource: ResourceState, olds: Values, news: Values): Promise<Checked | undefined> {
    const { urn, type } = resource;
    if (isProviderType(type)) {
      const provider = await this.#candidate(urn, type, news);
      const checked = await provider.checkConfig({ urn, olds: configuration(olds), news: configuration(news) });
      // A default provider without a version has no inputs at all.
      const inputs = Object.keys(checked.inputs).length === 0 ? {} : { [INTERNAL]: {}, ...checked.inputs };
      return { ...checked, inputs };
    }
    const loaded = await this.load(resource.provider);
    if (!loaded.known) return undefined;
    const checked = await loaded.provider.check({ urn, olds: sent(loaded, olds), news: sent(loaded, news) });
    return { ...checked, inputs: received(loaded, checked.inputs, news) };
  }

  async diff(old: ResourceState, wanted: ResourceState, news: Values): Promise<Diff | undefined> {
    const { urn, type } = wanted;
    const ignoreChanges = [...wanted.ignoreChanges];
    if (isProviderType(type)) {
      const provider = await this.#candidate(urn, type, news);
      return configDiff(provider, urn, old, configuration(news), ignoreChanges);
    }
    const loaded = await this.load(wanted.provider);
    if (!loaded.known) return undefined;
    return loaded.provider.diff({
      urn,
      id: old.id,
      olds: sent(loaded, old.outputs),
      oldInputs: sent(loaded, old.inputs),
      news: sent(loaded, news),
      ignoreChanges,
    });
  }

  /** Between default providers nothing is asked; otherwise DiffConfig of the new one decides. */
  async providerReplaces(oldRef: string, newRef: string): Promise<boolean> {
    const old = this.#states.get(oldRef);
    if (!old || typeOf(urnOfRef(oldRef)) !== typeOf(urnOfRef(newRef))) return true;
    if ([oldRef, newRef].every((ref) => /::default(_[^:]*)?::/.test(ref))) return false;
    const { provider, inputs } = await this.load(newRef);
    const diff = await configDiff(provider, urnOfRef(newRef), old, configuration(inputs), []);
    return diff.replaces.length > 0;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#started.map(async (starting) => (await starting).close()));
  }

  #candidate(urn: string, type: string, inputs: Values): Promise<Provider> {
    const candidate = this.#candidates.get(urn) ?? this.#start(type, inputs);
    this.#candidates.set(urn, candidate);
    return candidate;
  }

  #start(type: string, inputs: Values): Promise<Provider> {
    const name = packageOf(type);
    const wanted = typeof inputs["version"] === "string" ? inputs["version"] : "";
    const starting = this.#source(name, wanted).then((provider) => {
      if (isOlder(provider.version, wanted)) this.#warn(olderProviderProblem(name, wanted, provider.version));
      return provider;
    });
    this.#started.push(starting);
    return starting;
  }

  async #configure(starting: Promise<Provider>, { urn, inputs }: ResourceState): Promise<LoadedProvider> {
    const provider = await starting;
    const known = !hasUnknown(inputs);
    const none: Capabilities = { acceptSecrets: false, acceptResources: false, supportsPreview: false };
    const capabilities = known ? await provider.configure({ urn, inputs: configuration(inputs) }) : none;
    return { provider, known, capabilities, inputs };
  }
}

/** What a provider resource shows as its outputs. */
export function configuration(inputs: Values): Values {
  const { [INTERNAL]: _internal, ...rest } = inputs;
  return rest;
}

/** Values as the provider may see them. */
export function sent({ capabilities }: LoadedProvider, values: Values): Values {
  return capabilities.acceptSecrets ? values : plainValues(values);
}

/** What the provider answered, with the secrets marked that it could not mark itself. */
export function received(
  { capabilities }: LoadedProvider,
  values: Values,
  inputs: Values,
  secret: readonly string[] = [],
): Values {
  return withSecrets(capabilities.acceptSecrets ? values : secretsLike(values, inputs), secret);
}

function isOlder(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  if (!have || !want || wanted === "" || version === "") return false;
  const at = want.findIndex((part, index) => part !== have[index]);
  return at >= 0 && (have[at] ?? 0) < (want[at] ?? 0);
}

async function configDiff(
  provider: Provider,
  urn: string,
  old: ResourceState,
  news: Values,
  ignoreChanges: string[],
): Promise<Diff> {
  const oldInputs = configuration(old.inputs);
  const diff = await provider.diffConfig({ urn, olds: old.outputs, oldInputs, news, ignoreChanges });
  const { changes, ...unsaid } = { changes: "unknown" as const, diffs: [], replaces: [], stables: [] };
  if (diff !== "unimplemented") return decided(diff, oldInputs, news, ignoreChanges);
  // Without DiffConfig a changed configuration is an update, and none of its properties is named.
  const compared = decided(
    { changes, ...unsaid, deleteBeforeReplace: false, detailed: undefined },
    oldInputs,
    news,
    ignoreChanges,
  );
  return { ...compared, diffs: [], detailed: undefined };
}
