import type { Service, ServicePlace } from "../../model/service.ts";
import type { ThirdParty } from "../../model/third-party.ts";

/**
 * Zuul with its launcher, which hands out a fixed list of test nodes: no launcher of Zuul knows our clouds. Its web
 * interface is a path of the review server, which passes it on.
 */
export function ci<const H extends string>(
  place: ServicePlace<H> & {
    /** Where people see it. */
    readonly web: `https://${string}/`;
    /** Pipelines of others that take part. */
    readonly partners: readonly ThirdParty[];
  },
): Service<H, never> {
  const { on, criticality, web, partners } = place;
  return {
    role: "ci",
    on,
    what: "Zuul: runs the jobs of changes on test nodes",
    criticality,
    names: [],
    ports: [
      { protocol: "tcp", port: 9000, from: { role: "gerrit" }, purpose: "web interface behind the review server" },
    ],
    data: [
      { path: "/srv/data/zuul", what: "history of builds and keys of projects", keep: "daily", dump: "pg_dump zuul" },
    ],
    secrets: [
      { name: "node-key", what: "SSH key that logs in on the test nodes" },
      { name: "review-key", what: "SSH key of its account on the review server" },
      { name: "upload-keys", what: "SSH keys of its accounts where logs and images are kept" },
      { name: "zuul-passwords", what: "passwords between Zuul, ZooKeeper and its database" },
    ],
    checks: [{ kind: "http", url: web, what: "the state of the pipelines" }],
    moved: [],
    urls: [{ url: web, what: "state of the pipelines" }],
    uses: partners,
  };
}
