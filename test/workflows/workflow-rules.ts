import { parse } from "yaml";

/** A rule of ours that a workflow or action breaks: where and how. */
export type Problem = string;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly "timeout-minutes"?: number;
  readonly environment?: unknown;
  readonly "runs-on"?: string;
}

export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": unknown };
  readonly jobs: Readonly<Record<string, Job>>;
}

/** What a workflow may not do, whoever asks for it: https://docs.github.com/actions/reference/security (2026). */
export function workflowProblems(text: string): Problem[] {
  const workflow = parse(text) as Workflow;
  const triggers = Object.keys(workflow.on ?? {});
  const trusted = !triggers.some((trigger) => trigger === "pull_request" || trigger === "pull_request_target");
  return [
    ...(triggers.includes("pull_request_target") ? ["pull_request_target gives secrets to what a fork wrote"] : []),
    ...(isEmpty(workflow.permissions) ? [] : ["permissions of the workflow are not {}: each job names its own"]),
    ...(workflow.concurrency ? [] : ["no concurrency group"]),
    ...(workflow.concurrency?.["cancel-in-progress"] === true && trusted && triggers.includes("push")
      ? ["a run that changes something may be cancelled halfway"]
      : []),
    ...Object.entries(workflow.jobs).flatMap(([id, job]) =>
      jobProblems(job, text).map((problem) => `${id}: ${problem}`),
    ),
    ...(triggers.includes("pull_request") && !/\n {4}environment:/.test(text) && /\bsecrets\./.test(text)
      ? ["a secret that forks' pull requests could reach"]
      : []),
  ];
}

/** The same for the steps of a composite action. */
export function actionProblems(text: string): Problem[] {
  const { runs } = parse(text) as { runs: { steps: readonly Step[] } };
  return [
    ...runs.steps.flatMap((step) => stepProblems(step, text)),
    ...(/\bsecrets\./.test(text) ? ["an action is given what it needs, it takes no secret by itself"] : []),
  ];
}

function jobProblems(job: Job, text: string): Problem[] {
  const { permissions } = job;
  const unread = Object.entries(typeof permissions === "object" ? permissions : {});
  return [
    ...(permissions === undefined ? ["no permissions"] : []),
    ...(typeof permissions === "string" ? [`permissions: ${permissions} is more than any job needs`] : []),
    ...unread
      .filter(([scope, level]) => level === "write" && !WRITABLE.includes(scope))
      .map(([scope]) => `writes ${scope}`),
    ...(typeof job["timeout-minutes"] === "number" && job["timeout-minutes"] <= 60
      ? []
      : ["no timeout of an hour or less"]),
    ...(/-latest$/.test(job["runs-on"] ?? "-latest") ? ["a runner that changes without us"] : []),
    ...(job.uses ? ["a job of another repository"] : []),
    ...(job.steps ?? []).flatMap((step) => stepProblems(step, text)),
  ];
}

/** Comments and the issue of drift: nothing else is written with the workflow's token. */
const WRITABLE = ["pull-requests", "issues"];

function stepProblems({ uses, run, with: inputs }: Step, text: string): Problem[] {
  const problems: Problem[] = [];
  if (run?.includes("${{")) problems.push(`an expression in a command, where its text would be run: ${firstLine(run)}`);
  if (uses === undefined || uses.startsWith("./")) return problems;
  if (!/^actions\/[\w-]+@[0-9a-f]{40}$/.test(uses))
    problems.push(`${uses} is not an action of GitHub's, pinned by commit`);
  else if (!new RegExp(`${uses} # v\\d+\\.\\d+\\.\\d+\\n`).test(text))
    problems.push(`${uses} does not say its version`);
  if (!uses.startsWith("actions/checkout@")) return problems;
  if (inputs?.["persist-credentials"] !== false) problems.push("a checkout leaves its token to all later steps");
  if (["ref", "repository", "allow-unsafe-pr-checkout"].some((input) => inputs && input in inputs))
    problems.push("a checkout of other code than the event's");
  return problems;
}

const isEmpty = (value: unknown) => typeof value === "object" && value !== null && Object.keys(value).length === 0;
const firstLine = (text: string) => text.trim().split("\n")[0] ?? "";
