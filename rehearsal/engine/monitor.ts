/** The two gRPC services to which the SDK's runner connects: what the program asks of the engine. */
import grpc from "@grpc/grpc-js";
import enginerpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import resourcerpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resource from "@pulumi/pulumi/proto/resource_pb.js";
import emptyproto from "google-protobuf/google/protobuf/empty_pb.js";
import { fromStruct, toStruct } from "../grpc/wire.ts";
import type { CheckFailure, Values } from "../provider.ts";
import { Unsupported } from "./goal-from-request.ts";

/** What the program may ask. A promise that never settles leaves the program waiting until it is ended. */
export interface ProgramCalls {
  register(request: resource.RegisterResourceRequest): Promise<{ urn: string; id: string; outputs: Values }>;
  outputs(urn: string, outputs: Values): Promise<void>;
  invoke(call: InvokeCall): Promise<{ result: Values; failures: CheckFailure[] }>;
  log(severity: "debug" | "info" | "warning" | "error", urn: string, message: string): void;
  /** The program has come to its end without an error. */
  ended(): void;
  /** The program asked for what the local engine does not do. */
  refused(error: Unsupported): void;
}

export interface InvokeCall {
  token: string;
  args: Values;
  provider: string;
  version: string;
}

export interface Monitor {
  /** Loopback address of both services. */
  address: string;
  close(): void;
}

/** What the SDK is told of; for what the engine then refuses, it has a clearer message than the SDK. */
const {
  RESOURCE_MONITOR_FEATURE_SECRETS: SECRETS,
  RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES: RESOURCE_REFERENCES,
  RESOURCE_MONITOR_FEATURE_ALIAS_SPECS: ALIAS_SPECS,
  RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER: REPLACEMENT_TRIGGER,
  RESOURCE_MONITOR_FEATURE_DELETED_WITH: DELETED_WITH,
  RESOURCE_MONITOR_FEATURE_REPLACE_WITH: REPLACE_WITH,
  RESOURCE_MONITOR_FEATURE_TRANSFORMS: TRANSFORMS,
  RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS: INVOKE_TRANSFORMS,
  RESOURCE_MONITOR_FEATURE_PARAMETERIZATION: PARAMETERIZATION,
  RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS: RESOURCE_HOOKS,
  RESOURCE_MONITOR_FEATURE_ERROR_HOOKS: ERROR_HOOKS,
  RESOURCE_MONITOR_FEATURE_STATE_MIGRATIONS: STATE_MIGRATIONS,
} = resource.ResourceMonitorFeature;
const FEATURES = [
  ...[SECRETS, RESOURCE_REFERENCES, ALIAS_SPECS, REPLACEMENT_TRIGGER, DELETED_WITH, REPLACE_WITH],
  ...[TRANSFORMS, INVOKE_TRANSFORMS, PARAMETERIZATION, RESOURCE_HOOKS, ERROR_HOOKS, STATE_MIGRATIONS],
];

export async function startMonitor(calls: ProgramCalls): Promise<Monitor> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(resourcerpc.ResourceMonitorService, monitorService(calls) as grpc.UntypedServiceImplementation);
  server.addService(enginerpc.EngineService, engineService(calls) as grpc.UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

function monitorService(calls: ProgramCalls) {
  const unsupported = (what: string) =>
    unary(async () => {
      throw new Unsupported(what);
    }, calls);
  return {
    getDeploymentInfo: unary(async () => {
      const info = new resource.DeploymentInfo();
      info.setSupportedfeaturesList(FEATURES);
      return info;
    }, calls),
    supportsFeature: unary(async (request: resource.SupportsFeatureRequest) => {
      const response = new resource.SupportsFeatureResponse();
      response.setHassupport(request.getId() !== "outputValues");
      return response;
    }, calls),
    registerResource: unary(async (request: resource.RegisterResourceRequest) => {
      const { urn, id, outputs } = await calls.register(request);
      const response = new resource.RegisterResourceResponse();
      response.setUrn(urn);
      response.setId(id);
      response.setObject(toStruct(outputs));
      return response;
    }, calls),
    registerResourceOutputs: unary(async (request: resource.RegisterResourceOutputsRequest) => {
      await calls.outputs(request.getUrn(), fromStruct(request.getOutputs()));
      return new emptyproto.Empty();
    }, calls),
    invoke: unary(async (request: resource.ResourceInvokeRequest) => {
      const { result, failures } = await calls.invoke({
        token: request.getTok(),
        args: fromStruct(request.getArgs()),
        provider: request.getProvider(),
        version: request.getVersion(),
      });
      const response = new resource.ResourceInvokeResponse();
      response.setReturn(toStruct(result));
      response.setFailuresList(
        failures.map(({ property, reason }) => {
          const failure = new provider.CheckFailure();
          failure.setProperty(property);
          failure.setReason(reason);
          return failure;
        }),
      );
      return response;
    }, calls),
    signalAndWaitForShutdown: unary(async () => {
      calls.ended();
      return new emptyproto.Empty();
    }, calls),
    readResource: unsupported("reading resources that the program does not manage (Resource.get)"),
    existsResource: unsupported("asking whether a resource exists"),
    call: unsupported("methods of resources (pulumi.runtime.call)"),
    registerStackTransform: unsupported("transforms (registerResourceTransform)"),
    registerStackInvokeTransform: unsupported("transforms of functions (registerInvokeTransform)"),
    registerResourceHook: unsupported("resource hooks"),
    registerErrorHook: unsupported("error hooks"),
    registerPackage: unsupported("parameterized packages"),
  };
}

function engineService(calls: ProgramCalls) {
  let root = "";
  return {
    log: unary(async (request: engine.LogRequest) => {
      const severities = ["debug", "info", "warning", "error"] as const;
      const severity = severities[request.getSeverity()] ?? "info";
      calls.log(severity, request.getUrn(), request.getMessage());
      return new emptyproto.Empty();
    }, calls),
    getRootResource: unary(async () => {
      const response = new engine.GetRootResourceResponse();
      response.setUrn(root);
      return response;
    }, calls),
    setRootResource: unary(async (request: engine.SetRootResourceRequest) => {
      root = request.getUrn();
      return new engine.SetRootResourceResponse();
    }, calls),
    startDebugging: unary(async () => new emptyproto.Empty(), calls),
    requirePulumiVersion: unary(async () => new engine.RequirePulumiVersionResponse(), calls),
  };
}

function unary<Request, Response>(run: (request: Request) => Promise<Response>, calls: ProgramCalls) {
  return (call: { request: Request }, done: (error: unknown, response?: Response) => void) => {
    run(call.request).then(
      (response) => done(null, response),
      (error) => {
        if (error instanceof Unsupported) calls.refused(error);
        done({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
      },
    );
  };
}
