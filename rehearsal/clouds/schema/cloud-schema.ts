/** What `<cloud>.json` holds: the resource types of one Pulumi package as its TypeScript typings declare them. */
export interface CloudSchema {
  /** Version of the package that it was extracted from. */
  version: string;
  /** Properties of the provider's own configuration. */
  config: string[];
  resources: Record<string, ResourceSchema>;
  /** Nested object types by name. */
  types: Record<string, Record<string, TypeName>>;
}

export interface ResourceSchema {
  token: string;
  /** Optional properties end in `?`. */
  inputs: Record<string, TypeName>;
  /** Inputs included. */
  outputs: string[];
}

/** `string`, `number`, `boolean`, `any`, `[T]` a list of T, `{T}` a map to T, or the name of a nested type. */
export type TypeName = string;
