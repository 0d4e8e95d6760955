import type { MovedPath, Service, ServicePlace } from "../../model/service.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";
import { gitFiles } from "./configure.ts";

/** Git hosting: gitolite for pushes over SSH, cgit and smart HTTP for everybody, mirrors pushed to another forge. */
export function git<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** Other names under which old clone URLs keep working, served without a redirect. */
    readonly aliases?: readonly N[];
    /** Organisation on another forge that receives every repository, such as `github.com/example`. */
    readonly mirror?: string;
    readonly moved?: readonly MovedPath[];
  },
): Service<H, N> {
  const { on, criticality, name, aliases = [], mirror } = place;
  // Direct: SSH cannot pass the proxy, and one name for both ways keeps clone URLs simple.
  const names = [name, ...aliases].map((each) => ({ name: each, exposure: "direct" as const }));
  return {
    role: "git",
    on,
    what: mirror ? `primary source repositories, mirrored to ${mirror}` : "primary source repositories",
    criticality,
    names,
    ports: [
      { protocol: "tcp", port: 22, from: "anyone", purpose: "git over SSH; admins log in only from their networks" },
      ...webPorts,
    ],
    data: [{ path: "/srv/data/git", what: "repositories and access rules", keep: "hourly" }],
    secrets: mirror
      ? [
          {
            name: "mirror-deploy-keys",
            what: `for each repository of ${mirror}: a line "repository NAME", then its private deploy key`,
          },
        ]
      : [],
    checks: [
      pageAnswers({ name, exposure: "direct" }, "/", "the list of repositories"),
      { kind: "tcp", name, port: 22, what: "pushes over SSH" },
    ],
    moved: place.moved ?? [],
    urls: [
      { url: `https://${name}/`, what: "repositories" },
      ...aliases.map((alias) => ({ url: `https://${alias}/`, what: "repositories under an old name" })),
      ...(mirror ? [{ url: `https://${mirror}`, what: "mirror" }] : []),
    ],
    configure: (context) => gitFiles(context, { name, aliases, mirror }),
  };
}
