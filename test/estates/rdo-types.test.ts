import { expect, test } from "vitest";
import { compiles } from "./rdo-types.ts";

test("a retired service is the same service with a reason", () => {
  expect(compiles().services["status"]).toMatchObject({
    on: "backup-01",
    criticality: "low",
    retired: "2018-01, its page",
  });
});
