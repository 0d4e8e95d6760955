import type { FirewallRule } from "../model/blueprint.ts";
import type { ArgumentCheck } from "./check-arguments.ts";

/** What both clouds' firewalls ask of their rules. */
export function firewallChecks(rules: readonly FirewallRule[]): ArgumentCheck[] {
  return rules.flatMap(({ protocol, port, purpose, sources }, index) => {
    const at = `plan.firewall[${index}] (${purpose})`;
    const hasPort = protocol !== "icmp";
    return [
      {
        argument: `${at}.port`,
        found: port,
        ok: hasPort ? port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535 : port === undefined,
        allowed: hasPort ? "1 to 65535" : "none for icmp",
      },
      {
        argument: `${at}.sources`,
        found: `${sources.length} sources`,
        ok: sources.length > 0,
        allowed: "at least one; a rule that admits nobody is left out",
      },
    ];
  });
}
