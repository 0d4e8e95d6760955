import type { Changes } from "./changes.ts";
import { unifiedDiff } from "./unified-diff.ts";

/** What would change on a host, for people. Values of secrets are not in it: they are not in `Changes` either. */
export function describe(host: string, changes: Changes, diffs: boolean): string {
  const { files, removed, packages, secrets, consequences, digest } = changes;
  const lines = [
    `${host}: ${digest === undefined ? "same configuration, and yet" : `${short(digest.from)} → ${short(digest.to)}`}`,
    ...files.flatMap(({ file, before }) => {
      if (!before) return [`  + ${file.path} (${file.content.split("\n").length - 1} lines)`];
      const mode = before.mode === file.mode ? "" : ` (mode ${before.mode} → ${file.mode})`;
      const diff = diffs ? unifiedDiff(before.content, file.content).map((line) => `      ${line}`.trimEnd()) : [];
      return [`  ~ ${file.path}${mode}`, ...diff];
    }),
    ...removed.map((path) => `  - ${path}`),
    ...packages.map((name) => `  package ${name}`),
    ...secrets.map(({ secret, kind }) => `  secret ${secret}: ${kind}`),
    ...consequences.map((command) => `  then ${command}`),
    ...(files.length + removed.length + packages.length + secrets.length === 0
      ? ["  its files are right, but its roles have not been applied to the end: they will be"]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** The first hexadecimal digits are enough for people. */
const short = (digest: string | undefined) =>
  digest?.replace(/^sha256:/, "").slice(0, 12) ?? "no finished configuration";
