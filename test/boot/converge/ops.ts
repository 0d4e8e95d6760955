import { readFileSync } from "node:fs";
import type { StackPlan } from "../../../ops/host-plan/options.ts";

/**
 * `ops.ts PLAN COMMAND…`: the commands of ops, for hosts that are in no estate. As in `ops/cli.ts`, each runs in a
 * process of its own, so that tests can start it in a network namespace, and kill it.
 */
const [planFile = "", name = "", ...args] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(planFile, "utf8")) as StackPlan;
const { command } = name === "status" ? await import("../../../ops/status/command.ts") : await converge();
await command({ plan: () => plan }).parseAsync(args, { from: "user" });

function converge() {
  return import("../../../ops/converge/command.ts");
}
