import { styleText } from "node:util";
import { isSecret, isUnknown } from "./special-values.ts";

type Style = Parameters<typeof styleText>[0];

/** How wide the lines may be, and how words are coloured. */
export interface Paper {
  /** Columns. */
  width: number;
  paint: (style: Style, text: string) => string;
}

/**
 * The paper that fits a stream: colours only on a terminal and without NO_COLOR (https://no-color.org), the width from
 * COLUMNS, else from the terminal, else 100.
 */
export function paperFor(stream: { isTTY?: boolean; columns?: number }, env: NodeJS.ProcessEnv = process.env): Paper {
  const colours = stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const asked = Number(env["COLUMNS"]);
  const width = Number.isInteger(asked) && asked >= 40 ? asked : (stream.columns ?? 100);
  return {
    width,
    paint: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
  };
}

/**
 * Text from a resource or a cloud, made harmless for a terminal: control, zero-width and direction-changing characters
 * are written as escapes, so that a label can neither move the cursor nor hide a change.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, escaped);
}

function escaped(char: string): string {
  if (char === "\n") return "\\n";
  if (char === "\t") return "\\t";
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Cuts text to a number of columns; what was cut shows as an ellipsis. Wide characters count as two columns. */
export function clip(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let out = "";
  let used = 1;
  for (const char of text) {
    used += columnsOf(char);
    if (used > columns) break;
    out += char;
  }
  return `${out}…`;
}

/** Columns that text takes in a terminal: East Asian wide characters and emoji take two, combining marks none. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text) {
    if (/\p{Mn}/u.test(char)) continue;
    columns += WIDE.test(char) ? 2 : 1;
  }
  return columns;
}
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** A value of an event on one line: JSON-like, secrets hidden, unknowns named. */
export function valueText(value: unknown): string {
  if (isSecret(value)) return "[secret]";
  if (isUnknown(value)) return "[unknown until applied]";
  if (value === undefined) return "(none)";
  if (typeof value === "string") return `"${printable(value).replaceAll('"', '\\"')}"`;
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([key]) => key !== "__defaults");
    return `{${entries.map(([key, item]) => `${printable(key)}: ${valueText(item)}`).join(", ")}}`;
  }
  return String(value);
}

/** Breaks text at spaces into lines of at most `columns`; words longer than a line are cut into pieces. */
export function wrap(text: string, columns: number, indent = ""): string[] {
  const lines: string[] = [];
  const room = columns - indent.length;
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    let rest = word;
    if (line !== "" && columnsOf(line) + 1 + columnsOf(rest) <= room) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== "") lines.push(indent + line);
    while (columnsOf(rest) > room) {
      const piece = clip(rest, room + 1).slice(0, -1);
      lines.push(indent + piece);
      rest = rest.slice(piece.length);
    }
    line = rest;
  }
  if (line !== "") lines.push(indent + line);
  return lines;
}
