import { expect, test } from "vitest";
import { compiles } from "./estate-types.ts";

test("an estate is data: it comes out as it was written", () => {
  expect(compiles().services["wiki"]).toMatchObject({ on: "wiki-01", names: [{ name: "wiki.example.org" }] });
});
