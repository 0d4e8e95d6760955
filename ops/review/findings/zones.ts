import { isUnknown, type JsonValue } from "../../preview-json/json-value.ts";
import type { Step } from "../../preview-json/preview.ts";
import type { Finding } from "../finding.ts";
import { md } from "../markdown.ts";
import { hostOf } from "../resource-name.ts";
import { shownValue } from "../value-text.ts";
import { isDeletion, isReplacement } from "./removals.ts";

/** Signatures of zones, and settings of the edge that weaken TLS. */
export function zoneFindings(steps: readonly Step[]): Finding[] {
  return steps.flatMap((step) => {
    const type = (step.newState ?? step.oldState)?.type;
    if (type === "cloudflare:index/zoneDnssec:ZoneDnssec") return dnssec(step);
    return type === "cloudflare:index/zoneSetting:ZoneSetting" ? weakened(step) : [];
  });
}

/**
 * A zone whose DS record stands at its parent vanishes for everyone who checks signatures when they go. Its resource is
 * protected exactly then; without the guard its last known status tells.
 */
function dnssec(step: Step): Finding[] {
  const { oldState, newState } = step;
  if (oldState === undefined) return [];
  const turnedOff =
    isDeletion(step) || (newState?.inputs["status"] === "disabled" && oldState.inputs["status"] !== "disabled");
  if (!turnedOff && !isReplacement(step)) return [];
  const delegated = oldState.protect || oldState.outputs["status"] === "active";
  const what = turnedOff ? md`DNSSEC of ${hostOf(step)} is turned off` : md`the keys of ${hostOf(step)} are replaced`;
  const why = delegated
    ? md` **while it is delegated**: the zone vanishes for resolvers that check signatures. First remove the DS record at the registrar and wait for its TTL`
    : md`; its DS record was not seen at the parent`;
  return [{ level: "risk", topic: "dnssec", text: md`${what}${why}` }];
}

/** From weak to strong, by setting. */
const STRENGTH: Readonly<Record<string, readonly string[]>> = {
  ssl: ["off", "flexible", "full", "strict"],
  min_tls_version: ["1.0", "1.1", "1.2", "1.3"],
  always_use_https: ["off", "on"],
};

function weakened(step: Step): Finding[] {
  const [before, after] = [step.oldState?.inputs, step.newState?.inputs];
  const setting = (before ?? after)?.["settingId"];
  const order = typeof setting === "string" ? STRENGTH[setting] : undefined;
  if (typeof setting !== "string" || order === undefined || before === undefined || after === undefined) return [];
  const rank = (value: JsonValue | undefined) => (isUnknown(value) ? -1 : order.indexOf(String(value)));
  if (rank(after["value"]) >= rank(before["value"])) return [];
  const text = md`${hostOf(step)}: ${setting} goes from ${shownValue(before["value"])} to ${shownValue(after["value"])}`;
  return [{ level: "risk", topic: "tls", text }];
}
