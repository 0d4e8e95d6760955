import { expect, it } from "vitest";
import { stack } from "./operate.ts";

it("leaves all of the SDK usable: serialised functions, the automation API, positions in stack traces", async () => {
  const { operate, store } = stack();
  expect(await operate("up", { program: "seldom-used.ts" })).toMatchObject({ exit: 0, errors: [] });
  const { resources } = await store.read();
  expect(resources[0]?.outputs).toEqual({ serialised: true, automation: true, stack: true });
});
