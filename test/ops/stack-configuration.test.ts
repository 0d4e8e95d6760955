import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { STAND_IN, stackConfiguration } from "../../ops/stack-configuration.ts";

describe("the configuration of a stack", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-"));
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      "name: example\nconfig:\n  cdn:\n    type: boolean\n    default: true\n  dmarc: { type: string, default: none }\n",
    );
    writeFileSync(
      join(folder, "Pulumi.prod.yaml"),
      "config:\n  example:estate: one\n  example:admins: [{ name: a }]\n  example:storageBoxPassword: { secure: v1:abc }\n  hcloud:token: { secure: v1:def }\n  example:dmarc: reject\n",
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is the project's defaults, the stack's file and the command line, in this order", () => {
    expect(stackConfiguration(folder, "prod", ["cdn=false", "example:extra=2"]).values).toEqual({
      cdn: "false",
      dmarc: "reject",
      estate: "one",
      admins: '[{"name":"a"}]',
      storageBoxPassword: STAND_IN,
      extra: "2",
    });
  });

  it("of an unknown stack is refused with those that there are", () => {
    expect(() => stackConfiguration(folder, "test", [])).toThrow(/no stack "test".*\n.*Stacks: prod/s);
    expect(() => stackConfiguration(tmpdir(), "prod", [])).toThrow(/no Pulumi\.yaml in/);
    expect(() => stackConfiguration(folder, "prod", ["cdn"])).toThrow(/--config cdn: a key and a value/);
  });
});
