import type { HostContext, HostFile, RoleFiles } from "../../model/host-configuration.ts";
import { render, templates } from "../role-files.ts";
import { site } from "../web/site.ts";
import { cacheHeaders } from "./cache-headers.ts";
import { downloadCachePolicy } from "./cache-policy.ts";
import { uploadModules } from "./uploads.ts";

const FILES = templates(new URL("./files/", import.meta.url));
const SYSTEMD = "/etc/systemd/system";
const LIBRARY = "/usr/local/lib/roles/downloads";
const DATA = "/srv/data/downloads";

/** What the downloads bring to their host. */
export function downloadFiles(
  { peers, uploads }: HostContext,
  service: {
    readonly name: string;
    readonly sources: string;
    readonly uploaders: readonly string[];
  },
): RoleFiles {
  const file = (path: string, values?: Readonly<Record<string, string>>): HostFile => render(FILES[path], values);
  const builders = service.uploaders.flatMap((role) => peers(role));
  const known = builders.every(({ address }) => address !== undefined);
  const addresses = builders.flatMap(({ address, address6 }) =>
    [address, address6].filter((each) => each !== undefined),
  );
  return {
    role: "downloads",
    packages: ["python3", "rsync"],
    files: [
      {
        path: "/etc/nginx/conf.d/downloads.conf",
        mode: "0644",
        owner: "root:root",
        content: cacheHeaders(downloadCachePolicy({ sources: [service.sources] })),
      },
      file("/etc/nginx/snippets/downloads.conf"),
      site(service.name, "downloads", [...tree(`${DATA}/tree`), ...finder]),
      site(service.sources, "downloads", tree(`${DATA}/sources`)),
      file("/etc/rsyncd.conf", {
        uploads: uploadModules(uploads, known ? [...new Set(addresses)] : undefined),
      }),
      file("/etc/sysusers.d/downloads.conf"),
      file(`${SYSTEMD}/nginx.service.d/50-downloads.conf`),
      file(`${SYSTEMD}/rsync.service.d/50-downloads.conf`),
      file(`${SYSTEMD}/downloads-index.service`),
      file(`${SYSTEMD}/downloads-index.path`),
      file(`${SYSTEMD}/downloads-clean.service`),
      file(`${SYSTEMD}/downloads-clean.timer`),
      file(`${LIBRARY}/before-packages`),
      file(`${LIBRARY}/apply`),
      file(`${LIBRARY}/check`),
      file(`${LIBRARY}/may-upload`),
      file(`${LIBRARY}/index`),
      file(`${LIBRARY}/finder.html`),
    ],
  };
}

const tree = (folder: string) => [
  `root ${folder};`,
  "include snippets/downloads.conf;",
  "location ^~ /.json/ {",
  "    internal;",
  `    alias ${folder}/;`,
  "    index .none;",
  "    autoindex_format json;",
  "}",
];

const finder = [
  "location = /find/ {",
  `    root ${LIBRARY};`,
  "    try_files /finder.html =404;",
  "}",
  "location ^~ /find/ {",
  `    root ${DATA};`,
  "}",
];
