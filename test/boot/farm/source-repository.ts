import assert from "node:assert/strict";
import { appendFile, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Result } from "../command.ts";
import type { Station } from "../network.ts";
import type { Lab } from "../suite.ts";
import { names } from "./estate.ts";

/** The project's source on its git server, and a working copy of somebody who writes it, anywhere in the Internet. */
export interface SourceRepository {
  /** Makes the repository, by the rules of gitolite, and pushes its first commit to all branches. */
  readonly create: () => Promise<void>;
  /** Changes files on a branch, commits and pushes; deletes those without content. */
  readonly push: (branch: string, files: Readonly<Record<string, string | undefined>>) => Promise<void>;
  readonly tag: (branch: string, tag: string) => Promise<void>;
  /** Runs git in the working copy, over SSH with the key of an admin or of somebody whom nobody let in. */
  readonly git: (key: "alice" | "bob", ...args: string[]) => Promise<Result>;
}

const SERVER = "git.example.org";
export const PUSH = `ssh://git@${names[SERVER]}/firmware.git`;
export const CLONE = `https://${SERVER}/firmware.git`;
const SOURCE = fileURLToPath(new URL("./source/", import.meta.url));
const RULES = `
repo firmware
    RW+ = @admins
    R = daemon gitweb
`;

export function sourceRepository(
  lab: Lab,
  from: Station,
  keys: string,
  root: string,
  branches: readonly string[],
): SourceRepository {
  const [work, rules] = [join(lab.folder, "firmware"), join(lab.folder, "gitolite-admin")];
  const gitIn =
    (folder: string): SourceRepository["git"] =>
    (who, ...args) => {
      const options = [
        ...["BatchMode=yes", "ConnectTimeout=5", "IdentitiesOnly=yes", "LogLevel=ERROR"],
        ...["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"],
      ];
      const ssh = `ssh -F none -i ${join(keys, who)} -o ${options.join(" -o ")}`;
      const settings = [
        `http.curloptResolve=${SERVER}:443:${names[SERVER]}`,
        "user.name=Alice",
        "user.email=alice@example.org",
      ].flatMap((setting) => ["-c", setting]);
      return from.exec(
        [
          ...[
            "env",
            `GIT_SSH_COMMAND=${ssh}`,
            `GIT_SSL_CAINFO=${root}`,
            "GIT_CONFIG_GLOBAL=/dev/null",
            "GIT_TERMINAL_PROMPT=0",
          ],
          ...["git", "-C", folder, ...settings, ...args],
        ],
        { timeout: 60 },
      );
    };
  const succeeds = async (folder: string, ...args: string[]) => {
    const { status, stderr } = await gitIn(folder)("alice", ...args);
    assert.equal(status, 0, `git ${args.join(" ")}: status ${status}\n${stderr}`);
  };
  const inWork = (...args: string[]) => succeeds(work, ...args);
  return {
    git: gitIn(work),
    create: async () => {
      await succeeds("/", "clone", "--quiet", PUSH.replace("firmware", "gitolite-admin"), rules);
      await appendFile(join(rules, "conf/gitolite.conf"), RULES);
      await succeeds(rules, "commit", "--quiet", "--all", "--message=Firmware");
      await succeeds(rules, "push", "--quiet");
      await cp(SOURCE, work, { recursive: true });
      await inWork("init", "--quiet", "--initial-branch=main");
      await inWork("add", ".");
      await inWork("commit", "--quiet", "--message=First");
      await inWork("remote", "add", "origin", PUSH);
      await inWork("push", "--quiet", "origin", ...branches.map((branch) => `main:refs/heads/${branch}`));
      await inWork("fetch", "--quiet", "origin");
    },
    push: async (branch, files) => {
      await inWork("checkout", "--quiet", "-B", branch, `origin/${branch}`);
      for (const [path, content] of Object.entries(files)) {
        const file = join(work, path);
        if (content === undefined) await rm(file, { recursive: true });
        else {
          await mkdir(join(file, ".."), { recursive: true });
          await writeFile(file, content);
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
