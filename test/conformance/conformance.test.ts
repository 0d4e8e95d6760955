/** The local engine against what the Pulumi engine (CLI 3.260.0) was recorded to do. No scenario is skipped. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { comparable, expected, Lane, SUITE, scenario } from "./replay.ts";

/** What only the Pulumi CLI does: the first action that is refused, and the line that says so. */
const REFUSED: Record<string, { action: number; line: string }> = {
  "42-target": {
    action: 2,
    line: "the local engine does not support --target with preview: use the Pulumi CLI (--engine pulumi)",
  },
  "45-get-resource": {
    action: 1,
    line: "the local engine does not support reading resources that the program does not manage (Resource.get): use the Pulumi CLI (--engine pulumi) for this program",
  },
  "50-transforms": {
    action: 1,
    line: "the local engine does not support transforms (registerResourceTransform): use the Pulumi CLI (--engine pulumi) for this program",
  },
  "55-continue-on-error": {
    action: 1,
    line: "the local engine does not support --continue-on-error: use the Pulumi CLI (--engine pulumi)",
  },
};

const LANES = 2;
const lanes = Array.from({ length: LANES }, () => new Lane());
const free = [...lanes];
const waiting: ((lane: Lane) => void)[] = [];

afterAll(async () => {
  await Promise.all(lanes.map((lane) => lane.close()));
});

describe.concurrent("the local engine does what the Pulumi engine does", () => {
  for (const name of readdirSync(join(SUITE, "scenarios")).sort()) {
    const { title, actions } = scenario(name);
    const refused = REFUSED[name];
    if (refused === undefined)
      it(`${name}: ${title}`, async () => {
        const outcomes = await inLane((lane) => lane.replay(name));
        expect(outcomes.map(comparable)).toEqual(expected(name));
      });
    else
      it(`${name} is refused by name in action ${refused.action}, and the state stays as it was`, async () => {
        const outcomes = await inLane((lane) => lane.replay(name, refused.action));
        const last = outcomes.at(-1);
        expect(outcomes.slice(0, -1).map(comparable)).toEqual(expected(name).slice(0, refused.action - 1));
        expect(last?.exit).toBe(1);
        expect(last?.refusals).toEqual([refused.line]);
        const untouched = refused.action === 1 ? { resources: [] } : "unchanged";
        expect(actions[refused.action - 1]?.command === "up" ? untouched : last?.state).toEqual(untouched);
      });
  }
});

async function inLane<Result>(work: (lane: Lane) => Promise<Result>): Promise<Result> {
  const lane = free.pop() ?? (await new Promise<Lane>((resolve) => waiting.push(resolve)));
  try {
    return await work(lane);
  } finally {
    const next = waiting.shift();
    if (next) next(lane);
    else free.push(lane);
  }
}
