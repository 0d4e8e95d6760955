import type { Service, ServicePlace } from "../../model/service.ts";
import { webPorts } from "../web/ports.ts";

/** Postfix: receives mail of the project's domains, hands lists to Mailman, sends through the relay. */
export function mail<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    /** Name in the MX records. */
    readonly name: N;
    /** Domains that it receives mail for. */
    readonly domains: readonly N[];
  },
): Service<H, N | `mta-sts.${N}`> {
  const { on, criticality, name, domains } = place;
  return {
    role: "mail",
    on,
    what: `mail of ${domains.join(", ")}`,
    criticality,
    names: [
      { name, exposure: "direct", noWeb: true },
      // Policy hosts of MTA-STS (RFC 8461); direct, as those of deeper domains have no certificate at the edge.
      ...domains.map((domain) => ({ name: `mta-sts.${domain}` as const, exposure: "direct" as const })),
    ],
    ports: [{ protocol: "tcp", port: 25, from: "anyone", purpose: "incoming mail" }, ...webPorts],
    data: [{ path: "/srv/data/mail", what: "aliases and the mail queue", keep: "daily" }],
    secrets: [
      { name: "dkim-keys", what: "private DKIM keys, one per domain" },
      { name: "relay-password", what: "login at the mail relay" },
    ],
    checks: [
      { kind: "tcp", name, port: 25, what: "incoming mail" },
      ...domains.map((domain) => ({
        kind: "http" as const,
        url: `https://mta-sts.${domain}/.well-known/mta-sts.txt`,
        what: `MTA-STS policy of ${domain}`,
      })),
    ],
    moved: [],
    urls: [],
  };
}
