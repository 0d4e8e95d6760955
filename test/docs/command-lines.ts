/** A command as a page shows it. */
export interface CommandLine {
  readonly page: string;
  readonly line: number;
  /** Words as a shell would split them, quotes taken away; without redirections and leading assignments. */
  readonly words: readonly string[];
}

/** The commands of a page's indented and fenced blocks, and those of inline code that begin with one of `programs`. */
export function commandLines(page: string, text: string, programs: readonly string[]): CommandLine[] {
  const lines = text.split("\n");
  const found: CommandLine[] = [];
  let fence: string | undefined;
  let afterBlank = true;
  let inBlock = false;
  for (const [index, line] of lines.entries()) {
    const [, mark] = /^\s*(`{3,}|~{3,})/.exec(line) ?? [];
    if (mark !== undefined) {
      fence = fence === undefined ? line.trim().replaceAll("`", "") : undefined;
      continue;
    }
    const indented = /^ {4,}\S/.test(line);
    inBlock = fence !== undefined ? /^(ba)?sh$|^$/.test(fence) : indented && (inBlock || afterBlank);
    afterBlank = line.trim() === "";
    const texts = inBlock
      ? [line]
      : [...line.matchAll(/`([^`]+)`/g)]
          .map(([, code]) => code ?? "")
          .filter((code) => programs.some((program) => code.startsWith(`${program} `)));
    for (const each of texts)
      for (const words of commandsIn(each)) if (words.length > 0) found.push({ page, line: index + 1, words });
  }
  return found;
}

/** The simple commands of a line: what `&&`, `||`, `|` and `;` separate. */
function commandsIn(line: string): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  let quote: string | undefined;
  const end = () => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else word += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= "";
    } else if (/\s/.test(char)) end();
    else if (char === "#" && word === undefined) break;
    else if (/[|&;]/.test(char)) {
      end();
      if (commands.at(-1)?.length) commands.push([]);
    } else word = (word ?? "") + char;
  }
  end();
  return commands.map(withoutShell).filter((words) => words.length > 0);
}

function withoutShell(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (/^\d?(>>?|<)$/.test(word)) at++;
    else if (!/^\d?(>>?|<)/.test(word) && !(kept.length === 0 && /^[A-Z_]+=/.test(word))) kept.push(word);
  }
  return kept;
}
