import type { Service, ServicePlace } from "../../model/service.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** Mailman 3 with its archive. The old `/mailman/listinfo/…` links of Mailman 2 lead to the same lists. */
export function lists<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    readonly lists: readonly { readonly name: string; readonly what: string }[];
  },
): Service<H, N> {
  const { on, criticality, name } = place;
  const page = (list: string) => `https://${name}/mailman3/lists/${list}.${name}/`;
  return {
    role: "lists",
    on,
    what: `mailing lists ${place.lists.map((list) => list.name).join(", ")}`,
    criticality,
    names: [{ name, exposure: "direct" }],
    ports: webPorts,
    data: [
      { path: "/srv/data/lists", what: "subscriptions, settings and archives", keep: "daily", dump: "pg_dumpall" },
    ],
    secrets: [{ name: "mailman-passwords", what: "passwords between Mailman, its archive and its database" }],
    checks: [pageAnswers({ name, exposure: "direct" }, "/mailman3/lists/", "the overview of lists")],
    moved: place.lists.map((list) => ({ name, path: `/mailman/listinfo/${list.name}`, to: page(list.name) })),
    urls: place.lists.flatMap((list) => [
      { url: page(list.name), what: `${list.name}: ${list.what}` },
      { url: `https://${name}/mailman/listinfo/${list.name}`, what: `${list.name}, old link` },
    ]),
  };
}
