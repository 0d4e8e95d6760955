import { spawn, spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeWhole } from "../../ops/write-whole.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "write-whole-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("writing a file whole", () => {
  it("makes it, replaces it, and leaves nothing beside it", () => {
    const file = join(folder, "a.md");
    writeWhole(file, "one");
    writeWhole(file, "two");
    expect(readFileSync(file, "utf8")).toBe("two");
    expect(readdirSync(folder)).toEqual(["a.md"]);
  });

  it("never puts a file in the place of a pipe or a device", async () => {
    // A pipe stands for all of them: a test must not try this on a device of the machine.
    const pipe = join(folder, "pipe");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const reader = spawn("cat", [pipe]);
    const text = new Promise<string>((resolve) => {
      let read = "";
      reader.stdout.on("data", (chunk) => {
        read += String(chunk);
      });
      reader.on("close", () => resolve(read));
    });
    writeWhole(pipe, "through the pipe");
    expect(await text).toBe("through the pipe");
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    expect(readdirSync(folder)).toEqual(["pipe"]);
  });

  it("writes what a link names and keeps the link", () => {
    writeFileSync(join(folder, "real"), "old");
    symlinkSync(join(folder, "real"), join(folder, "link"));
    writeWhole(join(folder, "link"), "new");
    expect(readFileSync(join(folder, "real"), "utf8")).toBe("new");
    expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
  });

  it("refuses a folder and a place that does not exist, in two lines and without a trace", () => {
    mkdirSync(join(folder, "sub"));
    for (const path of [join(folder, "sub"), join(folder, "nowhere", "a.md")])
      expect(() => writeWhole(path, "x")).toThrow(/^Cannot write .*\n {2}Name a file/);
    expect(readdirSync(folder)).toEqual(["sub"]);
  });
});
