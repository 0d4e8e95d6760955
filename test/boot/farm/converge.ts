import assert from "node:assert/strict";
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
  const files = [
    ...bundle.files,
    ...Object.entries(secrets).map(([name, content]) => ({ path: `/etc/secrets/${name}`, mode: "0600", content })),
  ];
  const script = files.map(
    ({ path, mode, content }) =>
      `mkdir -p "${path.slice(0, path.lastIndexOf("/"))}"\nbase64 -d >"${path}.new" <<'='\n${Buffer.from(content).toString("base64")}\n=\nchmod ${mode} "${path}.new"\nmv "${path}.new" "${path}"\n`,
  );
  await shell(container, `umask 022\n${script.join("")}chmod 0711 /etc/secrets /etc/secrets/* 2>/dev/null || true`);
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
