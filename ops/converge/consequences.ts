import { matchesGlob } from "node:path";
import type { Bundle } from "../../roles/bundle.ts";

/**
 * The commands that the roles' scripts will run because of these paths, read from their lines
 * `when_changed NAME FILE… -- COMMAND…`, and the units that go with their files. What a script decides otherwise is its
 * own; a variable that is not set by a plain assignment stands for anything.
 * @param touched absolute paths that are new, changed or removed
 * @param removed those of them that are removed
 */
export function consequences(bundle: Bundle, touched: readonly string[], removed: readonly string[]): string[] {
  const scripts = bundle.files.filter(({ path }) => /^\/usr\/local\/lib\/roles\/[^/]+\/[^/]+$/.test(path));
  const commands = scripts.flatMap(({ content }) =>
    whenChanged(content)
      .filter(({ patterns }) => touched.some((path) => patterns.some((pattern) => matchesGlob(path, pattern))))
      .map(({ command }) => command),
  );
  const disabled = removed.flatMap((path) => {
    const [, unit] = /^\/etc\/systemd\/system\/([^/@]+\.\w+)$/.exec(path) ?? [];
    return unit === undefined ? [] : [`systemctl disable --now ${unit}`];
  });
  return [...new Set([...disabled, ...commands])];
}

interface WhenChanged {
  readonly patterns: readonly string[];
  readonly command: string;
}

function whenChanged(script: string): WhenChanged[] {
  const lines = script.replaceAll("\\\n", " ").split("\n");
  const variables = new Map<string, string>();
  const found: WhenChanged[] = [];
  for (const line of lines) {
    const [, name, value] = /^\s*(\w+)=['"]?([^'"\s$`]*)['"]?$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) variables.set(name, value);
    const [, rest] = /^\s*when_changed\s+\S+\s+(.*)$/.exec(line) ?? [];
    const [patterns, command] = rest?.split(/\s--\s+/) ?? [];
    if (patterns === undefined || command === undefined) continue;
    const replaced = (text: string, other: string) =>
      text
        .replaceAll(/["']/g, "")
        .replaceAll(
          /\$(?:\{(\w+)[^}]*\}|(\w+))/g,
          (_, one?: string, two?: string) => variables.get(one ?? two ?? "") ?? other,
        );
    found.push({
      patterns: replaced(patterns, "*").split(/\s+/).filter(Boolean),
      command: replaced(command, "…").trim(),
    });
  }
  return found;
}
