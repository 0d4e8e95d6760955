import { stripVTControlCharacters } from "node:util";
import { planDigest, planOf } from "../digest/plan.ts";
import type { Diagnostic, Preview } from "../preview-json/preview.ts";
import { afterwards } from "./afterwards.ts";
import { costChanges, costLine, costTable } from "./cost-section.ts";
import { detailSection, details, stepLines } from "./details.ts";
import { estateReport, isReport } from "./estate-report.ts";
import { type Finding, TOPICS, type Topic } from "./finding.ts";
import { findings, plannedSteps } from "./findings/findings.ts";
import { bullets, code, collapsed, fenced, joined, type Markdown, md, sizeOf } from "./markdown.ts";
import { nameAndAddressChanges } from "./names-section.ts";

export interface Review {
  /** The comment; under `LIMIT` bytes. */
  readonly markdown: string;
  readonly verdict: "failed" | "risky" | "harmless";
  /** The plan's digest; undefined when the preview failed. */
  readonly digest: string | undefined;
}

export interface ReviewOptions {
  readonly stack: string;
  readonly title?: string | undefined;
  /** For the hashes of secrets in the digest. */
  readonly key?: string | undefined;
}

/** GitHub refuses comments over 65,536 characters; the rest is left for whoever puts something around this one. */
export const LIMIT = 60_000;

/** A reviewer's comment: verdict, counts and cost in the first three lines, then risks, what to do afterwards, details. */
export function review(preview: Preview, { stack, title, key }: ReviewOptions): Review {
  const steps = plannedSteps(preview);
  const found = findings(preview);
  const risks = found.filter(({ level }) => level === "risk");
  const notes = found.filter(({ level }) => level === "note");
  const { before, after } = estateReport(preview);
  const digest = preview.succeeded ? planDigest(planOf(preview, key)) : undefined;
  const todo = preview.succeeded ? afterwards(steps, before, after) : [];
  const moved = nameAndAddressChanges(steps);
  const table = costChanges(before, after) ? costTable(before, after) : undefined;

  const head = [
    { markdown: marker(stack) },
    md`### ${verdictLine(preview, risks)} – ${code(title ?? stack, 100)}`,
    { markdown: `${counts(preview).markdown}\n${costLine(before, after).markdown}` },
    ...(preview.succeeded ? [] : [errors(preview)]),
    ...section(
      "Risks",
      risks.map(({ text }) => text),
      40,
    ),
    ...section("Afterwards", todo, 20),
    ...section(
      "Also",
      notes.map(({ text }) => text),
      20,
    ),
    ...(table ? [collapsed("Cost per payer", table)] : []),
    ...(moved.length > 0 ? [collapsed(`Names and addresses: ${moved.length}`, bullets(moved, 100))] : []),
  ];
  const foot = [...warnings(preview), footer(digest)];
  return {
    markdown: `${withDetails(fitting(head), foot, preview)}\n`,
    verdict: preview.succeeded ? (risks.length > 0 ? "risky" : "harmless") : "failed",
    digest,
  };
}

/** Hidden; whoever posts the comment finds the stack's earlier one by it and edits that. */
export function marker(stack: string): string {
  return `<!-- ops review of ${stack.replace(/[^A-Za-z0-9._-]/g, "_")} -->`;
}

function verdictLine(preview: Preview, risks: readonly Finding[]): Markdown {
  const { succeeded } = preview;
  const refused = risks.filter(({ topic }) => topic === "refused").length;
  if (!succeeded)
    return refused > 0 ? md`⛔ The preview failed: ${words("refused", refused)}` : md`⛔ The preview failed`;
  if (risks.length === 0)
    return Object.keys(changesAtClouds(preview)).length === 0 ? md`✅ No changes` : md`✅ No risk found`;
  const topics = (Object.keys(TOPICS) as Topic[]).flatMap((topic) => {
    const own = risks.filter((risk) => risk.topic === topic);
    const count = own.reduce((sum, risk) => sum + (risk.count ?? 1), 0);
    return count === 0 ? [] : [words(topic, count)];
  });
  return md`⚠️ ${joined(topics, ", ")}`;
}

function words(topic: Topic, count: number): Markdown {
  const [one, several] = TOPICS[topic];
  return { markdown: `${count} ${count === 1 ? one : several}` };
}

const NOUNS: readonly (readonly [op: string, words: string])[] = [
  ["delete", "to delete"],
  ["replace", "to replace"],
  ["update", "to change"],
  ["create", "to create"],
  ["import", "to take over"],
  ["read", "to read"],
  ["discard", "to forget"],
];

function counts(preview: Preview): Markdown {
  const summary = changesAtClouds(preview);
  const known = NOUNS.flatMap(([op, words]) => (summary[op] ? [`**${summary[op]} ${words}**`] : []));
  const nothing = preview.succeeded ? "Nothing changes at the clouds" : "It planned no change";
  const text = known.length === 0 ? nothing : known.join(", ");
  const incomplete = preview.succeeded ? "" : " before it failed";
  const corrupt = preview.maybeCorrupt ? " **The engine says that its state may be corrupt.**" : "";
  return { markdown: `${text}${incomplete}; ${preview.changeSummary["same"] ?? 0} unchanged.${corrupt}` };
}

/** How often each operation is planned; the estate's report, which makes nothing, does not count. */
function changesAtClouds({ changeSummary, steps }: Preview): Record<string, number> {
  const report = steps.find((step) => isReport(step));
  const entries = Object.entries(changeSummary).map(([op, count]) => [op, count - Number(op === report?.op)] as const);
  return Object.fromEntries(entries.filter(([op, count]) => op !== "same" && count > 0));
}

function section(heading: string, points: readonly Markdown[], limit: number): Markdown[] {
  return points.length === 0 ? [] : [{ markdown: `#### ${heading}` }, bullets(points, limit)];
}

/** What the engine, the program or a provider said, without colours. */
function errors({ diagnostics }: Preview): Markdown {
  const said = diagnostics.filter(({ severity }) => severity === "error");
  return { markdown: `#### Why\n\n${fenced(said.slice(0, 20).flatMap(messageLines), "text").markdown}` };
}

function warnings({ diagnostics }: Preview): Markdown[] {
  const said = diagnostics.filter(
    ({ severity, message }) => severity === "warning" && !/^warning: using pulumi-\S+ from \$PATH/.test(message),
  );
  const lines = [...new Set(said.flatMap(messageLines))];
  return lines.length === 0 ? [] : [collapsed(`Warnings: ${said.length}`, fenced(lines.slice(0, 60), "text"))];
}

function messageLines({ urn, message }: Diagnostic): string[] {
  const lines = stripVTControlCharacters(message).trimEnd().split("\n").slice(0, 30);
  return urn === undefined ? lines : [`${urn.split("::").slice(2).join(" ")}:`, ...lines.map((line) => `  ${line}`)];
}

function footer(digest: string | undefined): Markdown {
  return digest === undefined
    ? md`A failed preview has no digest: nothing can be deployed on it.`
    : md`Plan ${digest}: a deployment stops when its own plan has another digest.`;
}

/** Drops the last parts, and says so, should even the summary be too long. */
function fitting(parts: readonly Markdown[]): Markdown {
  const kept: Markdown[] = [];
  let size = 0;
  for (const part of parts) {
    size += sizeOf(part) + 2;
    if (size > LIMIT * 0.7)
      return blocks([
        ...kept,
        md`The rest of this summary is left out: a comment may only be so long. The job's log has it.`,
      ]);
    kept.push(part);
  }
  return blocks(kept);
}

/** Adds details in order of gravity while there is room. */
function withDetails(head: Markdown, foot: readonly Markdown[], preview: Preview): string {
  let room = LIMIT - sizeOf(head) - foot.reduce((sum, part) => sum + sizeOf(part) + 2, 0);
  const sections = details(plannedSteps(preview)).map((group) => {
    // Summary, fence and the sentence about what is left out.
    room -= 400;
    const shown: string[][] = [];
    for (const step of group.steps) {
      const lines = stepLines(step);
      // Escapes can make a character six times as long, and a line ends with 500 characters.
      const size = sizeOf(fenced(lines, "diff"));
      if (size > room) break;
      room -= size;
      shown.push(lines);
    }
    return detailSection(group, shown);
  });
  return blocks([head, ...sections, ...foot]).markdown;
}

const blocks = (parts: readonly Markdown[]): Markdown => ({
  markdown: parts.map(({ markdown }) => markdown).join("\n\n"),
});
