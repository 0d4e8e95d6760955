import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Cleanup } from "../cleanup.ts";
import { run } from "../command.ts";
import type { Image } from "../image.ts";

const REQUIREMENTS = new URL(
  "../../../roles/buildbot-master/files/usr/local/lib/buildbot-farm/requirements.txt",
  import.meta.url,
);

/**
 * The image with the Python packages that a master installs, in a folder where pip looks for them: hosts of the test
 * have no network. They are downloaded once, and taken only with the sums that the role pins.
 */
export async function withWheels(image: Image, cleanup: Cleanup): Promise<Image> {
  const layer = await mkdtemp(join(tmpdir(), "wheels-"));
  cleanup.add(() => run(["rm", "-r", layer]));
  await run(["chmod", "0755", layer]);
  await mkdir(join(layer, "etc"));
  await mkdir(join(layer, "srv/wheels"), { recursive: true });
  await writeFile(join(layer, "etc/pip.conf"), "[global]\nno-index = true\nfind-links = /srv/wheels\n");
  const lines = (await readFile(REQUIREMENTS, "utf8")).matchAll(/^([\w-]+)==(\S+) --hash=sha256:([0-9a-f]{64})$/gm);
  for (const [, name = "", version = "", sum = ""] of lines) {
    const file = await wheel(name, version, sum);
    await run(["cp", file, join(layer, "srv/wheels")]);
  }
  // The overlays of hosts have both below them.
  return { ...image, root: `${layer}:${image.root}` };
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
