import type { Service, ServicePlace } from "../../model/service.ts";
import type { ThirdParty } from "../../model/third-party.ts";
import { httpsPort, pageAnswers } from "../web/ports.ts";

/** Gerrit: code review, and the repositories that are replicated to other forges once a change is merged. */
export function gerrit<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** Organisations on other forges that receive every merge. */
    readonly replicatesTo: readonly ThirdParty[];
  },
): Service<H, N> {
  const { on, criticality, name, replicatesTo } = place;
  // Direct: SSH cannot pass the proxy, and clones use the same name for both ways.
  const web = { name, exposure: "direct" } as const;
  return {
    role: "gerrit",
    on,
    what: "code review",
    criticality,
    names: [web],
    ports: [
      httpsPort,
      { protocol: "tcp", port: 29418, from: "anyone", purpose: "Gerrit's own SSH: pushes for review, events for CI" },
    ],
    data: [{ path: "/srv/data/gerrit", what: "repositories, changes, accounts and settings", keep: "hourly" }],
    secrets: [
      { name: "gerrit-host-keys", what: "keys of Gerrit's SSH" },
      { name: "replication-keys", what: `one deploy key for each of ${replicatesTo.map((to) => to.name).join(", ")}` },
      { name: "relay-password", what: "login at the mail relay, for notifications" },
    ],
    checks: [
      pageAnswers(web, "/", "the list of changes"),
      { kind: "tcp", name, port: 29418, what: "pushes over Gerrit's SSH" },
    ],
    moved: [],
    urls: [
      { url: `https://${name}/`, what: "code review" },
      { url: `ssh://${name}:29418/`, what: "pushes for review" },
    ],
    uses: replicatesTo,
  };
}
