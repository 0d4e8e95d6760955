import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { run } from "../command.ts";

const REQUIREMENTS = new URL(
  "../../../roles/buildbot-master/files/usr/local/lib/buildbot-farm/requirements.txt",
  import.meta.url,
);

/**
 * Files of the Python packages that a master installs: hosts of the test have no network. They are downloaded once, and
 * taken only with the sums that the role pins.
 */
export async function wheels(): Promise<string[]> {
  const lines = (await readFile(REQUIREMENTS, "utf8")).matchAll(/^([\w-]+)==(\S+) --hash=sha256:([0-9a-f]{64})$/gm);
  return Promise.all([...lines].map(([, name = "", version = "", sum = ""]) => wheel(name, version, sum)));
}

async function wheel(name: string, version: string, sum: string): Promise<string> {
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "foss-infra", "boot", `wheel-${sum}`);
  const file = join(cache, `${name.replaceAll("-", "_")}-${version}-py3-none-any.whl`);
  if (existsSync(file)) return file;
  await mkdir(cache, { recursive: true });
  const index = `https://pypi.org/simple/${name}/`;
  const links = await run(["curl", "--fail", "--silent", "--show-error", "--location", index]);
  const [, link] = new RegExp(`href="([^"#]*)#sha256=${sum}"`).exec(links) ?? [];
  if (link === undefined)
    throw new Error(`${index} has no file with the sum of ${name} ${version} that the role pins.`);
  const { href } = new URL(link, index);
  await run(["curl", "--fail", "--silent", "--show-error", "--output", `${file}.new`, href]);
  const found = createHash("sha256")
    .update(await readFile(`${file}.new`))
    .digest("hex");
  if (found !== sum) throw new Error(`${name} ${version} has the sum ${found}.\n  The role pins ${sum}.`);
  await rename(`${file}.new`, file);
  return file;
}
