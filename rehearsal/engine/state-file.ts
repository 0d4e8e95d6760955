import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  DEPLOYMENT_VERSION,
  type JsonObject,
  pendingFromJson,
  pendingJson,
  resourceFromJson,
  resourceJson,
} from "./deployment-json.ts";
import { type SecretKey, secretKey } from "./secret-key.ts";
import { type Deployment, type ResourceState, StateError, type StateStore } from "./state-store.ts";

/** A text where a real deployment has a number: `pulumi stack import` refuses the file. */
const MARK = "rehearsal-1: the state of simulated clouds, not of a stack";

/** State in one file, `<directory>/<stack>.rehearsal.json`, with its key and its lock beside it. */
export function stateFile(directory: string, stack: string): StateStore {
  const path = join(directory, `${stack}.rehearsal.json`);
  const lockPath = join(directory, `${stack}.lock`);
  const written = new WeakMap<ResourceState, Buffer>();
  let key: Promise<SecretKey> | undefined;
  const unlocked = () => {
    key ??= secretKey(join(directory, `${stack}.key`));
    return key;
  };
  return {
    async read() {
      const content = await textOf(path);
      if (content === undefined) return { resources: [], pending: [] };
      const { open: opened } = content.includes('"ciphertext"') ? await unlocked() : NO_KEY;
      const { resources = [], pending_operations: pending = [] } = parse(path, content);
      try {
        return {
          resources: resources.map((json) => resourceFromJson(json, opened)),
          pending: pending.map((json) => pendingFromJson(json, opened)),
        };
      } catch (error) {
        throw new StateError(`${path}: ${(error as Error).message}`);
      }
    },

    async write(deployment) {
      await mkdir(directory, { recursive: true });
      const temporary = `${path}.${process.pid}.tmp`;
      const content = render(deployment, written, await unlocked());
      try {
        await writeWhole(temporary, content);
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw new StateError(`${path} can't be written: ${(error as Error).message}. It is as it was before.`);
      }
    },

    async lock(command) {
      await mkdir(directory, { recursive: true });
      try {
        const file = await open(lockPath, "wx");
        await file.writeFile(`${JSON.stringify({ pid: process.pid, command })}\n`);
        await file.close();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        const holder = (await textOf(lockPath))?.trim() ?? "";
        throw new StateError(
          `the stack is currently locked by 1 lock(s): ${lockPath} ${holder}. Either wait for the other process to end ` +
            "or, when there is none, delete the lock with `cancel`.",
        );
      }
      return () => rm(lockPath, { force: true });
    },

    async cancel() {
      await rm(lockPath, { force: true });
    },
  };
}

/** One resource a line, so that two states can be compared; what did not change is not rendered again. */
function render(
  { resources, pending }: Deployment,
  written: WeakMap<ResourceState, Buffer>,
  { seal }: SecretKey,
): Buffer[] {
  const lines = resources.map((resource, index) => {
    const line = written.get(resource) ?? Buffer.from(`,\n${JSON.stringify(resourceJson(resource, seal))}`);
    written.set(resource, line);
    return index === 0 ? line.subarray(1) : line;
  });
  const operations = pending.map((operation) => JSON.stringify(pendingJson(operation, seal)));
  return [
    Buffer.from(
      `{"version":${JSON.stringify(MARK)},"rehearsal":{"version":${DEPLOYMENT_VERSION},"deployment":{"resources":[`,
    ),
    ...lines,
    Buffer.from(`\n],"pending_operations":[\n${operations.join(",\n")}\n]}}}\n`),
  ];
}

/** From the pieces as they are: joined, a large state would be copied for each change. */
async function writeWhole(path: string, pieces: readonly Buffer[]): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    const { bytesWritten } = await file.writev(pieces);
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    // A disk that fills up on the way is no error of the call.
    if (bytesWritten < bytes) throw new Error(`${bytesWritten} of ${bytes} bytes were written: is the disk full?`);
  } finally {
    await file.close();
  }
}

interface Content {
  resources?: JsonObject[];
  pending_operations?: JsonObject[];
}

function parse(path: string, content: string): Content {
  const advice = "Nothing was changed: restore the file, or remove it to begin with an empty rehearsal.";
  let json: { version?: unknown; rehearsal?: { version?: unknown; deployment?: Content } };
  try {
    json = JSON.parse(content);
  } catch (error) {
    throw new StateError(`${path} is damaged or incomplete (${(error as Error).message}).\n${advice}`);
  }
  if (typeof json.version === "number")
    throw new StateError(`${path} is the deployment of a real stack, not the state of a rehearsal.\n${advice}`);
  if (json.version !== MARK || json.rehearsal?.version !== DEPLOYMENT_VERSION)
    throw new StateError(
      `${path} was written by another version of the rehearsal (${JSON.stringify(json.version)}, deployment ` +
        `${JSON.stringify(json.rehearsal?.version)}; this one reads "${MARK}", ${DEPLOYMENT_VERSION}).\n${advice}`,
    );
  const { deployment } = json.rehearsal;
  if (!deployment || !Array.isArray(deployment.resources))
    throw new StateError(`${path} lists no resources.\n${advice}`);
  return deployment;
}

const NO_KEY: SecretKey = { seal: (plaintext) => ({ plaintext }), open: ({ plaintext }) => plaintext ?? "null" };

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new StateError(`${path} can't be read: ${(error as Error).message}`);
  }
}
