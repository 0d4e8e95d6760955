import type { HostContext } from "../../model/host-configuration.ts";
import type { Service, ServicePlace } from "../../model/service.ts";
import { workerPassword } from "./password.ts";
import { workerFiles } from "./worker-files.ts";

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
    secrets: [
      {
        name: "worker-password",
        what: "this worker's password at the master",
        shared: { here: "presented", lines: ({ host }) => [{ value: workerPassword(host.host) }] },
      },
      { name: "master-certificate", what: "the master's certificate: https://<build farm>/public/workers.pem" },
    ],
    checks: [],
    moved: [],
    urls: [],
    alone: "it runs code of others",
    configure: ({ host, peers }: HostContext) => {
      const [master] = peers("buildbot-master");
      const [downloads] = peers("downloads");
      if (!master || !downloads)
        throw new Error(
          `${host.host}: a build worker in an estate without ${master ? "downloads" : "a build master"}.\n` +
            "  Add that service, or take the worker out.",
        );
      return workerFiles({
        name: host.host,
        master: master.address ?? master.fqdn,
        downloads: downloads.address ?? downloads.fqdn,
      });
    },
  };
}
