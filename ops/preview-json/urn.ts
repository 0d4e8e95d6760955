/** `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>` in its parts; of another text only the name is known. */
export function urnParts(urn: string): {
  readonly stack: string;
  readonly project: string;
  readonly type: string;
  readonly name: string;
} {
  const [head = "", project = "", types = "", ...name] = urn.split("::");
  if (!head.startsWith("urn:pulumi:") || name.length === 0) return { stack: "", project: "", type: "", name: urn };
  return {
    stack: head.slice("urn:pulumi:".length),
    project,
    type: types.split("$").at(-1) ?? types,
    name: name.join("::"),
  };
}

export const STACK_TYPE = "pulumi:pulumi:Stack";

/** Providers that the engine makes up by itself. */
export function isDefaultProvider(urn: string): boolean {
  return /::pulumi:providers:[^:]+::default(_|$)/.test(urn);
}

/** `hcloud:index/server:Server` as `Server`, `foss-infra:hetzner:Server` as `Server`. */
export function shortType(type: string): string {
  return type.split(":").at(-1) ?? type;
}

/** `hcloud:index/server:Server` as `hcloud`. */
export function packageOf(type: string): string {
  return type.split(":")[0] ?? "";
}
