/** A server or droplet as it is now. */
export interface Machine {
  readonly id: number;
  readonly name: string;
  /** Name of the image that it was made from, where the cloud still knows it. */
  readonly image: string | undefined;
  /** Whether the cloud refuses to delete and rebuild it. */
  readonly guarded: boolean;
  /** Whether another action is running on it. */
  readonly busy: boolean;
}

/** `failed` with the cloud's reason. */
export type ActionState = "running" | "done" | { readonly failed: string };

/** What rolling needs from a cloud. Everything throws CloudTrouble when the cloud refuses or is silent. */
export interface RollingCloud {
  readonly cloud: string;
  /** What the new system starts from, for people. */
  readonly firstBoot: string;
  /** @throws Refusal unless exactly one machine has the name */
  readonly machine: () => Promise<Machine>;
  /** @throws Refusal when the image cannot be had any more */
  readonly checkImage: () => Promise<void>;
  /** Sets or lifts the guard against deletion and rebuild of this one machine, and waits for it. */
  readonly guard: (machine: number, on: boolean) => Promise<void>;
  /** Id of the newest action on the machine; later ones are greater. */
  readonly newestAction: (machine: number) => Promise<number>;
  /** Starts the rebuild. @returns its action */
  readonly rebuild: (machine: number) => Promise<number>;
  /** A rebuild that was started after that action, if there is one. */
  readonly rebuildAfter: (machine: number, action: number) => Promise<number | undefined>;
  readonly state: (machine: number, action: number) => Promise<ActionState>;
}

/** What the new system is. */
export interface NewSystem {
  /** The machine's name in its cloud. */
  readonly name: string;
  readonly image: string;
  readonly userData: string;
}
