import type { Service, ServicePlace } from "../../model/service.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** Discourse, installed by its own launcher. */
export function forum<const H extends string, const N extends string>(
  place: ServicePlace<H> & { readonly name: N },
): Service<H, N> {
  const { on, criticality, name } = place;
  return {
    role: "forum",
    on,
    what: "forum",
    criticality,
    names: [{ name, exposure: "proxied" }],
    ports: webPorts,
    data: [
      {
        path: "/srv/data/discourse",
        what: "database, uploads and settings",
        keep: "daily",
        dump: "launcher run app 'discourse backup'",
      },
    ],
    secrets: [{ name: "relay-password", what: "login at the mail relay, for sign-up mail" }],
    checks: [pageAnswers({ name, exposure: "proxied" }, "/srv/status", "Discourse's own status page")],
    moved: [],
    urls: [{ url: `https://${name}/`, what: "forum" }],
  };
}
