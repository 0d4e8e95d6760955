import type { Service, ServicePlace } from "../../model/service.ts";
import { httpsPort, pageAnswers } from "../web/ports.ts";

/** Container registry: pulls for all who have a login, pushes for CI. Its images are CI's, who can push them again. */
export function registry<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** Name of the pages about what it holds. */
    readonly console: N;
  },
): Service<H, N> {
  const { on, criticality, name } = place;
  // Direct: the edge takes no uploads of more than 100 MB on the free plan, and layers are larger.
  const web = { name: place.console, exposure: "direct" } as const;
  return {
    role: "registry",
    on,
    what: "container registry",
    criticality,
    names: [{ name, exposure: "direct" }, web],
    ports: [httpsPort],
    data: [{ path: "/srv/data/registry", what: "container images", keep: "scratch" }],
    secrets: [{ name: "registry-logins", what: "bcrypt hashes of those who may pull and push" }],
    // Not the registry's own API: it answers 401 to everybody without a login.
    checks: [pageAnswers(web, "/", "the list of images")],
    moved: [],
    urls: [
      { url: `https://${name}/`, what: "container registry" },
      { url: `https://${place.console}/`, what: "list of images" },
    ],
  };
}
