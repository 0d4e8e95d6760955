import type { Service, ServicePlace } from "../../model/service.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** WordPress with a database of its own. */
export function blog<const H extends string, const N extends string>(
  place: ServicePlace<H> & { readonly name: N },
): Service<H, N> {
  const { on, criticality, name } = place;
  return {
    role: "blog",
    on,
    what: "blogs",
    criticality,
    names: [{ name, exposure: "proxied" }],
    ports: webPorts,
    data: [
      {
        path: "/srv/data/blog",
        what: "posts, media, accounts and plugins",
        keep: "daily",
        dump: "mariadb-dump --single-transaction wordpress",
      },
    ],
    secrets: [
      { name: "wordpress-keys", what: "keys and salts of its sessions" },
      { name: "relay-password", what: "login at the mail relay" },
    ],
    checks: [pageAnswers({ name, exposure: "proxied" }, "/", "the newest posts")],
    moved: [],
    urls: [{ url: `https://${name}/`, what: "blogs" }],
  };
}
