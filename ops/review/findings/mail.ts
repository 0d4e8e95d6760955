import type { Step } from "../../preview-json/preview.ts";
import type { Finding } from "../finding.ts";
import { joined, type Markdown, md } from "../markdown.ts";
import { type DnsChange, dnsChanges, txtOf } from "./dns-change.ts";

/** Mail that others may send in our name, that we would no longer get, or that may travel in the clear; and CAA. */
export function mailFindings(steps: readonly Step[]): Finding[] {
  const changes = dnsChanges(steps).filter(
    ({ before, step }) => before !== undefined && !(step.oldState?.protect && step.newState === undefined),
  );
  return [...caaFindings(changes), ...changes.flatMap(loosened)];
}

function loosened(change: DnsChange): Finding[] {
  const { type = "", name = "" } = change.before ?? {};
  if (type === "MX") return mx(change);
  if (type !== "TXT") return [];
  const text = txtOf(change.before).toLowerCase();
  if (text.startsWith("v=spf1")) return spf(change);
  if (name.startsWith("_dmarc.")) return dmarc(change);
  if (name.includes("._domainkey.")) return dkim(change);
  if (name.startsWith("_mta-sts.")) return reporting(change, "v=stsv1", "senders no longer have to use TLS (MTA-STS)");
  if (name.startsWith("_smtp._tls.")) return reporting(change, "v=tlsrptv1", "failed TLS is no longer reported");
  return change.after === undefined ? [note(change, md`TXT record ${txtOf(change.before)} is removed`)] : [];
}

/** RFC 7505: an MX of "." says that the name takes no mail. */
const NONE = ".";

function mx(change: DnsChange): Finding[] {
  const { before, after } = change;
  const from = before?.content ?? "";
  if (after === undefined) {
    return from === NONE
      ? [note(change, md`it no longer says that it takes no mail (null MX removed)`)]
      : [risk(change, md`mail is no longer delivered to ${from} (MX removed)`)];
  }
  if (from === after.content && before?.priority === after.priority) return [];
  if (after.content === NONE) return [risk(change, md`mail is refused from now on (null MX instead of ${from})`)];
  const to = after.content === undefined ? md`a host known after the deployment` : md`${after.content}`;
  const [old, now] = [before?.priority ?? 0, after.priority ?? 0];
  return [risk(change, md`mail goes to ${to} (priority ${now}) instead of ${from} (priority ${old})`)];
}

/** RFC 7208: what the record says of everyone it does not list; without `all` it is neutral. */
const VERDICTS = { "-": "fail", "~": "softfail", "?": "neutral", "+": "pass" } as const;
const STRICTNESS = ["+", "?", "~", "-"] as const;

function spf(change: DnsChange): Finding[] {
  const [before, after] = [txtOf(change.before), txtOf(change.after)];
  if (change.after !== undefined && change.after.content === undefined)
    return [risk(change, md`SPF is known after the deployment`)];
  if (!after.toLowerCase().startsWith("v=spf1")) return [risk(change, md`SPF is removed: anyone may send in its name`)];
  const [old, now] = [spfTerms(before), spfTerms(after)];
  const added = now.senders.filter((sender) => !old.senders.includes(sender));
  return [
    ...(STRICTNESS.indexOf(now.all) < STRICTNESS.indexOf(old.all)
      ? [
          risk(
            change,
            md`SPF is loosened: others get ${VERDICTS[now.all]} (${`${now.all}all`}) instead of ${VERDICTS[old.all]} (${`${old.all}all`})`,
          ),
        ]
      : []),
    ...(added.length > 0 ? [risk(change, md`SPF lets more senders use its name: ${added.join(" ")}`)] : []),
  ];
}

function spfTerms(text: string) {
  const terms = text.trim().toLowerCase().split(/\s+/).slice(1);
  const redirect = terms.some((term) => term.startsWith("redirect="));
  const all = terms.map((term) => /^([-~?+]?)all$/.exec(term)?.[1]).find((qualifier) => qualifier !== undefined);
  const known = STRICTNESS.find((qualifier) => qualifier === (all === "" ? "+" : all));
  const senders = terms.filter(
    (term) => !/^[-~?+]?all$/.test(term) && !/^[-~?]/.test(term) && !term.startsWith("exp="),
  );
  // With a redirect the other record decides; the redirect itself counts as a sender.
  return { all: known ?? (redirect ? "-" : "?"), senders: senders.map((term) => term.replace(/^\+/, "")) } as const;
}

const POLICIES = ["none", "quarantine", "reject"];

function dmarc(change: DnsChange): Finding[] {
  const [old, now] = [tags(txtOf(change.before)), tags(txtOf(change.after))];
  if (old["v"]?.toLowerCase() !== "dmarc1") return [];
  if (change.after?.content === undefined && change.after !== undefined)
    return [risk(change, md`DMARC is known after the deployment`)];
  if (now["v"]?.toLowerCase() !== "dmarc1")
    return [risk(change, md`DMARC is removed: forged mail is judged by nobody`)];
  const rank = (policy: string | undefined) => POLICIES.indexOf((policy ?? "none").toLowerCase());
  const [oldSub, nowSub] = [old["sp"] ?? old["p"], now["sp"] ?? now["p"]];
  const percent = (given: Record<string, string>) => Number(given["pct"] ?? 100);
  return [
    ...(rank(now["p"]) < rank(old["p"])
      ? [risk(change, md`DMARC is loosened: ${`p=${now["p"] ?? ""}`} instead of ${`p=${old["p"] ?? ""}`}`)]
      : []),
    ...(rank(nowSub) < rank(oldSub) && rank(now["p"]) >= rank(old["p"])
      ? [
          risk(
            change,
            md`DMARC is loosened for names below it: ${`sp=${nowSub ?? ""}`} instead of ${`sp=${oldSub ?? ""}`}`,
          ),
        ]
      : []),
    ...(percent(now) < percent(old)
      ? [risk(change, md`DMARC holds for ${percent(now)} % of the mail instead of ${percent(old)} %`)]
      : []),
    ...(strict(old["aspf"]) > strict(now["aspf"]) || strict(old["adkim"]) > strict(now["adkim"])
      ? [risk(change, md`DMARC accepts names below it in signatures or senders (relaxed alignment)`)]
      : []),
    ...(old["rua"] !== undefined && now["rua"] === undefined
      ? [note(change, md`nobody gets DMARC reports any more`)]
      : []),
  ];
}

const strict = (alignment: string | undefined) => Number(alignment?.toLowerCase() === "s");

function dkim(change: DnsChange): Finding[] {
  const { before, after } = change;
  if (after !== undefined && txtOf(before) === txtOf(after)) return [];
  const gone = after === undefined || tags(txtOf(after))["p"] === "";
  return [
    gone
      ? risk(change, md`the DKIM key is removed: mail signed with it no longer counts as ours`)
      : risk(change, md`the DKIM key changes: mail signed with the old one no longer counts as ours`),
  ];
}

/** An issuer that goes breaks renewals; the last one that goes lets every CA issue. Told once for each name. */
function caaFindings(changes: readonly DnsChange[]): Finding[] {
  const own = changes.filter(({ before, after }) => before?.type === "CAA" && before.content !== after?.content);
  return [...Map.groupBy(own, ({ before }) => before?.name ?? "")].map(([name, records]) => {
    const list = records
      .map(({ before, after }) =>
        after === undefined
          ? md`${before?.content ?? ""}`
          : md`${before?.content ?? ""} (becomes ${after.content ?? ""})`,
      )
      .sort((a, b) => (a.markdown < b.markdown ? -1 : 1));
    const text = md`${name}: CAA removed or changed: ${joined(list, ", ")}. Without any CAA record every CA may issue`;
    return { level: "risk", topic: "tls", text };
  });
}

function reporting(change: DnsChange, version: string, meaning: string): Finding[] {
  if (txtOf(change.after).toLowerCase().startsWith(version)) return [];
  return [risk(change, { markdown: meaning })];
}

/** `v=DMARC1; p=none` as a map; names in lower case. */
function tags(text: string): Record<string, string> {
  const pairs = text.split(";").map((tag) => tag.split("="));
  return Object.fromEntries(pairs.map(([key = "", ...value]) => [key.trim().toLowerCase(), value.join("=").trim()]));
}

const risk = (change: DnsChange, text: Markdown): Finding => ({
  level: "risk",
  topic: "mail",
  text: md`${change.before?.name ?? ""}: ${text}`,
});
const note = (change: DnsChange, text: Markdown): Finding => ({ ...risk(change, text), level: "note" });
