import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localEngine } from "../../rehearsal/commands/local-engine.ts";
import { loadStack } from "../../rehearsal/commands/stack.ts";
import { type Step, StepList } from "../../rehearsal/display/steps.ts";
import type { Command, OperationOptions } from "../../rehearsal/engine/operation.ts";

const PROJECT = join(import.meta.dirname, "../..");

export interface Run {
  readonly exit: number;
  readonly list: StepList;
  /** `create foss-infra:hetzner:Server build-01`: what changes, without the stack. */
  readonly changes: readonly string[];
  readonly errors: string;
}

/** A stack of this project on simulated clouds in a scratch folder: the real `index.ts`, run by the SDK's own runner. */
export class RehearsedStack {
  readonly folder = mkdtempSync(join(tmpdir(), "rehearsed-"));
  readonly #name: string;
  readonly #project: string;

  /** @param project folder of another text of the program */
  constructor(name: string, project = PROJECT) {
    this.#name = name;
    this.#project = project;
  }

  /** @param config `key=value` as on the command line */
  async run(command: Command, config: readonly string[] = [], options: OperationOptions = {}): Promise<Run> {
    const list = new StepList();
    const stack = loadStack(this.#project, this.#name, [...config]);
    const { exit, errors } = await localEngine.run({
      command,
      stack,
      folder: this.folder,
      options,
      onEvent: (event) => list.add(event),
    });
    const messages = list.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
    return {
      exit,
      list,
      changes: list.changes().map(described).sort(),
      errors: (messages.length > 0 ? messages : errors).join("\n"),
    };
  }

  /** Edits a simulated cloud's file, as a person with access to its console might. */
  editCloud(cloud: "hcloud" | "digitalocean" | "cloudflare", edit: (objects: CloudObjects) => void): void {
    const file = join(localEngine.cloudsFolder(this.folder), `${cloud}.json`);
    const content = JSON.parse(readFileSync(file, "utf8")) as { objects: CloudObjects };
    edit(content.objects);
    writeFileSync(file, JSON.stringify(content, undefined, 2));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Objects by type and id. */
export type CloudObjects = Record<string, Record<string, Record<string, unknown>>>;

const described = ({ op, type, name }: Step) => `${op} ${type} ${name}`;
