import { CLOUDFLARE_RANGES } from "../../model/catalogue/cloudflare.ts";
import type { HostContext, HostFile, RoleFiles, WebName } from "../../model/host-configuration.ts";
import { render, templates } from "../role-files.ts";
import { movedLocations } from "./moved.ts";

const FILES = templates(new URL("./files/", import.meta.url));
const LIBRARY = "/usr/local/lib/roles/web";

/**
 * The web server that the services of a host share: one server block for each web name, certificates, redirects and
 * the edge in front of it. What a name answers comes from its service, as `/etc/nginx/sites/<name>/<role>.conf`.
 */
export function webRole({ host, webNames, alertEmails }: HostContext): RoleFiles {
  const file = (path: string, values?: Readonly<Record<string, string>>): HostFile => render(FILES[path], values);
  const behindEdge = webNames.some(({ proxied }) => proxied);
  const [email = `root@${host.fqdn}`] = alertEmails;
  return {
    role: "web",
    packages: ["curl", "lego", "nginx", "openssl"],
    files: [
      file("/etc/nginx/nginx.conf"),
      file("/etc/nginx/snippets/site.conf"),
      file("/etc/nginx/snippets/https.conf"),
      ...(behindEdge
        ? [
            file("/etc/nginx/conf.d/edge.conf", {
              addresses: lines([...CLOUDFLARE_RANGES, ...host.adminNetworks], (range) => `    ${range} 0;`),
            }),
            file("/etc/nginx/snippets/edge.conf", {
              realIp: lines(CLOUDFLARE_RANGES, (range) => `set_real_ip_from ${range};`),
            }),
          ]
        : []),
      file("/etc/nginx/sites-enabled/0-unknown.conf"),
      serverBlocks(webNames),
      file("/etc/systemd/system/certificates.service"),
      file("/etc/systemd/system/certificates.timer"),
      {
        path: `${LIBRARY}/names`,
        mode: "0644",
        owner: "root:root",
        content: webNames.map(({ name }) => `${name}\n`).join(""),
      },
      file(`${LIBRARY}/before-packages`),
      file(`${LIBRARY}/apply`),
      file(`${LIBRARY}/check`),
      file(`${LIBRARY}/certificates`, { email: `--email ${email}` }),
    ],
  };
}

/** The template once for each name. */
function serverBlocks(webNames: readonly WebName[]): HostFile {
  const blocks = webNames.map((name) =>
    render(FILES["/etc/nginx/sites-enabled/names.conf"], {
      name: name.name,
      parts: lines(parts(name), (line) => `    ${line}`),
    }),
  );
  return {
    path: "/etc/nginx/sites-enabled/names.conf",
    mode: "0644",
    owner: "root:root",
    content: blocks.map(({ content }) => content).join(""),
  };
}

const parts = ({ name, proxied, plainHttp, moved }: WebName): string[] => [
  ...(proxied ? ["include snippets/edge.conf;"] : []),
  ...(plainHttp ? [] : ["include snippets/https.conf;"]),
  "include snippets/site.conf;",
  ...movedLocations(moved),
  // None for a name that is nothing but old.
  `include sites/${name}/*.conf;`,
];

const lines = <T>(items: readonly T[], line: (item: T) => string) => items.map(line).join("\n");
