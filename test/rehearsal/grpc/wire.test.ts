import { describe, expect, it } from "vitest";
import { fromStruct, fromWire, SECRET, SIGNATURE, toStruct, toWire, UNKNOWN } from "../../../rehearsal/grpc/wire.ts";
import { Secret, Unknown, type Values } from "../../../rehearsal/provider.ts";

const REFERENCE = { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:x", id: "thing-1" };

describe("values on the wire", () => {
  it("come back as they were sent", () => {
    const values: Values = {
      text: "a",
      nothing: null,
      list: [1, true, [Unknown.value]],
      secret: new Secret({ inner: [new Secret("never twice"), Unknown.value] }),
      unknown: Unknown.value,
      reference: REFERENCE,
      empty: {},
    };
    expect(fromStruct(toStruct(values))).toEqual(values);
  });

  it("carry secrets and unknowns as Pulumi writes them", () => {
    expect(toWire({ a: new Secret("s"), b: Unknown.value })).toEqual({
      a: { [SIGNATURE]: SECRET, value: "s" },
      b: UNKNOWN,
    });
  });

  it("lose the marks that the receiver does not understand", () => {
    const plain = toWire({ a: new Secret([new Secret("s")]), b: REFERENCE }, { secrets: false, resources: false });
    expect(plain).toEqual({ a: ["s"], b: "thing-1" });
  });

  it.each(["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", "3eeb2bf0-c639-47a8-9e75-3b44932eb421", UNKNOWN])(
    "%s is an unknown value",
    (text) => expect(fromWire(text)).toBe(Unknown.value),
  );

  it("read outputs with their dependencies as plain, secret or unknown values", () => {
    const output = { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", dependencies: ["urn:x"] };
    expect(fromWire({ ...output, value: 1 })).toBe(1);
    expect(fromWire({ ...output, value: 1, secret: true })).toEqual(new Secret(1));
    expect(fromWire(output)).toBe(Unknown.value);
  });

  it.each(["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"])(
    "refuse the asset %s by name",
    (kind) => {
      expect(() => fromWire({ [SIGNATURE]: kind, text: "x" })).toThrow(/assets and archives/);
    },
  );
});
