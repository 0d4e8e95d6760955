/**
 * Property values on the wire: a protobuf Struct in which an object with a signature key stands for a special value
 * (Pulumi's `sdk/go/common/resource/properties.go`). Inside the rehearsal they are tagged values.
 */
import structproto, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { Secret, Unknown, type Value, type Values } from "../provider.ts";

export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** What stands for an unknown value; the SDK sends the first, older ones a text per type. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWNS = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);

/** What the receiver understands; without secrets it gets the plain value, without resources their ids. */
export interface Accepts {
  secrets: boolean;
  resources: boolean;
}
const EVERYTHING: Accepts = { secrets: true, resources: true };

export function toStruct(values: Values, accepts: Accepts = EVERYTHING): structproto.Struct {
  return structproto.Struct.fromJavaScript(toWire(values, accepts) as { [key: string]: JavaScriptValue });
}

/** Undefined (no struct was sent) is the same as an empty one. Throws on assets and archives. */
export function fromStruct(struct: structproto.Struct | undefined): Values {
  return struct === undefined ? {} : (fromWire(struct.toJavaScript()) as Values);
}

export function toWire(value: Value, accepts: Accepts = EVERYTHING): JavaScriptValue {
  if (value instanceof Unknown) return UNKNOWN;
  if (value instanceof Secret) {
    const inner = toWire(value.value, accepts);
    return accepts.secrets ? { [SIGNATURE]: SECRET, value: inner } : inner;
  }
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => toWire(item, accepts));
  if (value[SIGNATURE] === RESOURCE && !accepts.resources) {
    const id = value["id"] ?? value["urn"] ?? null;
    return id === "" ? UNKNOWN : toWire(id, accepts);
  }
  const result: { [key: string]: JavaScriptValue } = {};
  for (const key in value) {
    const item = value[key];
    if (item !== undefined) result[key] = toWire(item, accepts);
  }
  return result;
}

export function fromWire(value: JavaScriptValue): Value {
  if (typeof value === "string") return UNKNOWNS.has(value) ? Unknown.value : value;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(fromWire);
  const object = value as { [key: string]: JavaScriptValue };
  switch (object[SIGNATURE]) {
    case undefined:
      break;
    case SECRET:
      return new Secret(fromWire(object["value"] ?? null));
    case OUTPUT: {
      const inner = "value" in object ? fromWire(object["value"] ?? null) : Unknown.value;
      return object["secret"] === true ? new Secret(inner) : inner;
    }
    case RESOURCE:
      break;
    case ASSET:
    case ARCHIVE:
      throw new Error(
        "the rehearsal does not carry assets and archives (pulumi.asset.…): pass the content as text, or use the Pulumi CLI",
      );
    default:
      throw new Error(`a property carries an unknown kind of special value (${String(object[SIGNATURE])})`);
  }
  const result: Values = {};
  for (const key in object) result[key] = fromWire(object[key] ?? null);
  return result;
}
