/** A cloud in memory behind a provider `sim`, for tests of the engine: names are unique, `zone` replaces. */
import type { Diff, Provider, Values } from "../../../rehearsal/provider.ts";
import { Unknown } from "../../../rehearsal/provider.ts";

export interface MemoryCloud {
  items: Map<string, Values>;
  calls: string[];
  provider: Provider;
}

export function memoryCloud(): MemoryCloud {
  const items = new Map<string, Values>();
  const calls: string[] = [];
  const outputsOf = (inputs: Values): Values => ({ ...inputs, address: `${String(inputs["name"])}.sim.test` });
  const named = (name: unknown) => [...items].find(([, item]) => item["name"] === name);
  let next = 1;
  const note = (method: string, urn: string) => calls.push(`${method} ${urn.split("::").at(-1)}`);
  const diff = (olds: Values, news: Values): Diff => {
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
    const diffs = keys.filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key])).sort();
    const replaces = diffs.filter((key) => key === "zone");
    return {
      changes: diffs.length > 0 ? "some" : "none",
      diffs,
      replaces,
      stables: [],
      deleteBeforeReplace: replaces.length > 0,
      detailed: Object.fromEntries(
        diffs.map((key) => [key, { kind: key === "zone" ? "update-replace" : "update", inputDiff: true } as const]),
      ),
    };
  };
  return {
    items,
    calls,
    provider: {
      version: "1.0.0",
      checkConfig: async ({ news }) => ({ inputs: news, failures: [] }),
      diffConfig: async ({ oldInputs, news }) => diff(oldInputs, news),
      configure: async () => ({ acceptSecrets: true, acceptResources: true, supportsPreview: true }),
      check: async ({ news }) => ({ inputs: news, failures: [] }),
      diff: async ({ oldInputs, news }) => diff(oldInputs, news),
      create: async ({ urn, inputs, preview }) => {
        if (preview) return { id: "", outputs: { ...inputs, address: Unknown.value } };
        note("create", urn);
        if (named(inputs["name"])) throw new Error(`there is a "${String(inputs["name"])}" already`);
        const id = `thing-${next++}`;
        items.set(id, inputs);
        return { id, outputs: outputsOf(inputs) };
      },
      read: async ({ id }) => {
        const inputs = items.get(id);
        return inputs && { id, inputs, outputs: outputsOf(inputs) };
      },
      update: async ({ urn, id, news, preview }) => {
        if (preview) return { outputs: outputsOf(news) };
        note("update", urn);
        if (!items.has(id)) throw new Error(`${id} does not exist`);
        items.set(id, news);
        return { outputs: outputsOf(news) };
      },
      delete: async ({ urn, id }) => {
        note("delete", urn);
        items.delete(id);
      },
      invoke: async () => ({ result: {}, failures: [] }),
      close: async () => {},
    },
  };
}
