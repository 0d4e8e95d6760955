import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cleanup } from "./cleanup.ts";
import { run } from "./command.ts";

/** A volume as the clouds deliver it: an ext4 file system on a device. */
export interface Volume {
  /** `/dev/loop…` of this machine. */
  readonly device: string;
  /** Link by which the host finds it, such as `/dev/disk/by-id/scsi-0HC_Volume_101`. */
  readonly link: string;
}

/** A formatted volume with files on it, as if an earlier host had written them. Without files: not formatted. */
export async function volume(
  folder: string,
  link: string,
  files: Readonly<Record<string, string>> | undefined,
  cleanup: Cleanup,
): Promise<Volume> {
  const content = join(folder, "content");
  await mkdir(content, { recursive: true });
  for (const [name, text] of Object.entries(files ?? {})) await writeFile(join(content, name), text);
  const image = join(folder, "image");
  await run(["truncate", "--size=64M", image]);
  if (files) await run(["mkfs.ext4", "-q", "-d", content, image]);
  await rm(content, { recursive: true });
  const device = (await run(["losetup", "--find", "--show", image])).trim();
  cleanup.add(() => run(["losetup", "--detach", device]));
  return { device, link };
}
