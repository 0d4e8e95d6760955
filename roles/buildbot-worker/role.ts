import type { Service, ServicePlace } from "../../model/service.ts";

/** Builds what a master hands out. It runs foreign code: alone on its host, and no key lies there. */
export function buildbotWorker<const H extends string>(place: ServicePlace<H>): Service<H, never> {
  return {
    role: "buildbot-worker",
    on: place.on,
    what: "build worker, x86-64",
    criticality: place.criticality,
    names: [],
    ports: [],
    data: [{ path: "/srv/data/builder", what: "build trees and compiler cache", keep: "scratch" }],
    secrets: [{ name: "worker-password", what: "this worker's password at the master" }],
    checks: [],
    moved: [],
    urls: [],
    alone: "it runs code of others",
  };
}
