import type { Capabilities, Checked, CheckFailure, Diff, Provider, ReadResult, Values } from "../provider.ts";
import { checkInputs, type ResourceType } from "./check-inputs.ts";
import { CloudFile } from "./cloud-file.ts";
import { updating } from "./failed-update.ts";
import { outputsOfCreate, outputsOfUpdate } from "./planned-outputs.ts";
import { diffProperties, ignoring } from "./property-diff.ts";
import { keepSecrets, revealAll, same, text } from "./property-values.ts";
import { importedId, importedInputs, refreshedInputs } from "./read-inputs.ts";
import { deleteWithDependents, inEffect, refuseWrong, removeFallen } from "./referential-rules.ts";
import { Refusal } from "./refusal.ts";
import type { Operation, ResourceTable } from "./resource-table.ts";
import type { CloudSchema, ResourceSchema } from "./schema/cloud-schema.ts";
import { objectOf, stored } from "./stored-object.ts";

/** What makes one cloud. */
export interface CloudDescription {
  /** Package and cloud: `hcloud` */
  readonly name: string;
  readonly schema: CloudSchema;
  readonly tables: Readonly<Record<string, ResourceTable>>;
  /** The id of a new object, where its table says nothing else. */
  readonly newId: (cloud: CloudFile, type: string) => string;
  /** Functions by token; what they throw or return as failure reaches the program. */
  readonly functions: Readonly<Record<string, (cloud: CloudFile, args: Values) => Values>>;
  /** What the provider's own configuration must satisfy. */
  readonly checkConfig?: (config: Values, fail: (property: string, reason: string) => void) => void;
}

/** A provider whose cloud is a JSON file. All that it knows of a resource type is in the type's table. */
export class SimulatedProvider implements Provider {
  readonly version: string;
  readonly #description: CloudDescription;
  readonly #cloud: CloudFile;
  readonly #types = new Map<string, ResourceType>();

  constructor(description: CloudDescription, file: string) {
    this.version = description.schema.version;
    this.#description = description;
    this.#cloud = new CloudFile(description.name, file);
    for (const [name, table] of Object.entries(description.tables)) {
      const schema = description.schema.resources[name];
      if (schema === undefined) throw new Error(`${description.name}: the schema has no resource type ${name}.`);
      this.#types.set(schema.token, { name, table, schema: complete(schema), types: description.schema.types });
    }
  }

  async checkConfig({ news }: { news: Values }): Promise<Checked> {
    const failures: CheckFailure[] = [];
    const known = [...this.#description.schema.config, "version", "pluginDownloadURL"];
    for (const key of Object.keys(news))
      if (!known.includes(key) && !key.startsWith("__"))
        failures.push({
          property: key,
          reason: `Provider ${this.#description.name} has no setting '${key}'. It has ${known.join(", ")}.`,
        });
    this.#description.checkConfig?.(revealAll(news), (property, reason) => failures.push({ property, reason }));
    return { inputs: news, failures };
  }

  async diffConfig({ oldInputs, news }: { oldInputs: Values; news: Values }): Promise<Diff> {
    const [before, after] = [revealAll(oldInputs), revealAll(news)];
    const diffs = [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((key) => !same(before[key], after[key]))
      .sort();
    return {
      changes: diffs.length > 0 ? "some" : "none",
      diffs,
      replaces: [],
      stables: [],
      deleteBeforeReplace: false,
      detailed: undefined,
    };
  }

  async configure(): Promise<Capabilities> {
    return { acceptSecrets: true, acceptResources: false, supportsPreview: true };
  }

  async check(request: { urn: string; olds: Values; news: Values }): Promise<Checked> {
    const type = this.#type(request.urn);
    return this.#cloud.transaction(() => checkInputs(type, request, this.#cloud));
  }

  async diff(request: { urn: string; id: string; olds: Values; news: Values; ignoreChanges: string[] }): Promise<Diff> {
    const type = this.#type(request.urn);
    const diff = diffProperties(type, request);
    const olds = revealAll(request.olds);
    const refused =
      diff.changes === "some" && diff.replaces.length === 0
        ? type.table.planRefusal?.(olds, ignoring(olds, revealAll(request.news), request.ignoreChanges))
        : undefined;
    if (refused !== undefined) throw new Error(`${describe(type, request.urn, olds)}: ${refused}`);
    return diff;
  }

  async create({
    urn,
    inputs,
    preview,
  }: {
    urn: string;
    inputs: Values;
    preview: boolean;
  }): Promise<{ id: string; outputs: Values }> {
    const type = this.#type(urn);
    const plain = revealAll(inputs);
    if (preview) return { id: "", outputs: keepSecrets(outputsOfCreate(type, plain), inputs) };
    const create = () => {
      const object = objectOf(type, plain, undefined);
      const operation = this.#operation(type, urn, "", object);
      refuseWrong(type, operation);
      const complete = { ...object, ...type.table.created?.(operation) };
      const id = type.table.id?.({ ...operation, object: complete }) ?? this.#description.newId(this.#cloud, type.name);
      this.#cloud.put(type.name, id, stored(type, complete));
      return { id, outputs: keepSecrets(this.#outputs(type, id, complete), inputs) };
    };
    try {
      return this.#cloud.transaction(create);
    } catch (error) {
      // What is in the way may have belonged to an object that was deleted by hand.
      const types = [...this.#types.values()];
      if (!(error instanceof Refusal) || !this.#cloud.transaction(() => removeFallen(types, this.#cloud))) throw error;
      return this.#cloud.transaction(create);
    }
  }

  async read({
    urn,
    id,
    inputs,
    outputs,
  }: {
    urn: string;
    id: string;
    inputs: Values;
    outputs: Values;
  }): Promise<ReadResult | undefined> {
    const type = this.#type(urn);
    const refresh = Object.keys(outputs).length > 0;
    return this.#cloud.transaction(() => {
      const found = refresh ? id : importedId(type, id);
      const object = this.#cloud.get(type.name, found);
      const error = type.table.readError?.(object ?? revealAll(outputs), this.#cloud);
      if (error !== undefined) throw new Error(`${describe(type, urn, object ?? {})}: ${error}`);
      if (object === undefined || !inEffect(type, object, found, this.#cloud)) return undefined;
      const current = this.#outputs(type, found, object);
      // What was taken out of the file by hand.
      for (const [name, value] of Object.entries(type.table.readsAs ?? {})) current[name] ??= value ?? null;
      const olds = revealAll(outputs);
      for (const name of type.table.blind ?? [])
        if (refresh && olds[name] !== undefined) current[name] = olds[name];
        else if (type.table.kind === "sdk") current[name] = null;
        else delete current[name];
      for (const name of type.table.neverStored ?? []) if (olds[name] !== undefined) current[name] = olds[name];
      return {
        id: found,
        outputs: keepSecrets(current, outputs),
        inputs: refresh ? keepSecrets(refreshedInputs(type, inputs, current), inputs) : importedInputs(type, current),
      };
    });
  }

  async update(request: {
    urn: string;
    id: string;
    olds: Values;
    news: Values;
    ignoreChanges: string[];
    preview: boolean;
  }): Promise<{ outputs: Values }> {
    const { urn, id, preview } = request;
    const type = this.#type(urn);
    const olds = revealAll(request.olds);
    const news = ignoring(olds, revealAll(request.news), request.ignoreChanges);
    const secretsOf = { ...request.olds, ...request.news };
    if (preview) return { outputs: keepSecrets(outputsOfUpdate(type, id, olds, news), secretsOf) };
    return updating(type, request, () =>
      this.#cloud.transaction(() => {
        const before = this.#cloud.get(type.name, id);
        const object = { ...before, ...objectOf(type, news, { ...before, ...olds }) };
        const operation = this.#operation(type, urn, id, object);
        if (before === undefined || !inEffect(type, before, id, this.#cloud))
          return refuseGone(operation, "then it will be created anew");
        refuseWrong(type, operation);
        const complete = { ...object, ...type.table.updated?.({ ...operation, before }) };
        this.#cloud.put(type.name, id, stored(type, complete));
        return { outputs: keepSecrets(this.#outputs(type, id, complete), secretsOf) };
      }),
    );
  }

  async delete({ urn, id }: { urn: string; id: string }): Promise<void> {
    const type = this.#type(urn);
    this.#cloud.transaction(() => {
      const object = this.#cloud.get(type.name, id);
      if (type.table.deleteKeeps) return;
      const operation = this.#operation(type, urn, id, object ?? {});
      if (type.table.missesWhenGone && (object === undefined || !inEffect(type, object, id, this.#cloud)))
        refuseGone(operation, "which takes it out of the state");
      if (object === undefined) return;
      if (object["deleteProtection"] === true && !type.table.liftsProtection)
        operation.refuse(
          "protected",
          `${type.name} ${id} is delete protected`,
          "Set deleteProtection to false (a server's rebuildProtection too), run `up`, then delete it.",
        );
      type.table.deleted?.(operation);
      deleteWithDependents([...this.#types.values()], type.name, id, operation);
    });
  }

  async invoke({
    token,
    args,
  }: {
    token: string;
    args: Values;
  }): Promise<{ result: Values; failures: CheckFailure[] }> {
    const run = this.#description.functions[token];
    if (run === undefined)
      throw new Error(
        `The simulated cloud ${this.#description.name} has no function ${token}; it has ${Object.keys(this.#description.functions).join(", ") || "none"}.\n` +
          "Run the program with the Pulumi CLI and the real provider, or add the function (rehearsal/clouds/README.md).",
      );
    return this.#cloud.transaction(() => ({ result: run(this.#cloud, revealAll(args)), failures: [] }));
  }

  async close(): Promise<void> {
    this.#cloud.close();
  }

  #type(urn: string): ResourceType {
    const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const type = this.#types.get(token);
    if (type === undefined)
      throw new Error(
        `The simulated cloud ${this.#description.name} has no resource type ${token}: ${urn} cannot be rehearsed.\n` +
          "Add a table for it (rehearsal/clouds/README.md), or preview with the real provider.",
      );
    return type;
  }

  #operation(type: ResourceType, urn: string, id: string, object: Values): Operation {
    const refuse = (code: string, rule: string, remedy: string): never => {
      throw new Refusal(describe(type, urn, object), code, rule, remedy);
    };
    return { cloud: this.#cloud, type: type.name, id, object, refuse };
  }

  #outputs(type: ResourceType, id: string, object: Values): Values {
    const current = structuredClone({ ...object, ...type.table.derived?.(object, id, this.#cloud) });
    const outputs: Values = { id };
    for (const name of type.schema.outputs) {
      const value = current[name] ?? null;
      if (value !== null || type.table.kind === "sdk") outputs[name] = value;
    }
    return outputs;
  }
}

/** Inputs are outputs, also those that the typings forget among the state's properties. */
const complete = (schema: ResourceSchema): ResourceSchema => ({
  ...schema,
  outputs: [...new Set([...schema.outputs, ...Object.keys(schema.inputs).map((name) => name.replace("?", ""))])].sort(),
});

const describe = (type: ResourceType, urn: string, object: Values): string =>
  `${type.schema.token} "${text(object, "name") || urn.slice(urn.lastIndexOf("::") + 2)}"`;

/** @param then what a refresh leads to */
const refuseGone = ({ type, id, refuse }: Operation, then: string): never =>
  refuse(
    "not_found",
    `there is no ${type} with id ${id} in the cloud any more`,
    `It was deleted by hand: refresh, ${then}.`,
  );
