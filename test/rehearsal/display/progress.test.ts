import { describe, expect, it } from "vitest";
import { Progress } from "../../../rehearsal/display/progress.ts";
import { step } from "./build-events.ts";

/** Runs 120 steps past a stream that keeps what is written; the clock goes on by 50 ms at each look. */
function written(isTTY: boolean, env: NodeJS.ProcessEnv = {}): string[] {
  const lines: string[] = [];
  let time = 0;
  const stream = { isTTY, columns: 60, write: (text: string) => lines.push(text) };
  const progress = new Progress(stream, "preview", env, () => (time += 50));
  for (let index = 0; index < 120; index++)
    for (const event of step(`${"long".repeat(20)}-${index}`)) progress.add(event);
  progress.end();
  return lines;
}

describe("progress", () => {
  it("is one line on a terminal, rewritten and gone at the end", () => {
    const lines = written(true);
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      expect(line.startsWith("\r\u001b[K")).toBe(true);
      expect(line).not.toContain("\n");
      expect(line.length).toBeLessThanOrEqual(64);
    }
    expect(lines.at(-1)).toBe("\r\u001b[K");
  });

  it.each([
    ["elsewhere", false, {}],
    ["in CI", true, { CI: "true" }],
  ])("is a plain line now and then %s", (_, isTTY, env) => {
    const lines = written(isTTY, env);
    expect(lines.join("")).toMatch(/^(preview: \d+ resources, [\d.]+ s\n){2,5}$/);
  });
});
