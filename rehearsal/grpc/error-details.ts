/** "Exists, but is not ready" travels as a packed message in the metadata of a gRPC error. */
import grpc from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import statusproto from "@pulumi/pulumi/proto/status_pb.js";
import anyproto from "google-protobuf/google/protobuf/any_pb.js";
import { InitError } from "../provider.ts";
import { fromStruct, toStruct } from "./wire.ts";

const DETAILS_KEY = "grpc-status-details-bin";
const TYPE = "pulumirpc.ErrorResourceInitFailed";

/** The error that a client received, when it is such a failure. */
export function initFailure(error: grpc.ServiceError): InitError | undefined {
  const packed = error.metadata?.get(DETAILS_KEY)[0];
  if (!(packed instanceof Buffer)) return undefined;
  for (const details of statusproto.Status.deserializeBinary(new Uint8Array(packed)).getDetailsList()) {
    const failure = details.unpack(provider.ErrorResourceInitFailed.deserializeBinary, TYPE);
    if (failure)
      return new InitError(
        error.details,
        failure.getId(),
        fromStruct(failure.getProperties()),
        failure.getReasonsList(),
      );
  }
  return undefined;
}

/** What a server answers for any error of a provider. */
export function grpcError(error: unknown): Partial<grpc.StatusObject> {
  const details = error instanceof Error ? error.message : String(error);
  if (!(error instanceof InitError)) return { code: grpc.status.UNKNOWN, details };
  const failure = new provider.ErrorResourceInitFailed();
  failure.setId(error.id);
  failure.setProperties(toStruct(error.outputs));
  failure.setReasonsList(error.reasons);
  const packed = new anyproto.Any();
  packed.pack(failure.serializeBinary(), TYPE);
  const status = new statusproto.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(details);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add(DETAILS_KEY, Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details, metadata };
}
