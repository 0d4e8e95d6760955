import { keepIssue } from "../github/issue.ts";
import { repositoryFrom } from "../github/repository.ts";
import { markdown } from "./document.ts";
import { type Findings, reportOf, verdictOf } from "./report.ts";

/**
 * One issue per stack: opened when there is drift, changed when the drift is another, closed when there is none. A check
 * that failed leaves it as it is, as that says nothing about drift.
 * @returns what was done, for people
 */
export async function keepDriftIssue(
  findings: Findings,
  environment: NodeJS.ProcessEnv,
  dryRun: boolean,
): Promise<string> {
  const verdict = verdictOf(findings);
  if (verdict === "broken") return "issue: left as it is, as the check itself failed";
  const { project, stack } = findings;
  return keepIssue(repositoryFrom(environment), {
    key: `drift ${project}/${stack}`,
    label: "drift",
    title: `Drift in ${stack}`,
    body: verdict === "clean" ? undefined : markdown(reportOf(findings, true)),
    closing: "The clouds are as the program says again.",
    dryRun,
  });
}
