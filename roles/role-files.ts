import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { HostFile } from "../model/host-configuration.ts";

/** A file as it lies in a role's folder `files/`, with `{{names}}` in it. */
export interface Template {
  readonly path: string;
  readonly content: string;
}

/**
 * The files of a role, by their path on the host. They are read when the role is loaded and never again: rendering is
 * then free of I/O.
 * @param folder `new URL("./files/", import.meta.url)`
 */
export function templates(folder: URL): Readonly<Record<string, Template>> {
  const root = fileURLToPath(folder);
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      const path = `/${relative(root, file)}`;
      return [path, { path, content: readFileSync(file, "utf8") }];
    }),
  );
}

/**
 * A template with its names replaced. Scripts may be run, all else is only read.
 * @throws Error for a name without a value and a value without a name: both are slips of the pen
 */
export function render(
  template: Template | undefined,
  values: Readonly<Record<string, string>> = {},
  mode?: string,
): HostFile {
  if (!template) throw new Error("The role has no such file.\n  Its folder files/ holds what it may render.");
  const { path } = template;
  const used = new Set<string>();
  const content = template.content.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${path}: {{${name}}} has no value.\n  Given: ${given(values)}.`);
    used.add(name);
    return value;
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0)
    throw new Error(`${path}: there is no {{${unused.join("}}, {{")}}}.\n  Given: ${given(values)}.`);
  return { path, mode: mode ?? (content.startsWith("#!") ? "0755" : "0644"), owner: "root:root", content };
}

const given = (values: Readonly<Record<string, string>>) => Object.keys(values).join(", ") || "nothing";
