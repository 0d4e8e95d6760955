// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub's workflows
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { actionProblems, type Workflow, workflowProblems } from "./workflow-rules.ts";

const PROJECT = join(import.meta.dirname, "../..");
const GITHUB = join(PROJECT, ".github");
const files = readdirSync(join(GITHUB, "workflows")).filter((file) => file.endsWith(".yml"));
const text = (file: string) => readFileSync(join(GITHUB, "workflows", file), "utf8");
const workflow = (file: string) => parse(text(file)) as Workflow;
const stacks = readdirSync(PROJECT).flatMap((file) => /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1] ?? []);

describe("the workflows", () => {
  test.each(files)("%s keeps all rules", (file) => expect(workflowProblems(text(file))).toEqual([]));

  test("the action that prepares jobs keeps them too", () => {
    expect(actionProblems(readFileSync(join(GITHUB, "actions/prepare/action.yml"), "utf8"))).toEqual([]);
  });

  test("what forks can run gets no secret, no environment and only reads", () => {
    for (const file of ["check.yml", "boot.yml"]) {
      expect(text(file)).not.toMatch(/secrets\.|vars\.|github\.token|GITHUB_TOKEN/);
      for (const job of Object.values(workflow(file).jobs)) {
        expect(job.environment).toBeUndefined();
        expect(job.permissions).toEqual({ contents: "read" });
      }
    }
  });

  test("tokens of clouds stand behind an environment of the stack, and only a deployment's can write", () => {
    const environments = files.flatMap((file) =>
      Object.values(workflow(file).jobs).flatMap((job) => {
        const used = JSON.stringify(job).includes("secrets.");
        expect(job.environment !== undefined, file).toBe(used);
        return used ? [`${file} ${String(job.environment)}`] : [];
      }),
    );
    expect(environments.sort()).toEqual([
      "deploy.yml deploy-${{ matrix.stack }}",
      "deploy.yml read-${{ matrix.stack }}",
      "drift.yml read-${{ matrix.stack }}",
      "preview.yml preview-${{ matrix.stack }}",
    ]);
  });

  test("a branch's code and a token that can write comments never meet", () => {
    const commenting = files.filter((file) => text(file).includes("pull-requests: write"));
    expect(commenting).toEqual(["comment.yml"]);
    expect(Object.keys(workflow("comment.yml").on)).toEqual(["workflow_run"]);
  });

  test("a fork's run can't pass as a real preview", () => {
    expect(JSON.stringify(workflow("comment.yml").jobs)).toContain(
      "(github.event.workflow_run.name == 'check' || github.event.workflow_run.head_repository.full_name == github.repository)",
    );
    expect(workflow("comment.yml").on["workflow_run"]).toMatchObject({
      workflows: [workflow("check.yml").name, workflow("preview.yml").name],
    });
  });

  test("nothing that changes a cloud or an issue is cancelled halfway", () => {
    for (const file of ["deploy.yml", "drift.yml", "comment.yml"])
      expect(workflow(file).concurrency?.["cancel-in-progress"], file).toBe(false);
  });

  test("every stack of the project is rehearsed and commented on", () => {
    expect(stacks.sort()).toEqual(["prod", "rdo"]);
    expect(text("check.yml")).toContain(`stack: [${stacks.join(", ")}]`);
    expect(text("comment.yml")).toContain(JSON.stringify(stacks).replace(",", ", "));
  });

  test("the version of an action is the same everywhere", () => {
    const all = [...files.map(text), readFileSync(join(GITHUB, "actions/prepare/action.yml"), "utf8")].join("\n");
    const pins = new Set(
      [...all.matchAll(/uses: (actions\/[\w-]+)@(.*)/g)].map(([, action, pin]) => `${action} ${pin}`),
    );
    expect(pins.size).toBe(new Set([...pins].map((pin) => pin.split(" ")[0])).size);
  });

  test("commands name scripts that are there, and are shell", () => {
    const commands = files.flatMap((file) =>
      Object.values(workflow(file).jobs).flatMap(({ steps }) => (steps ?? []).flatMap(({ run }) => run ?? [])),
    );
    for (const command of commands) {
      expect(spawnSync("bash", ["-n"], { input: command }).status, command).toBe(0);
      for (const [path] of command.matchAll(/\.(?:github|ci)\/[\w./-]+/g))
        expect(statSync(join(PROJECT, path)).mode & 0o111, path).toBeGreaterThan(0);
    }
  });

  test.each(readdirSync(join(GITHUB, "scripts")))("%s is bash that stops at the first fault", (file) => {
    const path = join(GITHUB, "scripts", file);
    execFileSync("bash", ["-n", path]);
    expect(readFileSync(path, "utf8")).toMatch(/^#!\/usr\/bin\/env bash\n# [\s\S]*\nset -euo pipefail\n/);
  });
});

describe("the rules find", () => {
  const good = `name: x
on: { pull_request: }
permissions: {}
concurrency: { group: x, cancel-in-progress: true }
jobs:
  a:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: { persist-credentials: false }
      - run: make
`;
  test("nothing in a good workflow", () => expect(workflowProblems(good)).toEqual([]));

  test.each([
    ["pull_request_target", "pull_request:", "pull_request_target:", /gives secrets/],
    ["a tag instead of a commit", /@\w+ # v7.0.1/, "@v7", /pinned by commit/],
    ["a short commit", "3d3c42e5aac5ba805825da76410c181273ba90b1", "3d3c42e", /pinned by commit/],
    ["somebody else's action", "actions/checkout@", "someone/checkout@", /GitHub's/],
    ["a pin without its version", " # v7.0.1", "", /version/],
    [
      "a title in a command",
      "run: make",
      "run: echo ${{ github.event.pull_request.title }}",
      /expression in a command/,
    ],
    ["a job without permissions", /\n {4}permissions.*/, "", /a: no permissions/],
    ["write-all", "permissions: { contents: read }", "permissions: write-all", /write-all/],
    ["a job that can push", "contents: read", "contents: write", /writes contents/],
    ["a job without a timeout", /\n {4}timeout.*/, "", /timeout/],
    ["a runner that changes", "ubuntu-24.04", "ubuntu-latest", /runner/],
    ["a token left by the checkout", "persist-credentials: false", "fetch-depth: 0", /leaves its token/],
    ["a fork's code by its ref", "persist-credentials: false", "persist-credentials: false, ref: x", /other code/],
    ["a secret without environment", "run: make", "run: make\n        env: { T: '${{ secrets.T }}' }", /could reach/],
    ["permissions for all jobs", "permissions: {}\n", "permissions: { contents: read }\n", /each job/],
    ["no concurrency", /concurrency.*\n/, "", /concurrency/],
  ])("%s", (_, from, to, problem) => {
    const bad = good.replace(from, to);
    expect(bad).not.toBe(good);
    expect(workflowProblems(bad).join("\n")).toMatch(problem);
  });
});
