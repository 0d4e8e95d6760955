import type { Preview, Step } from "../../preview-json/preview.ts";
import { estateReport } from "../estate-report.ts";
import { type Finding, TOPICS, type Topic } from "../finding.ts";
import { md } from "../markdown.ts";
import { firewallFindings } from "./firewalls.ts";
import { guardFindings } from "./guards.ts";
import { mailFindings } from "./mail.ts";
import { nameFindings } from "./names.ts";
import { removalFindings } from "./removals.ts";
import { resizeFindings } from "./resizes.ts";
import { zoneFindings } from "./zones.ts";

/** All findings of a preview, risks first, the gravest topic first. */
export function findings(preview: Preview): Finding[] {
  const steps = plannedSteps(preview);
  const found = [
    ...removalFindings(steps, preview),
    ...resizeFindings(steps),
    ...firewallFindings(steps),
    ...nameFindings(steps),
    ...mailFindings(steps),
    ...zoneFindings(steps),
    ...guardFindings(steps),
    ...budgetFindings(preview),
  ];
  const order = Object.keys(TOPICS) as Topic[];
  return found.sort(
    (a, b) =>
      Number(a.level === "note") - Number(b.level === "note") ||
      order.indexOf(a.topic) - order.indexOf(b.topic) ||
      // The engine's order differs from run to run; a comment should not.
      (a.text.markdown < b.text.markdown ? -1 : 1),
  );
}

/** Without what `--refresh` reads first. */
export function plannedSteps({ steps }: Preview): Step[] {
  return steps.filter(({ op }) => op !== "refresh");
}

function budgetFindings(preview: Preview): Finding[] {
  const capped = estateReport(preview).after?.capped;
  if (capped === undefined || capped.monthly <= capped.cap) return [];
  const over = (capped.monthly - capped.cap).toFixed(2);
  const text = md`${capped.provider} would cost ${capped.monthly.toFixed(2)} ${capped.currency} a month, ${over} over the cap`;
  return [{ level: "risk", topic: "budget", text }];
}
