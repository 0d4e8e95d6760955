import { isUnknown } from "../preview-json/json-value.ts";
import type { Step } from "../preview-json/preview.ts";
import { dnsChanges } from "./findings/dns-change.ts";
import { target } from "./findings/names.ts";
import { isReplacement } from "./findings/removals.ts";
import { type Markdown, md } from "./markdown.ts";
import { resourceName } from "./resource-name.ts";

const ADDRESSES = new Set([
  "hcloud:index/primaryIp:PrimaryIp",
  "hcloud:index/floatingIp:FloatingIp",
  "digitalocean:index/reservedIp:ReservedIp",
]);

/** Names and addresses that come, go or change: what people have written down elsewhere. */
export function nameAndAddressChanges(steps: readonly Step[]): Markdown[] {
  const names = dnsChanges(steps).flatMap(({ before, after }): Markdown[] => {
    const record = after ?? before;
    if (record === undefined) return [];
    const name = md`${record.name} ${record.type}`;
    if (before === undefined) return after ? [md`new: ${name} → ${target(after)}`] : [];
    if (after === undefined) return [md`gone: ${name} → ${target(before)}`];
    return before.content === after.content && before.proxied === after.proxied && before.name === after.name
      ? []
      : [md`changed: ${name} → ${target(after)} (before ${target(before)})`];
  });
  const addresses = steps
    .filter(({ newState, oldState }) => ADDRESSES.has((newState ?? oldState)?.type ?? ""))
    .flatMap((step): Markdown[] => {
      const known = step.oldState?.outputs["ipAddress"];
      const old = typeof known === "string" && !isUnknown(known) ? md` ${known}` : md``;
      if (step.op === "create") return [md`new: ${resourceName(step)}, known after the deployment`];
      if (step.op === "delete") return [md`gone: ${resourceName(step)}${old}`];
      return isReplacement(step)
        ? [md`changed: ${resourceName(step)}${old}, the new one is known after the deployment`]
        : [];
    });
  return [...addresses.sort(byText), ...names.sort(byText)];
}

function byText(a: Markdown, b: Markdown): number {
  return a.markdown < b.markdown ? -1 : 1;
}
