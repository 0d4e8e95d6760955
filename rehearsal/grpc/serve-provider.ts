import grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import provrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import emptyproto from "google-protobuf/google/protobuf/empty_pb.js";
import type { Checked, CheckFailure, Diff, Provider } from "../provider.ts";
import { grpcError } from "./error-details.ts";
import { fromStruct, toStruct } from "./wire.ts";

/**
 * Serves a provider as a plugin process of the real engine: listens on a free loopback port and prints it as the first
 * line of standard output, as the engine expects of `pulumi-resource-<name>`. Resolves with the port.
 */
export async function serveProvider(implementation: Provider, schema = "{}"): Promise<number> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(
    provrpc.ResourceProviderService,
    service(implementation, schema) as grpc.UntypedServiceImplementation,
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  console.log(String(port));
  return port;
}

function service(target: Provider, schema: string) {
  const methods = {
    getPluginInfo: unary(async () => {
      const response = new plugin.PluginInfo();
      response.setVersion(target.version);
      return response;
    }),
    getSchema: unary(async () => {
      const response = new provider.GetSchemaResponse();
      response.setSchema(schema);
      return response;
    }),
    attach: unary(async () => new emptyproto.Empty()),
    cancel: unary(async () => {
      await target.close();
      return new emptyproto.Empty();
    }),
    checkConfig: unary(async (request: provider.CheckRequest) =>
      checkResponse(await target.checkConfig({ urn: request.getUrn(), ...oldAndNew(request) })),
    ),
    diffConfig: unary(async (request: provider.DiffRequest) => {
      const ignoreChanges = request.getIgnorechangesList();
      const oldInputs = fromStruct(request.getOldInputs());
      const urn = request.getUrn();
      const diff = await target.diffConfig({ urn, ...oldAndNew(request), oldInputs, ignoreChanges });
      if (diff === "unimplemented") throw { code: grpc.status.UNIMPLEMENTED, details: "DiffConfig is not implemented" };
      return diffResponse(diff);
    }),
    configure: unary(async (request: provider.ConfigureRequest) => {
      const can = await target.configure({ urn: request.getUrn() ?? "", inputs: fromStruct(request.getArgs()) });
      const response = new provider.ConfigureResponse();
      response.setAcceptsecrets(can.acceptSecrets);
      response.setAcceptresources(can.acceptResources);
      response.setSupportspreview(can.supportsPreview);
      return response;
    }),
    check: unary(async (request: provider.CheckRequest) =>
      checkResponse(await target.check({ urn: request.getUrn(), ...oldAndNew(request) })),
    ),
    diff: unary(async (request: provider.DiffRequest) =>
      diffResponse(
        await target.diff({
          urn: request.getUrn(),
          id: request.getId(),
          ...oldAndNew(request),
          oldInputs: fromStruct(request.getOldInputs()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      ),
    ),
    create: unary(async (request: provider.CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      const created = await target.create({ urn: request.getUrn(), inputs, preview: request.getPreview() });
      const response = new provider.CreateResponse();
      response.setId(created.id);
      response.setProperties(toStruct(created.outputs));
      return response;
    }),
    read: unary(async (request: provider.ReadRequest) => {
      const found = await target.read({
        urn: request.getUrn(),
        id: request.getId(),
        inputs: fromStruct(request.getInputs()),
        outputs: fromStruct(request.getProperties()),
      });
      const response = new provider.ReadResponse();
      if (!found) return response; // what is gone has neither id nor properties
      response.setId(found.id);
      response.setProperties(toStruct(found.outputs));
      if (found.inputs) response.setInputs(toStruct(found.inputs));
      return response;
    }),
    update: unary(async (request: provider.UpdateRequest) => {
      const updated = await target.update({
        urn: request.getUrn(),
        id: request.getId(),
        ...oldAndNew(request),
        oldInputs: fromStruct(request.getOldInputs()),
        ignoreChanges: request.getIgnorechangesList(),
        preview: request.getPreview(),
      });
      const response = new provider.UpdateResponse();
      response.setProperties(toStruct(updated.outputs));
      return response;
    }),
    delete: unary(async (request: provider.DeleteRequest) => {
      await target.delete({
        urn: request.getUrn(),
        id: request.getId(),
        outputs: fromStruct(request.getProperties()),
        oldInputs: fromStruct(request.getOldInputs()),
      });
      return new emptyproto.Empty();
    }),
    invoke: unary(async (request: provider.InvokeRequest) => {
      const { result, failures } = await target.invoke({
        token: request.getTok(),
        args: fromStruct(request.getArgs()),
      });
      const response = new provider.InvokeResponse();
      response.setReturn(toStruct(result));
      response.setFailuresList(failureList(failures));
      return response;
    }),
  };
  const unimplemented = Object.keys(provrpc.ResourceProviderService).map((name) => [name, refuse(name)]);
  return { ...Object.fromEntries(unimplemented), ...methods };
}

function unary<Request, Response>(run: (request: Request) => Promise<Response>) {
  return (call: { request: Request }, done: (error: unknown, response?: Response) => void) => {
    run(call.request).then(
      (response) => done(null, response),
      (error) => done(isStatus(error) ? error : grpcError(error)),
    );
  };
}

function refuse(name: string) {
  return (_call: unknown, done?: (error: unknown) => void) =>
    done?.({ code: grpc.status.UNIMPLEMENTED, details: `${name} is not implemented` });
}

function isStatus(error: unknown): error is Partial<grpc.StatusObject> {
  return typeof error === "object" && error !== null && !(error instanceof Error) && "code" in error;
}

function oldAndNew(request: provider.CheckRequest | provider.DiffRequest | provider.UpdateRequest) {
  return { olds: fromStruct(request.getOlds()), news: fromStruct(request.getNews()) };
}

function checkResponse({ inputs, failures }: Checked): provider.CheckResponse {
  const response = new provider.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(failureList(failures));
  return response;
}

function failureList(failures: CheckFailure[]): provider.CheckFailure[] {
  return failures.map(({ property, reason }) => {
    const failure = new provider.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

function diffResponse(diff: Diff): provider.DiffResponse {
  const { DIFF_NONE, DIFF_SOME, DIFF_UNKNOWN } = provider.DiffResponse.DiffChanges;
  const { Kind } = provider.PropertyDiff;
  const kinds = {
    add: Kind.ADD,
    "add-replace": Kind.ADD_REPLACE,
    delete: Kind.DELETE,
    "delete-replace": Kind.DELETE_REPLACE,
    update: Kind.UPDATE,
    "update-replace": Kind.UPDATE_REPLACE,
  };
  const response = new provider.DiffResponse();
  response.setChanges({ none: DIFF_NONE, some: DIFF_SOME, unknown: DIFF_UNKNOWN }[diff.changes]);
  response.setDiffsList(diff.diffs);
  response.setReplacesList(diff.replaces);
  response.setStablesList(diff.stables);
  response.setDeletebeforereplace(diff.deleteBeforeReplace);
  response.setHasdetaileddiff(diff.detailed !== undefined);
  for (const [path, { kind, inputDiff }] of Object.entries(diff.detailed ?? {})) {
    const entry = new provider.PropertyDiff();
    entry.setKind(kinds[kind]);
    entry.setInputdiff(inputDiff);
    response.getDetaileddiffMap().set(path, entry);
  }
  return response;
}
