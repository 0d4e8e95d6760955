import { expect, it } from "vitest";
import { propertyChanges } from "../../../ops/preview-json/property-changes.ts";
import { HETZNER_FIREWALL, stepOf } from "../preview-of.ts";

const rule = (port: string) => ({ direction: "in", protocol: "tcp", port, sourceIps: ["0.0.0.0/0"] });

/** A rule as the cloud gives it back. */
const whole = (port: string) => ({ ...rule(port), destinationIps: [] });

/** The firewall of a host before and after, with the places that the provider names. */
function changes(detailedDiff: ReturnType<typeof stepOf>["detailedDiff"]) {
  const before = { rules: [rule("443"), rule("22"), rule("80")] };
  const step = stepOf({ type: HETZNER_FIREWALL, before, after: { rules: [rule("443"), rule("80")] } });
  const outputs = { rules: [whole("22"), whole("443"), whole("80")] };
  return propertyChanges({ ...step, detailedDiff, ...(step.oldState && { oldState: { ...step.oldState, outputs } }) });
}

// makeSetDiff in pkg/tfbridge/detailed_diff.go of pulumi-terraform-bridge, 2026-08.
it("finds what goes from a set by its place among the sorted outputs", () => {
  expect(changes({ "rules[0]": { kind: "delete" } })).toMatchObject([{ before: whole("22"), after: undefined }]);
});

it("shows what the program said where the outputs hold the same at that place", () => {
  expect(changes({ "rules[2]": { kind: "delete" } })).toMatchObject([{ before: rule("80") }]);
  expect(changes({ "rules[2]": { kind: "delete" } })[0]?.before).not.toHaveProperty("destinationIps");
});
