import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Result } from "../command.ts";
import { ADDRESS, type Subject } from "../downloads/planned-host.ts";

export const NAME = "git.openwrt.org";

/** Somebody with git, anywhere but in an admin network. */
export interface GitClient {
  /** Runs git, over SSH as the owner of a key. */
  readonly git: (key: "alice" | "bob", ...args: string[]) => Promise<Result>;
  /** As {@link git}, and it must succeed. */
  readonly succeeds: (key: "alice" | "bob", ...args: string[]) => Promise<string>;
  /** A path for a working copy. */
  readonly folder: (name: string) => string;
  /** Commits a file to a working copy. */
  readonly commit: (folder: string, file: string, content: string) => Promise<void>;
}

export function gitClient({ lab, stations, key }: Subject): GitClient {
  const git: GitClient["git"] = (who, ...args) => {
    const options = [
      "IdentitiesOnly=yes",
      "StrictHostKeyChecking=no",
      "UserKnownHostsFile=/dev/null",
      "LogLevel=ERROR",
    ];
    const ssh = `ssh -F none -i ${key(who)} -o ${["BatchMode=yes", "ConnectTimeout=5", ...options].join(" -o ")}`;
    const names = [NAME, "git.lede-project.org"].flatMap((name) => [
      "-c",
      `http.curloptResolve=${name}:443:${ADDRESS}`,
    ]);
    return stations.outsider.exec(
      [
        ...["env", `GIT_SSH_COMMAND=${ssh}`, "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TERMINAL_PROMPT=0"],
        ...["git", "-c", "http.sslVerify=false", ...names],
        ...["-c", "user.name=Alice", "-c", "user.email=alice@example.org", ...args],
      ],
      { timeout: 60 },
    );
  };
  const succeeds: GitClient["succeeds"] = async (who, ...args) => {
    const { status, stdout, stderr } = await git(who, ...args);
    assert.equal(status, 0, `git ${args.join(" ")}: status ${status}\n${stderr}`);
    return stdout.trim();
  };
  return {
    git,
    succeeds,
    folder: (name) => join(lab.folder, "copies", name),
    commit: async (folder, file, content) => {
      await mkdir(join(folder, file, ".."), { recursive: true });
      await writeFile(join(folder, file), content);
      await succeeds("alice", "-C", folder, "add", file);
      await succeeds("alice", "-C", folder, "commit", "--quiet", "--message", `Change ${file}`);
    },
  };
}
