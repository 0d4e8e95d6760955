/** The state while an operation runs: what is new, what is still as it was, and what is under way. */
import type { Deployment, PendingOperation, ResourceState, StateStore } from "./state-store.ts";

export class Snapshot {
  readonly #store: StateStore | undefined;
  readonly #base: readonly ResourceState[];
  readonly #earlier: readonly PendingOperation[];
  /** Resource of the old state → what stands in its place at the end of the list, or nothing. */
  readonly #olds = new Map<ResourceState, ResourceState | undefined>();
  /** In the order in which they were finished; keyed by what later steps call `old`. */
  readonly #news: ResourceState[] = [];
  readonly #pending = new Set<PendingOperation>();
  #renamed: ReadonlyMap<string, string> = new Map();
  #writing: Promise<void> | undefined;
  #queued: Promise<void> | undefined;

  /** Without a store nothing is written (previews). `earlier` are the operations that an earlier run left unfinished. */
  constructor(base: readonly ResourceState[], earlier: readonly PendingOperation[], store: StateStore | undefined) {
    this.#base = base;
    this.#earlier = earlier;
    this.#store = store;
  }

  /** Old URN → new URN, for mentions of what was found under an alias. */
  rename(renamed: ReadonlyMap<string, string>): void {
    this.#renamed = renamed;
  }

  /** Records that an operation begins, so that an interruption is noticed. */
  async begin(type: PendingOperation["type"], resource: ResourceState): Promise<() => void> {
    const operation: PendingOperation = { type, resource };
    this.#pending.add(operation);
    try {
      await this.save();
    } catch (error) {
      this.#pending.delete(operation);
      throw error;
    }
    return () => this.#pending.delete(operation);
  }

  /** `state` takes the place of `old`, or is new. */
  put(old: ResourceState | undefined, state: ResourceState): void {
    const at = old === undefined ? -1 : this.#news.indexOf(old);
    if (at >= 0) {
      this.#news[at] = state;
      return;
    }
    if (old !== undefined) this.#olds.set(old, undefined);
    this.#news.push(state);
  }

  /** `state` replaces `old` where it stands. */
  mark(old: ResourceState, state: ResourceState): void {
    this.#olds.set(old, state);
  }

  remove(old: ResourceState): void {
    const at = this.#news.indexOf(old);
    if (at >= 0) this.#news.splice(at, 1);
    else this.#olds.set(old, undefined);
  }

  /** The deployment as it would be written now. */
  deployment(): Deployment {
    const rest = this.#base.flatMap((old) => {
      const state = this.#olds.has(old) ? this.#olds.get(old) : old;
      return state === undefined ? [] : [this.#withNewUrns(state)];
    });
    return { resources: [...this.#news, ...rest], pending: [...this.#earlier, ...this.#pending] };
  }

  /** Writes the state; calls that come while a write is under way share the next one. */
  async save(): Promise<void> {
    if (!this.#store) return;
    if (this.#queued) return this.#queued;
    const store = this.#store;
    // Whoever waited for a write that failed knows; the next one may succeed.
    const previous = (this.#writing ?? Promise.resolve()).catch(() => {});
    this.#queued = previous.then(() => {
      this.#queued = undefined;
      this.#writing = store.write(this.deployment());
      return this.#writing;
    });
    return this.#queued;
  }

  /** The last write of a successful operation: what an earlier run was changing or deleting is settled now. */
  async finish(
    keepPending: (operation: PendingOperation) => boolean,
    tidy: (resources: readonly ResourceState[]) => readonly ResourceState[] = (resources) => resources,
  ): Promise<void> {
    await this.save();
    if (!this.#store) return;
    const { resources, pending } = this.deployment();
    await this.#store.write({ resources: tidy(resources), pending: pending.filter(keepPending) });
  }

  #withNewUrns(state: ResourceState): ResourceState {
    if (this.#renamed.size === 0) return state;
    const current = (urn: string) => this.#renamed.get(urn) ?? urn;
    return {
      ...state,
      parent: current(state.parent),
      deletedWith: current(state.deletedWith),
      dependencies: state.dependencies.map(current),
      propertyDependencies: Object.fromEntries(
        Object.entries(state.propertyDependencies).map(([key, urns]) => [key, urns.map(current)]),
      ),
    };
  }
}
