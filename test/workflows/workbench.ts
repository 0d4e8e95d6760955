import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(import.meta.dirname, "../..");

/**
 * A scratch folder in which our scripts run as on GitHub's runner, with stand-ins for the programs that would reach
 * outside. Each call of a stand-in is noted in `calls`.
 */
export class Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), "workbench-"));
  readonly #bin = join(this.folder, "bin");
  readonly #calls = join(this.folder, "calls");

  constructor() {
    mkdirSync(this.#bin);
    writeFileSync(this.#calls, "");
    for (const file of ["summary", "output"]) writeFileSync(join(this.folder, file), "");
  }

  /** A program on PATH, in bash; its call is noted first. */
  program(name: string, body: string): void {
    const path = join(this.#bin, name);
    writeFileSync(path, `#!/usr/bin/env bash\nprintf '%s\\n' "${name} $*" >> '${this.#calls}'\n${body}\n`);
    chmodSync(path, 0o755);
  }

  /** Answers of `gh api` by a part of their path, filtered by jq as gh does. */
  gitHub(answers: Readonly<Record<string, unknown>>, download = "exit 1"): void {
    const cases = Object.entries(answers).map(([part, answer], index) => {
      const file = this.write(`answer-${index}.json`, JSON.stringify(answer));
      return `*${part}*) answer='${file}' ;;`;
    });
    this.program(
      "gh",
      `if [[ $1 == run ]]; then
  while [[ $# -gt 0 ]]; do [[ $1 == --dir ]] && folder=$2; shift; done
  ${download}
  exit
fi
answer=
for word in "$@"; do case $word in *--jq*) ;; ${cases.join("\n")} esac; done
filter=.
while [[ $# -gt 0 ]]; do [[ $1 == --jq ]] && filter=$2; [[ $1 == -F ]] && cp "\${2#body=@}" '${this.folder}/posted.md'; shift; done
[[ -n $answer ]] || exit 1
jq -r "$filter" "$answer"`,
    );
  }

  write(name: string, content: string): string {
    const path = join(this.folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  read(name: string): string | undefined {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  link(name: string, target: string): void {
    mkdirSync(join(this.folder, name, ".."), { recursive: true });
    symlinkSync(target, join(this.folder, name));
  }

  /** Runs `.github/scripts/<script>` in the project's folder. */
  run(script: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    return this.runFrom(join(PROJECT, ".github/scripts", script), args, environment);
  }

  runFrom(path: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const { status, stdout, stderr } = spawnSync("bash", [path, ...args], {
      cwd: PROJECT,
      encoding: "utf8",
      env: {
        PATH: `${this.#bin}:${join(PROJECT, "node_modules/.bin")}:${process.env["PATH"]}`,
        HOME: this.folder,
        NODE_COMPILE_CACHE: join(PROJECT, "node_modules/.cache/node"),
        GITHUB_REPOSITORY: "example/infra",
        GITHUB_SHA: "a".repeat(40),
        GITHUB_STEP_SUMMARY: join(this.folder, "summary"),
        GITHUB_OUTPUT: join(this.folder, "output"),
        ...environment,
      },
    });
    return { exit: status, output: stdout + stderr };
  }

  get calls(): readonly string[] {
    return readFileSync(this.#calls, "utf8").split("\n").filter(Boolean);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
