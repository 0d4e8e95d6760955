/** Undoes what a run has made: mounts, namespaces, processes, loop devices. */
export interface Cleanup {
  /** Registers how to undo what was just made; undone in reverse order. The returned function undoes it now. */
  readonly add: (undo: () => Promise<unknown>) => () => Promise<void>;
  /** Undoes all that is left. A failure is reported, and the others are still undone. */
  readonly all: () => Promise<void>;
}

export function cleanups(): Cleanup {
  const pending = new Set<() => Promise<unknown>>();
  const undoNow = async (undo: () => Promise<unknown>) => {
    if (!pending.delete(undo)) return;
    await undo();
  };
  return {
    add: (undo) => {
      pending.add(undo);
      return () => undoNow(undo);
    },
    all: async () => {
      for (const undo of [...pending].reverse())
        await undoNow(undo).catch((error: Error) => console.error(`Left behind: ${error.message}`));
    },
  };
}
