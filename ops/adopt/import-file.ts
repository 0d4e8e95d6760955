import { readFileSync } from "node:fs";
import * as z from "zod";
import { EXIT, Refusal } from "../refusal.ts";

/**
 * What `pulumi preview --import-file` writes and `pulumi import --file` reads. Names are unique in the file; where a
 * resource shares its name with another one, `logicalName` holds the real one.
 */
export type ImportFile = z.infer<typeof FILE>;
export type ImportSpec = z.infer<typeof SPEC>;

/** What the CLI writes where an id belongs. */
export const PLACEHOLDER = "<PLACEHOLDER>";

// Further keys (version, provider, pluginDownloadUrl …) stay as they are.
const SPEC = z.looseObject({
  type: z.string(),
  name: z.string(),
  id: z.string().optional(),
  parent: z.string().optional(),
  logicalName: z.string().optional(),
  component: z.boolean().optional(),
});

const FILE = z.looseObject({
  nameTable: z.record(z.string(), z.string()).optional(),
  resources: z.array(SPEC).optional(),
});

/**
 * Reads a skeleton.
 * @throws Refusal
 */
export function readImportFile(path: string): ImportFile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw unreadable(path, error instanceof Error ? error.message : String(error));
  }
  const file = FILE.safeParse(parsed);
  if (file.success && !(typeof parsed === "object" && parsed !== null && "steps" in parsed)) return file.data;
  const [issue] = file.error?.issues ?? [];
  throw unreadable(path, issue ? `at ${issue.path.map(String).join(".")}: ${issue.message}` : "it is a preview");
}

const unreadable = (path: string, why: string) =>
  new Refusal(
    EXIT.failed,
    `${path} is no import file: ${why}.\n  Make one: pulumi preview --json --import-file import-skeleton.json > preview.json`,
  );

/**
 * The file with ids: resources without one are left out, and so are components that nothing of theirs is left of.
 */
export function filledIn(skeleton: ImportFile, ids: ReadonlyMap<ImportSpec, string>): ImportFile {
  const specs = skeleton.resources ?? [];
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const kept = new Set<ImportSpec>();
  for (const imported of ids.keys())
    for (let spec: ImportSpec | undefined = imported; spec; spec = byName.get(spec.parent ?? "")) kept.add(spec);
  const resources = specs
    .filter((spec) => kept.has(spec))
    .map((spec) => {
      const id = ids.get(spec);
      return id === undefined ? spec : { ...spec, id };
    });
  return { ...skeleton, resources };
}
