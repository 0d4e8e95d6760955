import type { FirewallArgs, FirewallState } from "@pulumi/hcloud/firewall.js";
import type { FirewallAttachmentArgs, FirewallAttachmentState } from "@pulumi/hcloud/firewallAttachment.js";
import { HETZNER_LIMITS } from "../../../model/catalogue/hetzner.ts";
import type { Values } from "../../provider.ts";
import { isCidr } from "../addresses.ts";
import { holdsUnknown, items, objects, text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";
import { checkLabels } from "./labels.ts";

const firewall = resourceTable<FirewallArgs, FirewallState>({
  kind: "sdk",
  missesWhenGone: true,
  autoName: { maximum: 255 },
  readsAs: { labels: {}, rules: [] },
  optionalComputed: ["applyTos"],
  nestedComputed: ["labelSelector", "server"],
  sets: ["applyTos", "rules", "sourceIps", "destinationIps"],
  unique: [["name"]],
  check(inputs, fail) {
    checkLabels(inputs, fail);
    for (const [index, rule] of objects(inputs, "rules").entries()) checkRule(rule, `rules[${index}]`, fail);
  },
  rules({ object, refuse }) {
    const rules = objects(object, "rules");
    if (rules.length > HETZNER_LIMITS.firewallRules)
      refuse(
        "resource_limit_exceeded",
        `a firewall takes at most ${HETZNER_LIMITS.firewallRules} rules, this has ${rules.length}`,
        "Merge rules or split the firewall.",
      );
    for (const rule of rules) {
      const peers = [...items(rule, "sourceIps"), ...items(rule, "destinationIps")];
      if (peers.length > HETZNER_LIMITS.firewallSources)
        refuse(
          "resource_limit_exceeded",
          `a rule takes at most ${HETZNER_LIMITS.firewallSources} ranges, one has ${peers.length}`,
          "Merge ranges or split the rule.",
        );
    }
  },
  created: ({ object }) => ({ rules: withZeros(object) }),
  updated: ({ object }) => ({ rules: withZeros(object) }),
  derived(_object, id, cloud) {
    const declared = cloud.where("Server", "firewallIds", id).map(([server]) => server);
    const attached = items(cloud.get("FirewallAttachment", id) ?? {}, "serverIds").map(String);
    const servers = [
      ...new Set([...declared, ...attached.filter((server) => cloud.get("Server", server) !== undefined)]),
    ];
    return { applyTos: servers.map((server) => ({ labelSelector: "", server: Number(server) })) };
  },
});

/** The state has all properties of a rule. */
const withZeros = (object: Values): Values[] =>
  objects(object, "rules").map((rule) => ({ description: "", destinationIps: [], port: "", sourceIps: [], ...rule }));

function checkRule(rule: Values, path: string, fail: (property: string, reason: string) => void): void {
  const known = (key: string) => !holdsUnknown(rule[key]);
  const [direction, protocol, port] = [text(rule, "direction"), text(rule, "protocol"), text(rule, "port")];
  if (known("direction") && !["in", "out"].includes(direction))
    fail(`${path}.direction`, `direction is "in" or "out", found "${direction}".`);
  if (!known("protocol") || !known("port")) return;
  if (!["tcp", "udp", "icmp", "esp", "gre"].includes(protocol))
    fail(`${path}.protocol`, `protocol is tcp, udp, icmp, esp or gre, found "${protocol}".`);
  else if (["tcp", "udp"].includes(protocol) && !isPort(port))
    fail(`${path}.port`, `A ${protocol} rule needs a port: "443", "1000-2000" or "any"; found "${port}".`);
  else if (!["tcp", "udp"].includes(protocol) && port !== "")
    fail(`${path}.port`, `A rule for ${protocol} has no port, found "${port}".`);
  // The provider finds these itself (validateIPDiag in internal/firewall of terraform-provider-hcloud 1.68.0, 2026-08-17).
  const peers = [...items(rule, "sourceIps"), ...items(rule, "destinationIps")];
  for (const peer of peers.filter((each) => typeof each === "string" && !isCidr(each)))
    fail(
      path,
      `"${String(peer)}" is not a range in CIDR notation without host bits: write 203.0.113.7/32 or 2001:db8::/32.`,
    );
  const [needed, other] = direction === "out" ? ["destinationIps", "sourceIps"] : ["sourceIps", "destinationIps"];
  if (known(needed as string) && items(rule, needed as string).length === 0)
    fail(`${path}.${needed}`, `A rule with direction ${direction} needs ${needed}.`);
  if (items(rule, other as string).length > 0)
    fail(`${path}.${other}`, `A rule with direction ${direction} has no ${other}.`);
}

function isPort(port: string): boolean {
  if (port === "any") return true;
  const [from, to = from] = port.split("-").map(Number);
  return from !== undefined && to !== undefined && /^\d+(-\d+)?$/.test(port) && from >= 1 && to <= 65_535 && from <= to;
}

const firewallAttachment = resourceTable<FirewallAttachmentArgs, FirewallAttachmentState>({
  kind: "sdk",
  replacedBy: ["firewallId"],
  sets: ["serverIds", "labelSelectors"],
  references: { firewallId: { type: "Firewall", onDelete: "delete" } },
  check(inputs, fail) {
    if (inputs["serverIds"] === undefined && inputs["labelSelectors"] === undefined)
      fail("serverIds", "At least one of serverIds and labelSelectors must be set.");
  },
  rules({ id, cloud, object, refuse }) {
    const firewallId = text(object, "firewallId");
    if (id === "" && cloud.get("FirewallAttachment", firewallId) !== undefined)
      refuse(
        "firewall_already_applied",
        `firewall ${firewallId} already has a FirewallAttachment`,
        "Name all servers in one FirewallAttachment per Firewall.",
      );
    const missing = items(object, "serverIds").find((server) => cloud.get("Server", String(server)) === undefined);
    if (missing !== undefined)
      refuse(
        "not_found",
        `serverIds names server ${String(missing)}, which does not exist`,
        "Refer to ids of Servers.",
      );
  },
  id: ({ object }) => text(object, "firewallId"),
  derived: (object, _id, cloud) => ({
    serverIds: items(object, "serverIds").filter((server) => cloud.get("Server", String(server)) !== undefined),
  }),
});

export const firewallTables = { Firewall: firewall, FirewallAttachment: firewallAttachment };
