import type { Service, ServicePlace } from "../../model/service.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** A static site, built from its repository: nothing on the host is worth a backup. */
export function website<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** Pages that others link to and that must stay, as paths. */
    readonly pages: readonly `/${string}`[];
  },
): Service<H, N> {
  const { on, criticality, name, pages } = place;
  return {
    role: "website",
    on,
    what: "site, built from its repository",
    criticality,
    names: [{ name, exposure: "proxied" }],
    ports: webPorts,
    data: [],
    secrets: [],
    checks: [pageAnswers({ name, exposure: "proxied" }, "/", "the front page")],
    moved: [],
    urls: [
      { url: `https://${name}/`, what: "site" },
      ...pages.map((page) => ({ url: `https://${name}${page}`, what: "page of the site" })),
    ],
  };
}
