import assert from "node:assert/strict";
import { archive } from "../../../ops/converge/archive.ts";
import type { Bundle } from "../../../roles/bundle.ts";
import type { Container } from "../container.ts";
import type { Lab } from "../suite.ts";

/** Lays the files of a bundle and the secrets of its services, and runs its command, as converging a host does. */
export async function converge(
  lab: Lab,
  container: Container,
  bundle: Bundle,
  secrets: Readonly<Record<string, string>>,
): Promise<string> {
  const since = performance.now();
  const packed = archive([
    ...bundle.files.map((file) => ({ ...file, path: file.path.slice(1) })),
    ...Object.entries(secrets).map(([name, content]) => {
      return { path: `etc/secrets/${name}`, mode: "0600", owner: "root:root", content };
    }),
  ]);
  const unpack =
    "umask 022; base64 -d | tar --extract --touch --directory /; chmod -f 0711 /etc/secrets /etc/secrets/* || true";
  const unpacked = await container.exec(["sh", "-c", unpack], { input: packed.toString("base64") });
  assert.equal(unpacked.stderr, "");
  const result = await container.exec(bundle.command, { timeout: 900 });
  assert.equal(result.status, 0, `${result.stdout}${result.stderr}`.slice(-4000));
  lab.took(container.name, "converged", (performance.now() - since) / 1000);
  return result.stdout;
}

/** Standard output of a script that must succeed, run as root. */
export async function shell(container: Container, script: string, timeout = 120): Promise<string> {
  const { status, stdout, stderr } = await container.exec(["sh", "-eu"], { input: script, timeout });
  assert.equal(status, 0, `${script.slice(0, 300)}: status ${status}\n${stdout}${stderr}`.slice(-4000));
  return stdout.trim();
}
