import type { Service, ServicePlace } from "../../model/service.ts";
import type { ThirdParty } from "../../model/third-party.ts";
import { uploads } from "../uploads.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** Logs of CI jobs, deleted by a timer: a job can be run again, so they have no backup. */
export function ciLogs<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    readonly keepDays: number;
    /** CI of others that uploads too. */
    readonly partners: readonly ThirdParty[];
  },
): Service<H, N> {
  const { on, criticality, name, keepDays, partners } = place;
  return {
    role: "ci-logs",
    on,
    what: `logs of CI jobs of the last ${keepDays} days`,
    criticality,
    names: [{ name, exposure: "proxied" }],
    ports: [...webPorts, ...uploads(partners)],
    data: [{ path: "/srv/data/logs", what: `logs of the last ${keepDays} days`, keep: "scratch" }],
    secrets: [],
    checks: [pageAnswers({ name, exposure: "proxied" }, "/", "the list of logs")],
    moved: [],
    urls: [{ url: `https://${name}/`, what: "logs of CI jobs" }],
    uses: partners,
  };
}
