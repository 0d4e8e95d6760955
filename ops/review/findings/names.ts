import type { Step } from "../../preview-json/preview.ts";
import type { Finding } from "../finding.ts";
import { type Markdown, md } from "../markdown.ts";
import { type DnsRecord, dnsChanges } from "./dns-change.ts";

/** Names that vanish, point elsewhere, or show where a host really is. */
export function nameFindings(steps: readonly Step[]): Finding[] {
  return dnsChanges(steps)
    .filter(({ before, after }) => ["A", "AAAA", "CNAME", "NS", "SRV", "PTR"].includes((before ?? after)?.type ?? ""))
    .flatMap(({ before, after, step }): Finding[] => {
      if (before === undefined || step.oldState?.protect) return [];
      const name = md`${before.name} (${before.type})`;
      if (after === undefined) return [risk(md`${name} is removed from the DNS; it pointed to ${target(before)}`)];
      const found: Finding[] = [];
      if (before.name !== after.name) found.push(risk(md`${name} becomes ${after.name}`));
      if (before.content !== after.content)
        found.push(risk(md`${name} points elsewhere: from ${target(before)} to ${target(after)}`));
      if (before.proxied && !after.proxied)
        found.push(risk(md`${name} leaves the CDN: the address of its host becomes public`));
      if (!before.proxied && after.proxied)
        found.push({ ...risk(md`${name} goes through the CDN from now on`), level: "note" });
      return found;
    });
}

const risk = (text: Markdown): Finding => ({ level: "risk", topic: "names", text });

/** What a record points to, in a sentence. */
export function target({ content, proxied }: DnsRecord): Markdown {
  const where = content === undefined ? md`an address known after the deployment` : md`${content}`;
  return proxied ? md`${where} (through the CDN)` : where;
}
