import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Refusal } from "../../../rehearsal/commands/exit-codes.ts";
import { loadStack } from "../../../rehearsal/commands/stack.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function project(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "stack-"));
  folders.push(folder);
  for (const [name, text] of Object.entries({
    "Pulumi.yaml": "name: small\nruntime: nodejs\n",
    "Pulumi.prod.yaml": "",
    ...files,
  })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function refusal(run: () => unknown): Refusal {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("the configuration of a rehearsed stack", () => {
  it("comes from Pulumi.yaml, then the stack's file, then the command line, each over the one before", () => {
    const folder = project({
      "Pulumi.yaml": "name: small\nconfig:\n  a: { type: integer, default: 1 }\n  b: { default: 1 }\n  c: 1\n",
      "Pulumi.prod.yaml": "config:\n  b: 2\n  small:c: 2\n",
    });
    expect(loadStack(folder, "prod", ["c=3", "aws:region=x=y"]).config).toEqual({
      "small:a": "1",
      "small:b": "2",
      "small:c": "3",
      "aws:region": "x=y",
    });
  });

  it("reaches the program as Pulumi hands it over: text as it is, lists and maps as JSON", () => {
    const folder = project({
      "Pulumi.prod.yaml": 'config:\n  text: "007"\n  yes: true\n  list: [1, { a: b }]\n  half: 1.5\n',
    });
    expect(loadStack(folder, "prod").config).toEqual({
      "small:text": "007",
      "small:yes": "true",
      "small:list": '[1,{"a":"b"}]',
      "small:half": "1.5",
    });
  });

  it("takes an example only for what nothing else sets, and says which", () => {
    const folder = project({
      "Pulumi.prod.yaml": "config:\n  account: ours\n",
      "rehearsal/settings/examples.yaml":
        "config:\n  account: example\n  admins: [alice]\n  region: example\nsecrets:\n  password: example\n",
    });
    const stack = loadStack(folder, "prod", ["region=given"]);
    expect(stack.config).toEqual({
      "small:account": "ours",
      "small:admins": '["alice"]',
      "small:region": "given",
      "small:password": "example",
    });
    expect(stack.examples).toEqual(["admins", "password"]);
    expect(stack.secretKeys).toEqual(["small:password"]);
  });

  it("runs the entry that Pulumi.yaml names, else the package's, else index.ts", () => {
    expect(loadStack(project({ "Pulumi.yaml": "name: small\nmain: a.ts\n" }), "prod").entry).toBe("a.ts");
    expect(loadStack(project({ "package.json": '{"main":"b.ts"}' }), "prod").entry).toBe("b.ts");
    expect(loadStack(project({}), "prod").entry).toBe("index.ts");
  });

  it("names the stacks there are when asked for another", () => {
    const { exit, message } = refusal(() => loadStack(project({ "Pulumi.rdo.yaml": "" }), "nope"));
    expect(exit).toBe(6);
    expect(message).toMatch(/"nope".*\n.*prod, rdo/);
  });

  it.each([
    ["broken YAML", "config:\n  a: [1\n  b: 2\n", /Pulumi\.prod\.yaml:\d+:\d+ is not valid YAML/],
    [
      "an encrypted secret",
      "config:\n  password:\n    secure: AAAB\n",
      /password is an encrypted secret.*\n.*--config password=/,
    ],
    ["an encrypted secret in a list", "config:\n  list: [{ secure: AAAB }]\n", /list is an encrypted secret/],
    ["a list for the configuration", "config: [a]\n", /"config" must be a map of keys, found a list/],
    ["a text for the file", "hello\n", /Pulumi\.prod\.yaml must be a map of keys, found a string/],
  ])("refuses %s in the stack's file", (_, text, message) => {
    const refused = refusal(() => loadStack(project({ "Pulumi.prod.yaml": text }), "prod"));
    expect(refused.exit).toBe(2);
    expect(refused.message).toMatch(message);
  });

  it("takes another value for an encrypted secret from the command line", () => {
    const folder = project({ "Pulumi.prod.yaml": "config:\n  password:\n    secure: AAAB\n" });
    expect(loadStack(folder, "prod", ["password=example"]).config).toEqual({ "small:password": "example" });
  });

  it.each(["novalue", "=value"])("refuses --config %s", (pair) => {
    const refused = refusal(() => loadStack(project({}), "prod", [pair]));
    expect(refused.exit).toBe(2);
    expect(refused.message).toContain("--config key=value");
  });
});
