import { readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../command.ts";
import type { Station } from "../network.ts";

/** Plays the servers that a farm reads from and uploads to: a repository over git's own protocol, and rsync modules. */
export interface Origin {
  /** Changes files of the source on a branch, commits and pushes; deletes those without content. */
  readonly push: (branch: string, files: Readonly<Record<string, string | undefined>>) => Promise<void>;
  readonly tag: (branch: string, tag: string) => Promise<void>;
  /** Folder with `snapshots` and `releases`. */
  readonly tree: string;
  readonly published: (path: string) => string;
}

const SOURCE = fileURLToPath(new URL("./source/", import.meta.url));

export async function origin(
  folder: string,
  station: Station,
  branches: readonly string[],
  passwords: Readonly<Record<string, string>>,
): Promise<Origin> {
  const [work, git, tree] = ["work", "git", "tree"].map((name) => join(folder, name)) as [string, string, string];
  await cp(SOURCE, work, { recursive: true });
  const inWork = (...command: string[]) =>
    run(["git", "-C", work, "-c", "user.name=Alice", "-c", "user.email=alice@example.org", ...command]);
  await run(["git", "init", "--quiet", "--bare", join(git, "firmware.git")]);
  await inWork("init", "--quiet", "--initial-branch=main");
  await inWork("add", ".");
  await inWork("commit", "--quiet", "--message=First");
  await inWork("remote", "add", "origin", join(git, "firmware.git"));
  for (const branch of branches) await inWork("push", "--quiet", "origin", `main:${branch}`);
  for (const name of ["snapshots", "releases"]) await mkdir(join(tree, name), { recursive: true });
  const users = Object.entries(passwords);
  await writeFile(join(folder, "secrets"), users.map(([user, password]) => `${user}:${password}\n`).join(""), {
    mode: 0o600,
  });
  const modules = users.map(
    ([user]) =>
      `[upload-${user}]\npath = ${tree}\nread only = no\nwrite only = yes\nauth users = ${user}\nsecrets file = ${folder}/secrets\n`,
  );
  await writeFile(
    join(folder, "rsyncd.conf"),
    `uid = 0\ngid = 0\nuse chroot = no\nreverse lookup = no\n[downloads]\npath = ${tree}\n${modules.join("")}`,
  );
  // They end with their namespace.
  const hours = 3600 * 3;
  // With a socket for its input, as programs have it here, it would serve that alone.
  const serve = `exec rsync --daemon --no-detach --config=${folder}/rsyncd.conf </dev/null`;
  void station.exec(["sh", "-c", serve], { timeout: hours });
  void station.exec(["git", "daemon", "--export-all", `--base-path=${git}`, "--reuseaddr"], { timeout: hours });
  return {
    tree,
    published: (path) => readFileSync(join(tree, path), "utf8"),
    push: async (branch, files) => {
      await inWork("fetch", "--quiet", "origin");
      await inWork("checkout", "--quiet", "-B", branch, `origin/${branch}`);
      for (const [path, content] of Object.entries(files)) {
        if (content === undefined) await run(["rm", "-r", join(work, path)]);
        else {
          await mkdir(join(work, path, ".."), { recursive: true });
          await writeFile(join(work, path), content);
        }
      }
      await inWork("add", "--all");
      await inWork("commit", "--quiet", "--message=Change");
      await inWork("push", "--quiet", "origin", branch);
    },
    tag: async (branch, tag) => {
      await inWork("tag", "--annotate", "--message=Release", tag, `origin/${branch}`);
      await inWork("push", "--quiet", "origin", tag);
    },
  };
}
