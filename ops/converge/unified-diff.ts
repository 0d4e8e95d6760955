/** Lines of context around a change. */
const CONTEXT = 3;

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** The lines of a unified diff, without its header; none for equal texts. */
export function unifiedDiff(before: string, after: string): string[] {
  const lines = edits(linesOf(before), linesOf(after));
  const shown = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ sign }) => sign !== " "),
  );
  const out: string[] = [];
  let [old, now] = [1, 1];
  for (const [at, line] of lines.entries()) {
    if (shown[at]) {
      if (!shown[at - 1]) out.push(header(lines, shown, at, old, now));
      out.push(`${line.sign}${line.text}`);
    }
    if (line.sign !== "+") old++;
    if (line.sign !== "-") now++;
  }
  return out;
}

function header(lines: readonly Line[], shown: readonly boolean[], from: number, old: number, now: number): string {
  const end = shown.indexOf(false, from);
  const hunk = lines.slice(from, end === -1 ? undefined : end);
  const range = (start: number, not: Line["sign"]) => {
    const count = hunk.filter(({ sign }) => sign !== not).length;
    return `${count === 0 ? start - 1 : start},${count}`;
  };
  return `@@ -${range(old, "+")} +${range(now, "-")} @@`;
}

const linesOf = (text: string) => (text === "" ? [] : text.split("\n").slice(0, text.endsWith("\n") ? -1 : undefined));

/** By the longest common subsequence; configuration files are short enough for the whole table. */
function edits(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  const a = before.slice(start);
  const b = after.slice(start);
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines = before.slice(0, start).map((text): Line => ({ sign: " ", text }));
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push({ sign: " ", text: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: "-", text: left });
      i++;
    } else if (right !== undefined) {
      lines.push({ sign: "+", text: right });
      j++;
    }
  }
  return lines;
}
