import { StateError, type StateStore } from "./state-store.ts";

/** State in one file, `<directory>/<stack>.rehearsal.json`, with its key and lock beside it. */
export function stateFile(directory: string, stack: string): StateStore {
  throw new StateError(`${directory}/${stack}: not implemented yet`);
}
