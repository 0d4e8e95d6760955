import type { Service, ServicePlace } from "../../model/service.ts";
import { pageAnswers, webPorts } from "../web/ports.ts";
import { downloadFiles } from "./configure.ts";
import { SOURCES_UPLOAD, uploadOf, uploadPassword } from "./uploads.ts";

/** Firmware images, packages and sources: web tree behind the CDN, rsync for build hosts and mirrors. */
export function downloads<const H extends string, const N extends string>(
  place: ServicePlace<H> & {
    readonly name: N;
    /** Name of the source archives; their files never change. */
    readonly sources: N;
    /** Name that rsync clients use: it cannot pass the proxy. */
    readonly rsync: N;
    /** Releases that are kept; older ones live elsewhere. */
    readonly keeps: string;
    /** Roles that upload by rsync. */
    readonly uploaders: readonly string[];
    /** Roles that only read by rsync, beside mirrors. */
    readonly readers?: readonly string[];
  },
): Service<H, N> {
  const { on, criticality, name, sources, rsync } = place;
  // Plain http: small devices fetch without TLS, and old links say http.
  const web = { name, exposure: "cdn", plainHttp: true } as const;
  return {
    role: "downloads",
    on,
    what: `images and packages by architecture, vendor and model (${place.keeps})`,
    criticality,
    names: [
      web,
      { name: sources, exposure: "cdn", plainHttp: true, immutable: true },
      { name: rsync, exposure: "direct", noWeb: true },
    ],
    ports: [
      ...webPorts,
      { protocol: "tcp", port: 873, from: "mirrors", purpose: "rsync: mirrors read" },
      ...place.uploaders.map((role) => ({
        protocol: "tcp" as const,
        port: 873,
        from: { role },
        purpose: `rsync: uploads of ${role}`,
      })),
      ...(place.readers ?? []).map((role) => ({
        protocol: "tcp" as const,
        port: 873,
        from: { role },
        purpose: `rsync: ${role} reads`,
      })),
    ],
    data: [{ path: "/srv/data/downloads", what: "released images, packages, sources and snapshots", keep: "daily" }],
    secrets: [
      {
        name: "upload-passwords",
        what: "passwords of those who upload by rsync: one for each branch, and one for source archives",
        shared: {
          here: "checked",
          lines: ({ uploads }) =>
            [...uploads.map((branch) => uploadOf(branch).user), SOURCES_UPLOAD.user].map((user) => ({
              user,
              value: uploadPassword(user),
            })),
        },
      },
    ],
    checks: [pageAnswers(web, "/", "the index of downloads"), { kind: "tcp", name: rsync, port: 873, what: "rsync" }],
    moved: [],
    urls: [
      { url: `https://${name}/`, what: "downloads" },
      { url: `https://${name}/find/`, what: "finder of images by architecture, vendor and model" },
      { url: `https://${sources}/`, what: "source archives" },
      { url: `rsync://${rsync}/`, what: "downloads for mirrors" },
    ],
    configure: (context) => downloadFiles(context, place),
  };
}
