import type { Service, ServicePlace } from "../../model/service.ts";

/** A machine that jobs run on. It runs foreign code: alone on its host, no key lies there, and only CI may come in. */
export function ciNode<const H extends string>(place: ServicePlace<H>): Service<H, never> {
  return {
    role: "ci-node",
    on: place.on,
    what: "runs jobs of changes",
    criticality: place.criticality,
    names: [],
    ports: [
      { protocol: "tcp", port: 22, from: { role: "ci" }, purpose: "jobs over SSH" },
      { protocol: "tcp", port: 19885, from: { role: "ci" }, purpose: "console of the running job" },
    ],
    data: [],
    secrets: [],
    checks: [],
    moved: [],
    urls: [],
    alone: "it runs code of others",
  };
}
