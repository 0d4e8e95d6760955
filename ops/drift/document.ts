/** A report before it has a form. What comes from resources stands in `foreign` and can't become markup in any form. */
export interface Document {
  readonly title: Line;
  /** What matters, in one line. */
  readonly summary: Line;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly title: string;
  /** Says what the items mean and what to do. */
  readonly note?: string;
  readonly items: readonly Item[];
}

export interface Item {
  readonly line: Line;
  readonly details?: readonly Line[];
}

export type Line = readonly (string | { readonly foreign: string })[];

/** A line of our own words; what is put into it is foreign text. */
export function line(words: TemplateStringsArray, ...foreign: readonly (string | number | Line)[]): Line {
  return words.flatMap((word, index): Line => {
    const part = foreign[index];
    if (part === undefined) return word === "" ? [] : [word];
    return [...(word === "" ? [] : [word]), ...(typeof part === "object" ? part : [{ foreign: String(part) }])];
  });
}

/** The longest piece of foreign text that is shown. */
const LONGEST = 300;

/**
 * Markdown for GitHub. Foreign text is shown as code, which neither HTML nor mentions leave.
 * @param limit characters; what does not fit is counted
 */
export function markdown({ title, summary, sections }: Document, limit = 60_000): string {
  const show = (parts: Line) =>
    parts.map((part) => (typeof part === "string" ? part : codeSpan(part.foreign))).join("");
  const lines = [`## ${show(title)}`, "", `**${show(summary)}**`];
  let size = lines.join("\n").length;
  for (const { title: heading, note, items } of sections) {
    const shown: string[] = [];
    const head = ["", `### ${heading}`, "", ...(note ? [note, ""] : [])];
    // Room for the heads of the sections to come and for saying what is left out.
    size += head.join("\n").length + 100;
    for (const { line: first, details = [] } of items) {
      const text = [`- ${show(first)}`, ...details.map((detail) => `  - ${show(detail)}`)].join("\n");
      if (size + text.length > limit) break;
      size += text.length + 1;
      shown.push(text);
    }
    const left = items.length - shown.length;
    lines.push(...head, ...shown, ...(left > 0 ? [`- … and ${left} more, for which there is no room here`] : []));
  }
  return `${lines.join("\n")}\n`;
}

/** For a terminal or a log; foreign text can't send control sequences. */
export function plainText({ title, summary, sections }: Document): string {
  const show = (parts: Line) => parts.map((part) => (typeof part === "string" ? part : visible(part.foreign))).join("");
  const lines = [show(title), show(summary)];
  for (const { title: heading, note, items } of sections) {
    lines.push("", heading, ...(note ? [`  ${note}`] : []));
    for (const { line: first, details = [] } of items)
      lines.push(`  - ${show(first)}`, ...details.map((detail) => `      ${show(detail)}`));
  }
  return `${lines.join("\n")}\n`;
}

/** A code span ends only at as many backticks as it began with. */
function codeSpan(text: string): string {
  const shown = visible(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = shown.startsWith("`") || shown.endsWith("`") || shown.trim() === "" ? " " : "";
  return `${fence}${padding}${shown}${padding}${fence}`;
}

/** On one line, without control characters and those that turn the direction of writing or show nothing. */
function visible(text: string): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) =>
    found === "\n" ? "⏎" : `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
  const letters = [...shown];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("")}…` : shown;
}
