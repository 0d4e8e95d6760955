import type { Step } from "../preview-json/preview.ts";
import type { ReportSide } from "./estate-report.ts";
import { isReplacement } from "./findings/removals.ts";
import { joined, type Markdown, md } from "./markdown.ts";
import { hostOf } from "./resource-name.ts";

/** What people have to do once the plan is applied: hosts that must converge, and what the registrar must be told. */
export function afterwards(
  steps: readonly Step[],
  before: ReportSide | undefined,
  after: ReportSide | undefined,
): Markdown[] {
  const machines = steps.filter(({ urn }) =>
    /(hcloud:index\/server:Server|digitalocean:index\/droplet:Droplet)::/.test(urn),
  );
  const fresh = new Set(machines.filter((step) => step.op === "create" || isReplacement(step)).map(hostOf));
  const changed = Object.entries(after?.digests ?? {})
    .filter(([host, digest]) => before !== undefined && before.digests[host] !== digest && !fresh.has(host))
    .map(([host]) => host)
    .sort();
  const zones = created(steps, "cloudflare:index/zone:Zone").map((step) =>
    String(step.newState?.inputs["name"] ?? hostOf(step)),
  );
  const signed = created(steps, "cloudflare:index/zoneDnssec:ZoneDnssec").map(hostOf);
  return [
    ...(changed.length > 0
      ? [
          md`**Converge** ${list(changed)}: the configuration changed, and user data of running hosts is not touched (${`npm run ops -- converge ${changed[0] ?? ""}`})`,
        ]
      : []),
    ...(fresh.size > 0
      ? [md`**New systems** ${list([...fresh])}: configured at first boot; converge once, which delivers their secrets`]
      : []),
    ...(zones.length > 0 ? [md`**Registrar:** name servers of ${list(zones)} (stack output ${"nameServers"})`] : []),
    ...(signed.length > 0 ? [md`**Registrar:** DS record of ${list(signed)} (stack output ${"dsRecords"})`] : []),
  ];
}

function created(steps: readonly Step[], type: string): Step[] {
  return steps.filter(({ op, newState }) => op === "create" && newState?.type === type);
}

function list(names: readonly string[]): Markdown {
  const shown = names
    .toSorted()
    .slice(0, 20)
    .map((name) => md`${name}`);
  return md`${joined(shown, ", ")}${names.length > 20 ? md` and ${names.length - 20} more` : md``}`;
}
