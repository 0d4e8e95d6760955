import type { Service, ServicePlace } from "../../model/service.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** The old bug tracker as a static archive; new reports are filed at the successor. */
export function tracker<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** URL where bugs are filed now. */
    readonly successor: `https://${string}`;
  },
): Service<H, N> {
  const { on, criticality, name, successor } = place;
  return {
    role: "tracker",
    on,
    what: `archive of bug reports; new ones go to ${successor}`,
    criticality,
    names: [{ name, exposure: "proxied" }],
    ports: webPorts,
    data: [{ path: "/srv/data/tracker", what: "archived reports", keep: "daily" }],
    secrets: [],
    checks: [pageAnswers({ name, exposure: "proxied" }, "/", "the archive's front page")],
    moved: [{ name, path: "/newtask", to: successor }],
    urls: [
      { url: `https://${name}/`, what: "bug reports" },
      { url: successor, what: "where bugs are filed" },
    ],
  };
}
