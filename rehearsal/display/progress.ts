import type { EventPayload } from "../engine/events.ts";
import { isDefaultProvider } from "./special-values.ts";
import { clip, printable } from "./terminal-text.ts";

/** A terminal (or file) to which progress goes. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Milliseconds between two lines where there is no terminal. */
const LINE_AFTER = 3000;
/** Milliseconds between two writes to a terminal. */
const REDRAW_AFTER = 80;

/** Shows how far an operation is: one line that is rewritten on a terminal, now and then a plain line elsewhere. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #word: string;
  readonly #now: () => number;
  readonly #live: boolean;
  readonly #started: number;
  readonly #begun = new Set<string>();
  readonly #ended = new Set<string>();
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
    this.#drawn = this.#started;
    if (this.#live) this.#draw("starting the program");
  }

  add(event: EventPayload): void {
    if ("resourcePreEvent" in event) this.#begin(event.resourcePreEvent.metadata.urn);
    else if ("resOutputsEvent" in event) this.#ended.add(event.resOutputsEvent.metadata.urn);
    else return;
    if (this.#live && this.#now() - this.#drawn >= REDRAW_AFTER) {
      this.#draw(`${this.#begun.size} resources, ${this.#open()} under way  ${this.#current}`);
    }
  }

  /** Removes the live line, so that a report can follow. */
  end(): void {
    if (this.#live) this.#stream.write("\r\u001b[K");
  }

  #begin(urn: string): void {
    if (isDefaultProvider(urn) || this.#begun.has(urn)) return;
    this.#begun.add(urn);
    this.#current = printable(urn.split("::").slice(3).join("::"));
    if (this.#live || this.#now() - this.#drawn < LINE_AFTER) return;
    this.#drawn = this.#now();
    this.#stream.write(`${this.#word}: ${this.#begun.size} resources, ${this.#elapsed()}\n`);
  }

  #open(): number {
    return this.#begun.size - this.#begun.intersection(this.#ended).size;
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
