/**
 * A program without the SDK and without a process of its own: it hands its registrations to the engine in the messages
 * that the SDK sends, each as soon as what it refers to is registered.
 */
import resource from "@pulumi/pulumi/proto/resource_pb.js";
import type { ProgramCalls } from "../../../rehearsal/engine/monitor.ts";
import type { ProgramStarter } from "../../../rehearsal/engine/runner.ts";
import { toStruct } from "../../../rehearsal/grpc/wire.ts";
import { Unknown, type Value, type Values } from "../../../rehearsal/provider.ts";

export interface Registration {
  type: string;
  name: string;
  /** `resolve` gives the id of another resource of the program, or Unknown. */
  inputs: (resolve: (name: string) => Value) => Values;
  /** Names of the resources to which the inputs refer, by input. */
  refersTo?: Record<string, string>;
  /** Name of the component that it belongs to; default: the stack. */
  parent?: string;
  component?: boolean;
  aliases?: string[];
  protect?: boolean;
  retainOnDelete?: boolean;
  deleteBeforeReplace?: boolean;
  deletedWith?: string;
  ignoreChanges?: string[];
  /** Id of what is taken over. */
  import?: string;
}

/** Throws, inside the program, when a registration refers to one that the list does not hold. */
export function scriptedProgram(registrations: readonly Registration[]): ProgramStarter {
  return async (program, calls, { preview }) => {
    let end: (code: number) => void = () => {};
    const ended = new Promise<number>((resolve) => {
      end = resolve;
    });
    registerAll(registrations, program.project, program.stack, calls, preview).then(
      () => calls.ended(),
      (error: Error) => {
        calls.log("error", "", error.message);
        end(1);
      },
    );
    return { ended, kill: () => end(0) };
  };
}

interface Registered {
  urn: string;
  id: Value;
}

async function registerAll(
  registrations: readonly Registration[],
  project: string,
  stackName: string,
  calls: ProgramCalls,
  preview: boolean,
): Promise<void> {
  const done = new Map<string, Promise<Registered>>();
  const stack = await register(calls, message("pulumi:pulumi:Stack", `${project}-${stackName}`, ""), preview);
  const of = (name: string): Promise<Registered> => {
    const known = done.get(name);
    if (!known) throw new Error(`the program refers to "${name}", which it does not register before`);
    return known;
  };
  for (const one of registrations) done.set(one.name, registerOne(one, stack.urn, of, calls, preview));
  const all = await Promise.all(done.values());
  await calls.outputs(stack.urn, { resources: all.length });
}

async function registerOne(
  one: Registration,
  stackUrn: string,
  of: (name: string) => Promise<Registered>,
  calls: ProgramCalls,
  preview: boolean,
): Promise<Registered> {
  const parent = one.parent === undefined ? stackUrn : (await of(one.parent)).urn;
  const request = message(one.type, one.name, parent);
  request.setCustom(one.component !== true);
  if (one.component !== true) request.setVersion("1.0.0");
  const found = new Map<string, Registered>();
  for (const name of Object.values(one.refersTo ?? {})) found.set(name, await of(name));
  request.setObject(toStruct(one.inputs((name) => found.get(name)?.id ?? null)));
  request.setDependenciesList([...found.values()].map(({ urn }) => urn));
  for (const [input, name] of Object.entries(one.refersTo ?? {})) {
    const dependencies = new resource.RegisterResourceRequest.PropertyDependencies();
    dependencies.setUrnsList([found.get(name)?.urn ?? ""]);
    request.getPropertydependenciesMap().set(input, dependencies);
  }
  if (one.aliases) request.setAliasurnsList(one.aliases);
  if (one.protect !== undefined) request.setProtect(one.protect);
  if (one.retainOnDelete !== undefined) request.setRetainondelete(one.retainOnDelete);
  if (one.deleteBeforeReplace !== undefined) {
    request.setDeletebeforereplace(one.deleteBeforeReplace);
    request.setDeletebeforereplacedefined(true);
  }
  if (one.deletedWith !== undefined) request.setDeletedwith((await of(one.deletedWith)).urn);
  if (one.import !== undefined) request.setImportid(one.import);
  request.setIgnorechangesList(one.ignoreChanges ?? []);
  const registered = await register(calls, request, preview);
  if (one.component === true) await calls.outputs(registered.urn, {});
  return registered;
}

async function register(
  calls: ProgramCalls,
  request: resource.RegisterResourceRequest,
  preview: boolean,
): Promise<Registered> {
  const { urn, id } = await calls.register(request);
  return { urn, id: id === "" && preview ? Unknown.value : id };
}

function message(type: string, name: string, parent: string): resource.RegisterResourceRequest {
  const request = new resource.RegisterResourceRequest();
  request.setType(type);
  request.setName(name);
  request.setParent(parent);
  return request;
}
