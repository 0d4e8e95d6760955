import type { ImportFile, ImportSpec } from "../../../ops/adopt/import-file.ts";
import type { Preview } from "../../../ops/preview-json/preview.ts";
import { STACK_TYPE, urnParts } from "../../../ops/preview-json/urn.ts";

/** The skeleton that `pulumi preview --import-file` writes for the creations of a preview (recorded form, CLI 3.260). */
export function skeletonOf({ steps }: Preview): ImportFile {
  const names = new Map<string, string>();
  const resources: ImportSpec[] = [];
  for (const { op, urn, newState } of steps) {
    const { type, name: logicalName } = urnParts(urn);
    if (op !== "create" || type === STACK_TYPE || !newState) continue;
    const name = uniqueName(logicalName, type, new Set(names.values()));
    names.set(urn, name);
    const parent = newState.parent === undefined ? undefined : names.get(newState.parent);
    resources.push({
      type,
      name,
      ...(newState.custom ? { id: "<PLACEHOLDER>" } : {}),
      ...(parent === undefined ? {} : { parent }),
      ...(newState.custom ? { version: "1.0.0" } : { component: true }),
      ...(name === logicalName ? {} : { logicalName }),
    });
  }
  return { resources };
}

/** First the type is put behind the name, then a number. */
function uniqueName(name: string, type: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const base = `${name}${type.split(":").at(-1)}`;
  for (let count = 1; ; count++) {
    const next = count === 1 ? base : `${base}${count}`;
    if (!taken.has(next)) return next;
  }
}
