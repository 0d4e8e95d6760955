import type { Step } from "../../preview-json/preview.ts";
import type { Finding } from "../finding.ts";
import { joined, type Markdown, md } from "../markdown.ts";
import { type DnsChange, type DnsRecord, dnsChanges } from "./dns-change.ts";

const TOLD_WITH_MAIL = new Set(["MX", "TXT", "CAA"]);

/** Names that vanish, point elsewhere, or show where a host really is. Those that move together are told together. */
export function nameFindings(steps: readonly Step[]): Finding[] {
  const changes = dnsChanges(steps).filter(
    ({ before, step }) => before !== undefined && !TOLD_WITH_MAIL.has(before.type) && !isRefused(step),
  );
  const moves = changes.filter(({ before, after }) => after !== undefined && before?.content !== after.content);
  const together = Map.groupBy(moves, ({ before, after }) =>
    JSON.stringify([before?.type, before?.content, before?.proxied, after?.content, after?.proxied]),
  );
  const gone = changes.filter(({ after }) => after === undefined);
  return [...removed(gone), ...changes.flatMap(single), ...[...together.values()].map(moved)];
}

function removed(changes: readonly DnsChange[]): Finding[] {
  if (changes.length === 0) return [];
  const perName = Map.groupBy(changes, ({ before }) => before?.name ?? "");
  const names = [...perName].sort().map(([name, own]) => {
    const types = own.map(({ before }) => words(before?.type ?? "")).sort(byText);
    return md`${name} (${joined(types, ", ")})`;
  });
  const more = names.length > 30 ? md` and ${names.length - 30} more` : md``;
  const text = md`removed from the DNS: ${joined(names.slice(0, 30), ", ")}${more}`;
  return [{ ...risk(text), count: names.length }];
}

const byText = (a: Markdown, b: Markdown) => (a.markdown < b.markdown ? -1 : 1);

/** The preview fails instead. */
const isRefused = ({ oldState, newState }: Step) => oldState?.protect === true && newState === undefined;

function single({ before, after }: DnsChange): Finding[] {
  if (before === undefined || after === undefined) return [];
  const name = md`${before.name} (${words(before.type)})`;
  const found: Finding[] = [];
  if (before.name !== after.name) found.push(risk(md`${name} becomes ${after.name}`));
  if (before.proxied && !after.proxied)
    found.push(risk(md`${name} leaves the CDN: the address of its host becomes public`));
  if (!before.proxied && after.proxied)
    found.push({ ...risk(md`${name} goes through the CDN from now on`), level: "note" });
  return found;
}

function moved(changes: readonly DnsChange[]): Finding {
  const names = changes
    .map(({ before }) => md`${before?.name ?? ""}`)
    .sort(byText)
    .slice(0, 30);
  const more = changes.length - names.length;
  const [{ before, after } = { before: undefined, after: undefined }] = changes;
  const [from, to] = [before, after].map((record) => (record ? target(record) : md``));
  const list = md`${joined(names, ", ")}${more > 0 ? md` and ${more} more` : md``} (${words(before?.type ?? "")})`;
  const point = changes.length === 1 ? md`points` : md`point`;
  return { ...risk(md`${list} ${point} elsewhere: from ${from ?? md``} to ${to ?? md``}`), count: changes.length };
}

/** A type from the preview, as a word only when it looks like one. */
const words = (type: string): Markdown => (/^[A-Z]{1,10}$/.test(type) ? { markdown: type } : md`${type}`);

const risk = (text: Markdown): Finding => ({ level: "risk", topic: "names", text });

/** What a record points to, in a sentence. */
export function target({ content, proxied }: DnsRecord): Markdown {
  const where = content === undefined ? md`an address known after the deployment` : md`${content}`;
  return proxied ? md`${where} (through the CDN)` : where;
}
