/**
 * Text that may stand in a comment. Only `md`, `joined` and the functions here make it, so text from a resource cannot
 * get into a comment but as a code span or in a fence: there GitHub knows no HTML, mention, link, reference or emoji.
 * (Backslashes and entities would not do: mentions and references are looked for after they are resolved.)
 */
export interface Markdown {
  readonly markdown: string;
}

/** Our own words with values in them: texts become code spans, numbers stay as they are. */
export function md(words: TemplateStringsArray, ...values: readonly (Markdown | string | number)[]): Markdown {
  const parts = words.map((word, index) => {
    const value = values[index];
    if (value === undefined) return word;
    if (typeof value === "number") return word + String(value);
    return word + (typeof value === "string" ? code(value) : value).markdown;
  });
  return { markdown: parts.join("") };
}

export function joined(parts: readonly Markdown[], separator: string): Markdown {
  return { markdown: parts.map(({ markdown }) => markdown).join(separator) };
}

/** A text on one line, literally; what is beyond `columns` characters is cut. */
export function code(text: string, columns = 160): Markdown {
  // A pipe would end a table's cell, even in a code span.
  const line = clip(printable(text), columns).replaceAll("|", "│");
  if (line.trim() === "") return { markdown: "(empty)" };
  const fence = "`".repeat(longestRun(line) + 1);
  const pad = /^[`\s]|[`\s]$/.test(line) ? " " : "";
  return { markdown: `${fence}${pad}${line}${pad}${fence}` };
}

/** Lines in a fence that none of them can end. */
export function fenced(lines: readonly string[], language: "diff" | "text"): Markdown {
  const safe = lines.map((line) => clip(printable(line), 500));
  const fence = "`".repeat(Math.max(3, longestRun(safe.join("\n")) + 1));
  return { markdown: [`${fence}${language}`, ...safe, fence].join("\n") };
}

/** A list of at most `limit` points; how many more there are is said. */
export function bullets(points: readonly Markdown[], limit = Number.POSITIVE_INFINITY): Markdown {
  const more = points.length - limit;
  const shown = more > 0 ? [...points.slice(0, limit), md`and ${more} more, see the details`] : points;
  return { markdown: shown.map(({ markdown }) => `- ${markdown}`).join("\n") };
}

/** A collapsed part; the summary is our own words. */
export function collapsed(summary: string, body: Markdown): Markdown {
  return { markdown: `<details><summary>${summary}</summary>\n\n${body.markdown}\n\n</details>` };
}

/** Bytes of a comment: GitHub counts characters, so this errs on the safe side. */
export function sizeOf({ markdown }: Markdown): number {
  return Buffer.byteLength(markdown);
}

/** Control, zero-width and direction-changing characters as escapes, so that nothing is hidden or breaks the line. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, (char) => {
    if (char === "\n") return "\\n";
    if (char === "\t") return "\\t";
    return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

function clip(text: string, columns: number): string {
  const chars = [...text];
  return chars.length <= columns ? text : `${chars.slice(0, columns - 1).join("")}…`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
