import type { Service, ServicePlace } from "../../model/service.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** DokuWiki: the project's site and documentation. */
export function wiki<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** Pages that must answer, as wiki ids. */
    readonly pages: readonly string[];
  },
): Service<H, N> {
  const { on, criticality, name, pages } = place;
  const path = (page: string) => `/${page.replaceAll(":", "/")}`;
  return {
    role: "wiki",
    on,
    what: "site and documentation",
    criticality,
    names: [{ name, exposure: "proxied" }],
    ports: webPorts,
    data: [{ path: "/srv/data/wiki", what: "pages, media and accounts", keep: "hourly" }],
    secrets: [
      { name: "admin-password", what: "bcrypt hash of the first administrator's password" },
      { name: "relay-password", what: "login at the mail relay" },
    ],
    checks: pages.map((page) => pageAnswers({ name, exposure: "proxied" }, path(page), `wiki page ${page}`)),
    moved: [],
    urls: pages.map((page) => ({ url: `https://${name}${path(page)}`, what: `wiki page ${page}` })),
  };
}
