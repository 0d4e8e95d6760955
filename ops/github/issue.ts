import * as z from "zod";
import type { Repository } from "./repository.ts";

export interface KeptIssue {
  /** Says which issue it is: there is one per key. */
  readonly key: string;
  /** Only those who may sort issues can set a label, so nobody else's issue is taken for ours. */
  readonly label: string;
  readonly title: string;
  /** Markdown; undefined: there must be no open issue. Without times, so that it changes only when something changes. */
  readonly body: string | undefined;
  /** Said when the issue is closed. */
  readonly closing: string;
  /** Only reads, and says what would be done. */
  readonly dryRun: boolean;
}

/** GitHub refuses longer texts (65,536 characters, 2026); the rest is room for the marker. */
const LONGEST_BODY = 65_000;

/**
 * Opens, changes or closes the one issue of a key; does nothing when it is as it should be. Of several, the oldest is
 * kept and the others are closed.
 * @returns what was done, for people
 * @throws Refusal
 */
export async function keepIssue(repository: Repository, kept: KeptIssue): Promise<string> {
  const [issue, ...others] = await openIssues(repository, kept);
  for (const { number } of others) await close(repository, number, kept, `Continued in #${issue?.number}.`);
  const also = others.length > 0 ? `; closed ${others.map(({ number }) => `#${number}`).join(", ")}` : "";
  return `issue: ${await upkeep(repository, kept, issue)}${also}${kept.dryRun ? " (dry run: nothing was sent)" : ""}`;
}

async function upkeep(repository: Repository, kept: KeptIssue, issue: Issue | undefined): Promise<string> {
  const { title, body, label, closing, dryRun } = kept;
  if (body === undefined) {
    if (!issue) return "none open, none needed";
    await close(repository, issue.number, kept, closing);
    return `closed #${issue.number}`;
  }
  const text = `${markerOf(kept)}\n${shortened(body)}`;
  if (!issue) {
    if (dryRun) return "opened one";
    const { number } = await repository.request("POST", "/issues", ISSUE, { title, body: text, labels: [label] });
    return `opened #${number}`;
  }
  // GitHub returns line ends as they were typed, which for a person is \r\n.
  if (issue.title === title && issue.body?.replaceAll("\r\n", "\n").trim() === text.trim())
    return `#${issue.number} is up to date`;
  if (!dryRun) await repository.request("PATCH", `/issues/${issue.number}`, ISSUE, { title, body: text });
  return `updated #${issue.number}`;
}

async function close(repository: Repository, number: number, { dryRun }: KeptIssue, comment: string): Promise<void> {
  if (dryRun) return;
  await repository.request("POST", `/issues/${number}/comments`, z.object({}), { body: comment });
  await repository.request("PATCH", `/issues/${number}`, ISSUE, { state: "closed", state_reason: "completed" });
}

/** Open issues of the key, oldest first. */
async function openIssues(repository: Repository, kept: KeptIssue): Promise<Issue[]> {
  const found: Issue[] = [];
  const marker = markerOf(kept);
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = `state=open&labels=${encodeURIComponent(kept.label)}&sort=created&direction=asc&per_page=100&page=${page}`;
    const issues = await repository.request("GET", `/issues?${query}`, z.array(ISSUE));
    found.push(...issues.filter((issue) => issue.body?.startsWith(marker) && !issue.pull_request && isOurs(issue)));
    if (issues.length < 100) break;
  }
  return found;
}

const MOST_PAGES = 20;

/** Issue forms can set labels for anyone: the author must be a bot or somebody of the project, too. */
const isOurs = ({ user, author_association }: Issue) =>
  user?.type === "Bot" || ["OWNER", "MEMBER", "COLLABORATOR"].includes(author_association ?? "");

type Issue = z.infer<typeof ISSUE>;

const ISSUE = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  pull_request: z.unknown().optional(),
  user: z.object({ type: z.string().optional() }).nullish(),
  author_association: z.string().optional(),
});

/** Not shown; two dashes would end the comment. */
const markerOf = ({ key }: KeptIssue) => `<!-- foss-infra: ${key.replaceAll(/-{2,}|[<>]/g, "-")} -->`;

function shortened(body: string): string {
  if (body.length <= LONGEST_BODY) return body;
  const end = body.lastIndexOf("\n", LONGEST_BODY);
  return `${body.slice(0, end > 0 ? end : LONGEST_BODY)}\n\n… the rest does not fit into an issue.\n`;
}
