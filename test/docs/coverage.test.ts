import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { RehearsedStack } from "../lifecycle/rehearsed-stack.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/coverage.md"), "utf8");
const CLASSES = ["declared", "served", "external"];

interface Row {
  readonly id: string;
  readonly kind: string;
  /** `type::name` */
  readonly resources: readonly string[];
}

const rows: readonly Row[] = PAGE.split("\n").flatMap((line) => {
  const [, id, , kind] = line.split("|").map((cell) => cell.trim());
  if (id === undefined || kind === undefined || !/^[A-C]\d+$/.test(id)) return [];
  return [{ id, kind, resources: [...line.matchAll(/`([\w-]+:[\w/:-]+::[^`]+)`/g)].map(([, text]) => text ?? "") }];
});

const numbered = (letter: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);

test("every row of the projects' pages is there once, with a class", () => {
  const known = [...numbered("A", 23), ...numbered("B", 8), ...numbered("C", 21)];
  expect(rows.map(({ id }) => id)).toEqual(known);
  for (const { id, kind } of rows) expect(CLASSES, id).toContain(kind);
});

test("a row that is not external names resources", () => {
  for (const { id, kind, resources } of rows) expect(resources.length > 0, id).toBe(kind !== "external");
});

describe.each([
  [
    "prod",
    /^[AB]/,
    ["extraWorkers=2", 'donatedWorkers=[{"name":"donor-01","ipv4":"192.0.2.7","owner":"a university"}]'],
  ],
  ["rdo", /^C/, []],
] as const)("the stack %s", (name, own, config) => {
  const stack = new RehearsedStack(name);
  afterAll(() => stack.remove());

  test("has every resource that its rows name", async () => {
    const { exit, list } = await stack.run("preview", config);
    expect(exit).toBe(0);
    const planned = new Set(list.steps.map(({ type, name }) => `${type}::${name}`));
    for (const { id, resources } of rows.filter(({ id }) => own.test(id)))
      for (const resource of resources) expect(planned, `${id}: ${resource}`).toContain(resource);
  });
});
