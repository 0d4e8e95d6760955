import { join } from "node:path";
import type { Engine } from "./engine.ts";
import { withoutCredentials } from "./environment.ts";

/** The rehearsal's own engine, in this process. */
export const localEngine: Engine = {
  title: "local engine",
  cloudsFolder: (folder) => join(folder, "clouds"),
  async run({ command, stack, folder, options, onEvent }) {
    const [{ runOperation }, { stateFile }, { simulatedClouds }] = await Promise.all([
      import("../engine/run-operation.ts"),
      import("../engine/state-file.ts"),
      import("../clouds/simulated-clouds.ts"),
    ]);
    let sequence = 0;
    return runOperation({
      command,
      options,
      program: {
        directory: stack.directory,
        entry: stack.entry,
        project: stack.project,
        stack: stack.name,
        config: stack.config,
        secretKeys: stack.secretKeys,
        environment: withoutCredentials(process.env),
      },
      state: stateFile(folder, stack.name),
      providers: simulatedClouds(localEngine.cloudsFolder(folder)),
      onEvent: (payload) => onEvent({ sequence: sequence++, timestamp: Math.floor(Date.now() / 1000), ...payload }),
    });
  },
  async cancel(stack, folder) {
    const { stateFile } = await import("../engine/state-file.ts");
    await stateFile(folder, stack.name).cancel();
    return { exit: 0, errors: [] };
  },
};
