import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudflareProvider } from "../../../rehearsal/clouds/cloudflare/cloudflare-provider.ts";
import { digitaloceanProvider } from "../../../rehearsal/clouds/digitalocean/digitalocean-provider.ts";
import { hcloudProvider } from "../../../rehearsal/clouds/hcloud/hcloud-provider.ts";
import type { Diff, Provider, ReadResult, Values } from "../../../rehearsal/provider.ts";

const PROVIDERS = { hcloud: hcloudProvider, digitalocean: digitaloceanProvider, cloudflare: cloudflareProvider };
export type SimulatedCloud = keyof typeof PROVIDERS;

/** A resource as an engine would keep it. */
export interface Made {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

/** One simulated cloud of its own, with what an engine does with it. */
export class Rehearsed {
  readonly cloud: SimulatedCloud;
  readonly file: string;
  readonly provider: Provider;

  constructor(cloud: SimulatedCloud, directory = mkdtempSync(join(tmpdir(), "clouds-"))) {
    this.cloud = cloud;
    this.file = join(directory, `${cloud}.json`);
    this.provider = PROVIDERS[cloud]({ file: this.file });
  }

  urn(type: string, name: string): string {
    const module = type[0]?.toLowerCase() + type.slice(1);
    return `urn:pulumi:dev::demo::example:Host$${this.cloud}:index/${module}:${type}::${name}`;
  }

  async check(type: string, name: string, news: Values, olds: Values = {}) {
    return this.provider.check({ urn: this.urn(type, name), olds, news });
  }

  async checked(type: string, name: string, news: Values, olds: Values = {}): Promise<Values> {
    const { inputs, failures } = await this.check(type, name, news, olds);
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    return inputs;
  }

  async planned(type: string, name: string, news: Values): Promise<Values> {
    const inputs = await this.checked(type, name, news);
    return (await this.provider.create({ urn: this.urn(type, name), inputs, preview: true })).outputs;
  }

  async make(type: string, name: string, news: Values): Promise<Made> {
    const [urn, inputs] = [this.urn(type, name), await this.checked(type, name, news)];
    return { urn, inputs, ...(await this.provider.create({ urn, inputs, preview: false })) };
  }

  async diff(made: Made, news: Values, ignoreChanges: string[] = []): Promise<Diff> {
    const { failures, inputs } = await this.provider.check({ urn: made.urn, olds: made.inputs, news });
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    return this.provider.diff({
      urn: made.urn,
      id: made.id,
      olds: made.outputs,
      oldInputs: made.inputs,
      news: inputs,
      ignoreChanges,
    });
  }

  async change(made: Made, news: Values, preview = false): Promise<Made> {
    const { inputs } = await this.provider.check({ urn: made.urn, olds: made.inputs, news });
    const { outputs } = await this.provider.update({
      ...{ urn: made.urn, id: made.id, olds: made.outputs, oldInputs: made.inputs, news: inputs },
      ...{ ignoreChanges: [], preview },
    });
    return { ...made, inputs, outputs };
  }

  async read({ urn, id, inputs, outputs }: Made): Promise<ReadResult | undefined> {
    return this.provider.read({ urn, id, inputs, outputs });
  }

  /** What a refresh makes of it: undefined when it is gone, else the difference that the engine would show, inverted. */
  async drift(made: Made, ignoreChanges: string[] = []): Promise<Diff | undefined> {
    const read = await this.read(made);
    return (
      read &&
      this.provider.diff({
        urn: made.urn,
        id: read.id,
        olds: read.outputs,
        oldInputs: made.inputs,
        news: made.inputs,
        ignoreChanges,
      })
    );
  }

  async remove({ urn, id, inputs, outputs }: Made): Promise<void> {
    await this.provider.delete({ urn, id, outputs, oldInputs: inputs });
  }

  /** Edits the cloud's file as a person would. */
  async edit(
    change: (objects: Record<string, Record<string, Values>>, file: { settings: Values }) => void,
  ): Promise<void> {
    await this.provider.close();
    const content = JSON.parse(readFileSync(this.file, "utf8")) as {
      objects: Record<string, Record<string, Values>>;
      settings: Values;
    };
    change(content.objects, content);
    writeFileSync(this.file, JSON.stringify(content, undefined, 2));
  }
}
