import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import type plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import provrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import emptyproto from "google-protobuf/google/protobuf/empty_pb.js";
import type { CheckFailure, Diff, PropertyDiffKind, Provider, Values } from "../provider.ts";
import { initFailure } from "./error-details.ts";
import { type Accepts, fromStruct, toStruct } from "./wire.ts";

/** Starts a provider plugin (`pulumi-resource-…`) and reaches it over gRPC. Throws when it ends before it listens. */
export async function startProvider(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<Provider> {
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const port = await announcedPort(child, command);
  return providerClient(`127.0.0.1:${port}`, async () => {
    child.kill();
  });
}

/** The provider behind an address; `onClose` ends what belongs to it. */
export async function providerClient(address: string, onClose?: () => Promise<void>): Promise<Provider> {
  const client = new provrpc.ResourceProviderClient(address, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  let accepts: Accepts = { secrets: false, resources: false };
  const struct = (values: Values) => toStruct(values, accepts);
  const checkRequest = (urn: string, olds: Values, news: Values) => {
    const request = new provider.CheckRequest();
    request.setUrn(urn);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    return request;
  };
  const diffRequest = ({ urn, olds, oldInputs, news, ignoreChanges }: Parameters<Provider["diffConfig"]>[0]) => {
    const request = new provider.DiffRequest();
    request.setUrn(urn);
    request.setOlds(struct(olds));
    request.setOldInputs(struct(oldInputs));
    request.setNews(struct(news));
    request.setIgnorechangesList(ignoreChanges);
    return request;
  };
  const info = await call<plugin.PluginInfo>((done) => client.getPluginInfo(new emptyproto.Empty(), done));

  return {
    version: info.getVersion(),

    async checkConfig({ urn, olds, news }) {
      const request = checkRequest(urn, olds, news);
      const response = await optional<provider.CheckResponse>((done) => client.checkConfig(request, done));
      if (response === "unimplemented") return { inputs: news, failures: [] };
      return { inputs: fromStruct(response.getInputs()), failures: failures(response.getFailuresList()) };
    },

    async diffConfig(asked) {
      const request = diffRequest(asked);
      const response = await optional<provider.DiffResponse>((done) => client.diffConfig(request, done));
      return response === "unimplemented" ? response : diffOf(response);
    },

    async configure({ urn, inputs }) {
      const request = new provider.ConfigureRequest();
      request.setUrn(urn);
      request.setArgs(toStruct(inputs));
      request.setAcceptsecrets(true);
      request.setAcceptresources(true);
      request.setSendsOldInputs(true);
      request.setSendsOldInputsToDelete(true);
      const response = await call<provider.ConfigureResponse>((done) => client.configure(request, done));
      accepts = { secrets: response.getAcceptsecrets(), resources: response.getAcceptresources() };
      return {
        acceptSecrets: response.getAcceptsecrets(),
        acceptResources: response.getAcceptresources(),
        supportsPreview: response.getSupportspreview(),
      };
    },

    async check({ urn, olds, news }) {
      const request = checkRequest(urn, olds, news);
      const response = await call<provider.CheckResponse>((done) => client.check(request, done));
      return { inputs: fromStruct(response.getInputs()), failures: failures(response.getFailuresList()) };
    },

    async diff(asked) {
      const request = diffRequest(asked);
      request.setId(asked.id);
      return diffOf(await call<provider.DiffResponse>((done) => client.diff(request, done)));
    },

    async create({ urn, inputs, preview }) {
      const request = new provider.CreateRequest();
      request.setUrn(urn);
      request.setProperties(struct(inputs));
      request.setPreview(preview);
      const response = await call<provider.CreateResponse>((done) => client.create(request, done));
      return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
    },

    async read({ urn, id, inputs, outputs }) {
      const request = new provider.ReadRequest();
      request.setUrn(urn);
      request.setId(id);
      // An import sends no properties at all, and a provider may tell the two apart.
      if (Object.keys(outputs).length > 0 || Object.keys(inputs).length > 0) {
        request.setInputs(struct(inputs));
        request.setProperties(struct(outputs));
      }
      const response = await call<provider.ReadResponse>((done) => client.read(request, done));
      if (response.getId() === "") return undefined;
      return {
        id: response.getId(),
        outputs: fromStruct(response.getProperties()),
        inputs: response.hasInputs() ? fromStruct(response.getInputs()) : undefined,
      };
    },

    async update({ urn, id, olds, oldInputs, news, ignoreChanges, preview }) {
      const request = new provider.UpdateRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOlds(struct(olds));
      request.setOldInputs(struct(oldInputs));
      request.setNews(struct(news));
      request.setIgnorechangesList(ignoreChanges);
      request.setPreview(preview);
      const response = await call<provider.UpdateResponse>((done) => client.update(request, done));
      return { outputs: fromStruct(response.getProperties()) };
    },

    async delete({ urn, id, outputs, oldInputs }) {
      const request = new provider.DeleteRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setProperties(struct(outputs));
      request.setOldInputs(struct(oldInputs));
      await call<emptyproto.Empty>((done) => client.delete(request, done));
    },

    async invoke({ token, args }) {
      const request = new provider.InvokeRequest();
      request.setTok(token);
      request.setArgs(struct(args));
      const response = await call<provider.InvokeResponse>((done) => client.invoke(request, done));
      return { result: fromStruct(response.getReturn()), failures: failures(response.getFailuresList()) };
    },

    async close() {
      client.close();
      await onClose?.();
    },
  };
}

type Done<Response> = (error: grpc.ServiceError | null, response: Response) => void;

async function call<Response>(start: (done: Done<Response>) => void): Promise<Response> {
  try {
    return await raw(start);
  } catch (error) {
    const { details, message } = error as grpc.ServiceError;
    throw initFailure(error as grpc.ServiceError) ?? new Error(details || message);
  }
}

async function optional<Response>(start: (done: Done<Response>) => void): Promise<Response | "unimplemented"> {
  try {
    return await raw(start);
  } catch (error) {
    const { code, details, message } = error as grpc.ServiceError;
    if (code === grpc.status.UNIMPLEMENTED) return "unimplemented";
    throw new Error(details || message);
  }
}

function raw<Response>(start: (done: Done<Response>) => void): Promise<Response> {
  return new Promise((resolve, reject) => start((error, response) => (error ? reject(error) : resolve(response))));
}

function failures(list: provider.CheckFailure[]): CheckFailure[] {
  return list.map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
}

const CHANGES = ["unknown", "none", "some"] as const satisfies Diff["changes"][];
const KINDS: PropertyDiffKind[] = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

function diffOf(response: provider.DiffResponse): Diff {
  const detailed: NonNullable<Diff["detailed"]> = {};
  for (const [path, entry] of response.getDetaileddiffMap().entries())
    detailed[path] = { kind: KINDS[entry.getKind()] ?? "update", inputDiff: entry.getInputdiff() };
  return {
    changes: CHANGES[response.getChanges()] ?? "unknown",
    diffs: response.getDiffsList(),
    replaces: response.getReplacesList(),
    stables: response.getStablesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    detailed: response.getHasdetaileddiff() || Object.keys(detailed).length > 0 ? detailed : undefined,
  };
}

function announcedPort(child: ChildProcess, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let complaint = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    child.on("error", (error) => reject(new Error(`${command} does not start: ${error.message}`)));
    child.on("exit", (code) => reject(new Error(`${command} ended (exit ${code}) before it listened: ${complaint}`)));
    if (child.stdout) createInterface({ input: child.stdout }).once("line", (line) => resolve(line.trim()));
  });
}
