import type { Value, Values } from "../provider.ts";
import type { CloudFile } from "./cloud-file.ts";

/**
 * One resource type of a simulated cloud. Names, types and requiredness of its inputs come from the package's typings
 * (`schema/<cloud>.json`); the table says what they don't: how the bridged provider plans and what the cloud answers.
 * `Input` and `Output` are property names.
 */
export interface ResourceTable<Input extends string = string, Output extends string = string> {
  /** Kind of the upstream provider: `sdk` (Terraform SDKv2: detailed diffs, `__defaults`) or `framework` (neither). */
  readonly kind: "sdk" | "framework";
  /** `name` may be left out and is made from the logical name. */
  readonly autoName?: { readonly lowerCase?: boolean; readonly maximum: number };
  /** Defaults that the provider writes into the inputs (SDK only; a zero default is never written). */
  readonly defaults?: Readonly<Partial<Record<Input, Value>>>;
  /** What an input left out reads back as. */
  readonly readsAs?: Readonly<Partial<Record<Input, Value>>>;
  /** The same for properties of nested objects, at any depth. */
  readonly nestedReadsAs?: Readonly<Record<string, Value>>;
  /** Inputs that the cloud fills in when they are left out. */
  readonly optionalComputed?: readonly Input[];
  /** Nested properties that the cloud fills in when they are left out (`id` of a rule). */
  readonly nestedComputed?: readonly string[];
  /** Outputs that keep their value in the plan of an update (framework only: the SDK keeps all). */
  readonly keeps?: readonly Output[];
  /** The same, unless this input changes. */
  readonly keepsUnless?: Readonly<Partial<Record<Output, Input>>>;
  /** Inputs that are set at creation; later edits do nothing. */
  readonly fixed?: readonly Input[];
  /** Inputs whose change needs a replacement; nested ones as `redirect.sourceUrl`. */
  readonly replacedBy?: readonly (Input | `${Input}.${string}`)[];
  /** Replacement for some changes of an input only. */
  readonly replacedWhen?: Readonly<Partial<Record<Input, (before: Value, after: Value) => boolean>>>;
  /** Lists without order, at any depth. */
  readonly sets?: readonly string[];
  /** Properties that a read does not bring back: drift in them is invisible. */
  readonly blind?: readonly Output[];
  /** Blind properties that the cloud's file does not even hold (passwords). */
  readonly neverStored?: readonly Output[];
  /** What the state keeps instead of the input (a digest of user data). */
  readonly stateOf?: Readonly<Partial<Record<Input, (value: string) => string>>>;
  /** References to other objects of the cloud: the input holds an id or a list of ids. */
  readonly references?: Readonly<Partial<Record<Input, Reference>>>;
  /** Properties that together may occur once; a list of such lists. */
  readonly unique?: readonly (readonly Input[])[];
  /** An import id is `<first>/…/<last>`: these inputs, then the id of the object. */
  readonly importPath?: readonly string[];
  /** Ids of new objects; default: what the cloud uses. */
  readonly id?: (operation: Operation) => string;
  /** What the provider refuses without asking the cloud. Values may be unknown. */
  readonly check?: (inputs: Values, fail: (property: string, reason: string) => void) => void;
  /** What the provider refuses when it plans an update; undefined: nothing. */
  readonly planRefusal?: (before: Values, after: Values) => string | undefined;
  /** What the cloud refuses when the object is created or changed. */
  readonly rules?: (operation: Operation) => void;
  /** What the cloud adds to a new object. */
  readonly created?: (operation: Operation) => Values;
  /** What else changes in an update. */
  readonly updated?: (operation: Operation & { readonly before: Values }) => Values;
  /** What the cloud refuses or does besides when the object is deleted. */
  readonly deleted?: (operation: Operation) => void;
  /** Outputs that follow from other objects of the cloud, at each read. */
  readonly derived?: (object: Values, id: string, cloud: CloudFile) => Values;
  /** The object is in the file, but no longer in effect. */
  readonly gone?: (object: Values, id: string, cloud: CloudFile) => boolean;
  /** What the provider cannot read, though it should take it for gone; undefined: it can. */
  readonly readError?: (state: Values, cloud: CloudFile) => string | undefined;
  /** A delete changes nothing in the cloud: the value stays (zone settings). */
  readonly deleteKeeps?: boolean;
  /** To delete what is gone already is an error; other providers take it as done. */
  readonly missesWhenGone?: boolean;
  /** The provider lifts `deleteProtection` by itself. */
  readonly liftsProtection?: boolean;
}

export interface Reference {
  readonly type: string;
  /** When the object referred to is deleted: refuse, delete this one as well, or let go of it; `leave`: no change. */
  readonly onDelete: "refuse" | "delete" | "detach" | "leave";
}

/** What a table's functions are told. */
export interface Operation {
  readonly cloud: CloudFile;
  readonly type: string;
  /** Empty while the object is being created. */
  readonly id: string;
  /** The object as it is to be: inputs without secrets and unknowns, with what inputs left out read as. */
  readonly object: Values;
  /** Ends the operation with the cloud's error. */
  refuse(code: string, rule: string, remedy: string): never;
}

/** A table whose property names are checked against the typings of the Pulumi package. */
export const resourceTable = <Args, State>(
  table: ResourceTable<keyof Args & string, (keyof State | keyof Args) & string>,
): ResourceTable => table as ResourceTable;
