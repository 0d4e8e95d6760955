import { readSync } from "node:fs";

/** Milliseconds between two looks at an input that has nothing yet. */
const PAUSE = 10;

/**
 * All of standard input as text. `readFileSync(0)` fails with EAGAIN while the other end of a pipe still thinks, when that
 * end is a Node process: those make their pipes non-blocking.
 */
export function readStandardInput(): string {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(65_536);
    const length = readChunk(chunk);
    if (length === 0) return Buffer.concat(chunks).toString("utf8");
    if (length === undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    else chunks.push(chunk.subarray(0, length));
  }
}

/** Bytes read; 0 at the end, undefined when there is nothing yet. */
function readChunk(into: Buffer): number | undefined {
  try {
    return readSync(0, into, 0, into.length, null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EAGAIN") return undefined;
    if (code === "EOF") return 0;
    throw error;
  }
}
