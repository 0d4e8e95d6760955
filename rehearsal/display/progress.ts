import type { EventPayload } from "../engine/events.ts";
import { isDefaultProvider } from "./special-values.ts";
import { clip, printable } from "./terminal-text.ts";

/** A terminal (or file) to which progress goes. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Without a terminal a line is written each time this many resources more are through. */
const LINE_EVERY = 50;
/** Milliseconds between two writes to a terminal. */
const REDRAW_AFTER = 80;

/** Shows how far an operation is: one line that is rewritten on a terminal, now and then a plain line elsewhere. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #word: string;
  readonly #now: () => number;
  readonly #live: boolean;
  readonly #started: number;
  #begun = 0;
  #ended = 0;
  #current = "";
  #drawn = 0;

  /** @param word what is being done, e.g. `preview` */
  constructor(
    stream: ProgressStream,
    word: string,
    env: NodeJS.ProcessEnv = process.env,
    now: () => number = Date.now,
  ) {
    this.#stream = stream;
    this.#word = word;
    this.#now = now;
    this.#live = stream.isTTY === true && !env["CI"] && env["TERM"] !== "dumb";
    this.#started = now();
    if (this.#live) this.#draw("starting the program");
  }

  add(event: EventPayload): void {
    if ("resourcePreEvent" in event) {
      const { urn } = event.resourcePreEvent.metadata;
      if (isDefaultProvider(urn)) return;
      this.#begun++;
      this.#current = printable(urn.split("::").slice(3).join("::"));
    } else if ("resOutputsEvent" in event) {
      if (isDefaultProvider(event.resOutputsEvent.metadata.urn)) return;
      this.#ended++;
    } else return;
    if (this.#live) {
      if (this.#now() - this.#drawn >= REDRAW_AFTER) this.#draw(`${this.#counts()}  ${this.#current}`);
    } else if ("resOutputsEvent" in event && this.#ended % LINE_EVERY === 0) {
      this.#stream.write(`${this.#word}: ${this.#counts()}, ${this.#elapsed()}\n`);
    }
  }

  /** Removes the live line, so that a report can follow. */
  end(): void {
    if (this.#live) this.#stream.write("\r\u001b[K");
  }

  #counts(): string {
    return `${this.#begun} begun, ${Math.min(this.#ended, this.#begun)} done`;
  }

  #elapsed(): string {
    return `${((this.#now() - this.#started) / 1000).toFixed(1)} s`;
  }

  #draw(text: string): void {
    this.#drawn = this.#now();
    this.#stream.write(
      `\r\u001b[K${clip(`${this.#word}: ${this.#elapsed()}  ${text}`, (this.#stream.columns ?? 80) - 1)}`,
    );
  }
}
