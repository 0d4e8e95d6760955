import type { HostFile } from "../../model/host-configuration.ts";
import { site } from "../web/site.ts";
import { type Branch, branchUrls } from "./branch.ts";

/** Ports of the web interfaces, on the host itself; `farm/data.py` has the same. */
const WEB_PORTS = { images: 8010, packages: 8011 } as const;
const PAGES = "/usr/local/share/buildbot-farm";

/**
 * What the names of a farm answer: a page with all branches, and the web interface of both masters at the paths of
 * each branch, opened at that branch's builders.
 */
export function farmSites(farm: {
  readonly name: string;
  readonly downloads: string;
  readonly oldNames: readonly string[];
  readonly branches: readonly Branch[];
}): HostFile[] {
  const { name, oldNames, branches } = farm;
  const names = { web: name, downloads: farm.downloads };
  const own = (host: string) => branches.filter((branch) => (branch.host?.name ?? name) === host);
  const first = `https://${name}/${branches[0]?.path}`;
  return [
    site(name, "buildbot-master", [
      ...pages("index.html"),
      ...own(name).flatMap((each) => builders(each, first, names)),
    ]),
    ...oldNames.map((old) =>
      site(old, "buildbot-master", [
        ...pages("none"),
        `location = / { return 301 https://${name}/; }`,
        ...own(old).flatMap((each) => builders(each, first, names)),
      ]),
    ),
    { path: `${PAGES}/index.html`, mode: "0644", owner: "root:root", content: indexPage(name, branches, names) },
  ];
}

/** Beside the page: the certificate that workers trust, and the keys that clients verify with. */
const pages = (index: string) => [
  `root ${PAGES};`,
  `index ${index};`,
  "location ^~ /public/ { alias /srv/data/buildbot/public/; types {} default_type text/plain; }",
];

function builders(
  branch: Branch,
  first: string,
  names: { readonly web: string; readonly downloads: string },
): string[] {
  const urls = branchUrls(branch, names);
  return (["images", "packages"] as const).flatMap((phase) => [
    `location = /${branch.path}/${phase} { return 301 /${branch.path}/${phase}/; }`,
    // Hooks would let anyone start builds.
    `location ^~ /${branch.path}/${phase}/change_hook { return 404; }`,
    `location ^~ /${branch.path}/${phase}/ {`,
    `    proxy_pass http://127.0.0.1:${WEB_PORTS[phase]}/;`,
    "    include snippets/build-master.conf;",
    `    sub_filter '"buildbotURL": "${first}/${phase}/"' '"buildbotURL": "${urls[phase]}"';`,
    `    sub_filter '</head>' '<script src="/open-branch.js" data-branch="${branch.name}"></script></head>';`,
    "}",
  ]);
}

function indexPage(
  name: string,
  branches: readonly Branch[],
  names: { readonly web: string; readonly downloads: string },
): string {
  const link = (url: string | undefined, text: string) => (url === undefined ? "none" : `<a href="${url}">${text}</a>`);
  const rows = branches.map((branch) => {
    const { images, packages, failLogs, downloads } = branchUrls(branch, names);
    const cells = [
      `${branch.name}${branch.frozen ? " (no longer built)" : ""}`,
      link(images, "Images"),
      link(packages, "Packages"),
      link(failLogs, "Fail logs"),
      link(downloads, "Downloads"),
      branch.frozen ? "" : link(`/public/${branch.name}.pub`, "Key"),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${name}</title>
<style>body { font-family: sans-serif; margin: 2em } td, th { padding: .3em 1em; text-align: left }</style>
<h1>${name}</h1>
<table>
<tr><th>Branch</th><th>Phase 1</th><th>Phase 2</th><th>Fail logs</th><th>Published</th><th>Signed with</th></tr>
${rows.join("\n")}
</table>
</html>
`;
}
