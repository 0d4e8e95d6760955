import type { Service, ServicePlace } from "../../model/service.ts";
import type { ThirdParty } from "../../model/third-party.ts";
import { uploads } from "../uploads.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";

/** Disk images for CI with their checksums; those older than their time are deleted by a timer. */
export function images<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** Folder that everything is in. */
    readonly path: `/${string}/`;
    readonly keepDays: number;
    /** CI of others that uploads too. */
    readonly partners: readonly ThirdParty[];
  },
): Service<H, N> {
  const { on, criticality, name, path, keepDays, partners } = place;
  // Direct: single files are larger than what the edge keeps.
  const web = { name, exposure: "direct" } as const;
  return {
    role: "images",
    on,
    what: `disk images of the last ${keepDays} days`,
    criticality,
    names: [web],
    ports: [...webPorts, ...uploads(partners)],
    data: [{ path: "/srv/data/images", what: "disk images and checksums", keep: "daily" }],
    secrets: [],
    checks: [pageAnswers(web, path, "the list of images")],
    moved: [],
    urls: [{ url: `https://${name}${path}`, what: "disk images" }],
    uses: partners,
  };
}
