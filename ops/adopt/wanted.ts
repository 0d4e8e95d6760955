import { isUnknown, type JsonObject, type JsonValue } from "../preview-json/json-value.ts";
import type { Preview } from "../preview-json/preview.ts";
import { STACK_TYPE } from "../preview-json/urn.ts";
import { EXIT, Refusal } from "../refusal.ts";
import type { ImportFile, ImportSpec } from "./import-file.ts";

/** A resource that the program would create, for which something may exist already. */
export interface Wanted {
  readonly spec: ImportSpec;
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** Types and name of the parents, outermost first; resources with the same one are siblings. */
  readonly parent: string;
  /** The logical name of the component that it belongs to: a host, a zone, a check. */
  readonly component: string | undefined;
  /** What the program wants it to be; what is known only later is unknown. */
  readonly inputs: JsonObject;
}

/**
 * Puts the skeleton, which knows names alone, together with the preview of the same run, which knows inputs.
 * @throws Refusal when they do not belong together
 */
export function wantedResources(skeleton: ImportFile, preview: Preview): Wanted[] {
  const specs = skeleton.resources ?? [];
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const steps = new Map(preview.steps.map((step) => [pathOf(step.urn), step]));
  return specs
    .filter((spec) => !spec.component)
    .map((spec) => {
      const { types, parent, component } = placeOf(spec, byName, skeleton.nameTable ?? {});
      const name = nameOf(spec);
      const step = steps.get(`${[...types, spec.type].join("$")}::${name}`);
      if (!step?.newState)
        throw new Refusal(
          EXIT.failed,
          `The preview does not create ${spec.type} ${JSON.stringify(name)}, which the import file names.\n` +
            "  Make both in one go: pulumi preview --json --import-file import-skeleton.json > preview.json",
        );
      return { spec, type: spec.type, name, parent, component, inputs: step.newState.inputs };
    });
}

/** An input as text; undefined where it is unknown, absent, or no text or number. */
export function textInput({ inputs }: Wanted, property: string): string | undefined {
  return textOf(inputs[property]);
}

/** A text or number, unless it is unknown or hidden. */
export function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && !isUnknown(value) && value !== "[secret]" ? value : undefined;
}

const nameOf = ({ logicalName, name }: ImportSpec) => logicalName ?? name;

/** `<types>::<name>` of a URN, without stack and project. */
const pathOf = (urn: string) => urn.split("::").slice(2).join("::");

function placeOf(
  spec: ImportSpec,
  byName: ReadonlyMap<string, ImportSpec>,
  nameTable: Readonly<Record<string, string>>,
) {
  const names: string[] = [];
  const types: string[] = [];
  for (let at = spec.parent; at !== undefined; ) {
    const urn = nameTable[at];
    const parent = byName.get(at);
    if (urn !== undefined || parent === undefined || names.length > byName.size) {
      // A parent that exists in the state already.
      const [path = "", name] = pathOf(urn ?? "").split("::");
      types.unshift(...path.split("$").filter((type) => type !== "" && type !== STACK_TYPE));
      if (name !== undefined) names.unshift(name);
      break;
    }
    types.unshift(parent.type);
    names.unshift(nameOf(parent));
    at = parent.parent;
  }
  return { types, parent: [...types, ...names].join("/"), component: names.at(-1) };
}
