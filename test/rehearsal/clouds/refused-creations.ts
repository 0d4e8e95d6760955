import { describe, expect, test } from "vitest";
import type { Values } from "../../../rehearsal/provider.ts";
import { makeExamples } from "./examples.ts";
import { type Made, Rehearsed, type SimulatedCloud } from "./rehearsed.ts";

/** The examples that were made before, by resource type. */
export type Before = (type: string) => Made;
/** What is refused, the resource type, its inputs and the message. */
export type Refusal = readonly [rule: string, type: string, inputs: (of: Before) => Values, message: RegExp];

/** Declares a test for each: what a cloud refuses when it has one object of each type (examples.ts). */
export function describeRefusedCreations(cloud: SimulatedCloud, refusals: readonly Refusal[]): void {
  describe(`${cloud} refuses to create`, () => {
    test.each(refusals)("%s", async (_rule, type, inputs, message) => {
      const rehearsed = new Rehearsed(cloud);
      const of = await makeExamples(rehearsed);
      await expect(rehearsed.make(type, "other", inputs(of))).rejects.toThrow(message);
      // A preview cannot know: it does not ask the cloud.
      await rehearsed.planned(type, "other", inputs(of));
    });
  });
}

export const number = (made: Made): number => Number(made.id);
export const filled = (count: number, from: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);
