import { createConnection } from "node:net";
import type { Patience } from "../listings/retries.ts";

/** Whether something takes connections there. */
export type Connect = (address: string, port: number) => Promise<boolean>;

/** Waits at most five seconds. */
export const connect: Connect = (address, port) =>
  new Promise((resolve) => {
    const socket = createConnection({ host: address, port, timeout: 5000 });
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket
      .once("connect", () => end(true))
      .once("timeout", () => end(false))
      .once("error", () => end(false));
  });

/** Every ten seconds for ten minutes: a first boot installs packages before it is done, SSH comes earlier. */
const ATTEMPTS = 60;

/** Waits until SSH answers; when it never does, converging says why. */
export async function untilSshAnswers(address: string, connect: Connect, { pause }: Patience): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await connect(address, 22)) return;
    await pause(10);
  }
}
