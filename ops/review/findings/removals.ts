import type { Preview, Step } from "../../preview-json/preview.ts";
import { propertyChanges } from "../../preview-json/property-changes.ts";
import { urnParts } from "../../preview-json/urn.ts";
import type { Finding, Topic } from "../finding.ts";
import { joined, type Markdown, md } from "../markdown.ts";
import { resourceName } from "../resource-name.ts";
import { shownValue } from "../value-text.ts";

/** What is lost when one of these goes. Servers of this program keep their data on volumes, droplets have both. */
const HOLDS: Readonly<Record<string, "data" | "address" | "hosts">> = {
  "hcloud:index/volume:Volume": "data",
  "hcloud:index/storageBox:StorageBox": "data",
  "hcloud:index/snapshot:Snapshot": "data",
  "digitalocean:index/volume:Volume": "data",
  "digitalocean:index/volumeSnapshot:VolumeSnapshot": "data",
  "digitalocean:index/spacesBucket:SpacesBucket": "data",
  "digitalocean:index/databaseCluster:DatabaseCluster": "data",
  "cloudflare:index/r2Bucket:R2Bucket": "data",
  "cloudflare:index/zone:Zone": "data",
  "hcloud:index/server:Server": "hosts",
  "digitalocean:index/droplet:Droplet": "hosts",
  "hcloud:index/primaryIp:PrimaryIp": "address",
  "hcloud:index/floatingIp:FloatingIp": "address",
  "digitalocean:index/reservedIp:ReservedIp": "address",
};

const LOSS = { data: md`, **with all that it holds**`, address: md`, and its address is given up` };

/** Their deletion is told, with more sense, by the findings about names, mail and firewalls. */
const TOLD_ELSEWHERE = new Set(["cloudflare:index/dnsRecord:DnsRecord", "cloudflare:index/zoneDnssec:ZoneDnssec"]);

/** Deletions and replacements, refused ones apart, and volumes that grow. */
export function removalFindings(steps: readonly Step[], preview: Preview): Finding[] {
  const follows = steps.filter((step) => isConsequence(step));
  return [
    ...steps.flatMap((step) => {
      if (isDeletion(step)) return isPlain(step) ? [] : deletion(step, preview);
      if (isLost(step, preview)) return [lost(step)];
      if (isReplacement(step)) return isConsequence(step) ? [] : replacement(step, preview);
      return growth(step);
    }),
    ...together(follows, md`with what they belong to are replaced`, "replaced"),
    ...together(steps.filter(isPlain), md`deleted`, "deleted"),
  ];
}

/** Attachments and the like are replaced along with what they belong to: told once for all of them. */
function isConsequence(step: Step): boolean {
  const { oldState, newState, replaceReasons } = step;
  return (
    isReplacement(step) && replaceReasons.length === 0 && !HOLDS[oldState?.type ?? ""] && newState?.protect !== true
  );
}

/** A deletion of which nothing more is to be said. */
function isPlain(step: Step): boolean {
  const state = step.oldState;
  if (!isDeletion(step) || state?.custom !== true || state.protect || state.retainOnDelete) return false;
  return !HOLDS[state.type] && !TOLD_ELSEWHERE.has(state.type);
}

function together(steps: readonly Step[], what: Markdown, topic: Topic): Finding[] {
  if (steps.length === 0) return [];
  const names = steps.map(resourceName).sort((a, b) => (a.markdown < b.markdown ? -1 : 1));
  const more = names.length > 30 ? md` and ${names.length - 30} more` : md``;
  const text = md`${what}: ${joined(names.slice(0, 30), ", ")}${more}`;
  return [{ level: "risk", topic, text, count: steps.length }];
}

export const isDeletion = ({ op }: Step) => op === "delete" || op === "discard";
export const isReplacement = ({ op }: Step) => op === "replace" || op === "import-replacement";

function deletion(step: Step, preview: Preview): Finding[] {
  const state = step.oldState;
  if (state?.custom !== true) return [];
  const name = resourceName(step);
  if (state.protect) {
    const text = md`${name} is protected: its deletion is refused${isRefused(step, preview) ? md`, so the preview failed` : md``}. Lift the guard in a deployment of its own (setting ${"unprotected"})`;
    return [{ level: "risk", topic: "refused", text }];
  }
  if (state.retainOnDelete)
    return [{ level: "risk", topic: "deleted", text: md`${name} leaves the program but stays at the cloud` }];
  if (TOLD_ELSEWHERE.has(state.type)) return [];
  const held = HOLDS[state.type];
  const text = md`${name} is deleted${held === undefined || held === "hosts" ? md`` : LOSS[held]}`;
  return [{ level: "risk", topic: held ?? "deleted", text }];
}

function replacement(step: Step, preview: Preview): Finding[] {
  const { oldState, newState } = step;
  if (oldState?.custom !== true) return [];
  const name = resourceName(step);
  if (newState?.protect === true || isRefused(step, preview)) {
    const text = md`${name} is protected: its replacement is refused (${reasons(step)})`;
    return [{ level: "risk", topic: "refused", text }];
  }
  const held = HOLDS[oldState.type];
  const topic = held === undefined || held === "hosts" ? "replaced" : held;
  const text = md`${name} is replaced${topic === "replaced" ? md`` : LOSS[topic]}: ${reasons(step)}`;
  return [{ level: "risk", topic, text }];
}

/** Why a resource is replaced: the properties, each with its old and new value. */
function reasons(step: Step): Markdown {
  const changes = propertyChanges(step).filter(({ replaces }) => replaces);
  if (changes.length > 0) {
    const named = changes.slice(0, 5).map(({ path, before, after }) => {
      return md`${path} from ${shownValue(before, path)} to ${shownValue(after, path)}`;
    });
    return joined(named, "; ");
  }
  const keys = step.replaceReasons.map((key) => md`${key}`);
  return keys.length > 0 ? joined(keys, ", ") : md`because something that it belongs to is replaced`;
}

/** `--refresh` found it gone at the cloud, so it is created anew. */
function isLost({ op, urn }: Step, { steps }: Preview): boolean {
  return op === "create" && steps.some((read) => read.op === "refresh" && read.urn === urn && read.oldState?.custom);
}

function lost(step: Step): Finding {
  const held = HOLDS[step.newState?.type ?? ""];
  const what = held === "data" ? md`, **empty**` : held === "address" ? md`, with another address` : md``;
  const topic = held === undefined || held === "hosts" ? "lost" : held;
  return { level: "risk", topic, text: md`${resourceName(step)} is gone at the cloud: it is made anew${what}` };
}

function growth(step: Step): Finding[] {
  if (!/:Volume$/.test(step.newState?.type ?? "")) return [];
  return propertyChanges(step)
    .filter(({ path, before }) => path === "size" && before !== undefined)
    .map(({ before, after }) => ({
      level: "note",
      topic: "grown",
      text: md`${resourceName(step)} goes from ${shownValue(before)} to ${shownValue(after)} GB and cannot shrink again`,
    }));
}

function isRefused({ urn }: Step, { diagnostics }: Preview): boolean {
  const own = diagnostics.filter((said) => said.severity === "error" && said.urn === urn);
  return own.some(({ message }) => message.includes("protected")) && urnParts(urn).type !== "";
}
