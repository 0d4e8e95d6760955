import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { CLOUDFLARE_RANGES } from "../../../model/catalogue/cloudflare.ts";
import type { WebName } from "../../../model/host-configuration.ts";
import { webRole } from "../../../roles/web/role.ts";
import { hasSites, site } from "../../../roles/web/site.ts";
import { server } from "../base/configurations.ts";
import { context } from "./contexts.ts";

const files = (...names: Partial<WebName>[]) =>
  Object.fromEntries(webRole(context(names)).files.map(({ path, content }) => [path, content]));
const blocks = (...names: Partial<WebName>[]) => files(...names)["/etc/nginx/sites-enabled/names.conf"]!;

describe("web role", () => {
  test("each name has a server block with a certificate of its own, and what its service brings", () => {
    const text = blocks({ name: "a.example.org" }, { name: "b.example.org" });
    expect(text.match(/^server \{$/gm)).toHaveLength(2);
    for (const name of ["a.example.org", "b.example.org"]) {
      expect(text).toContain(`server_name ${name};`);
      expect(text).toContain(`ssl_certificate /var/lib/web/tls/${name}.pem;`);
      expect(text).toContain(`include sites/${name}/*.conf;`);
    }
    expect(files({ name: "a.example.org" })["/usr/local/lib/roles/web/names"]).toBe("a.example.org\n");
  });

  test("a name is kept from plain http unless it asks for it", () => {
    expect(blocks({ plainHttp: false })).toContain("include snippets/https.conf;");
    expect(blocks({ plainHttp: true })).not.toContain("snippets/https.conf");
  });

  test("a proxied name is answered to the edge and to admins, a direct one to anyone", () => {
    expect(blocks({ proxied: true })).toContain("include snippets/edge.conf;");
    expect(blocks({ proxied: false })).not.toContain("snippets/edge.conf");
    expect(files({ proxied: false })["/etc/nginx/conf.d/edge.conf"]).toBeUndefined();
    const geo = files({ proxied: true })["/etc/nginx/conf.d/edge.conf"];
    for (const range of [...CLOUDFLARE_RANGES, ...server.adminNetworks]) expect(geo).toContain(`    ${range} 0;\n`);
    const snippet = files({ proxied: true })["/etc/nginx/snippets/edge.conf"]!;
    expect(snippet.match(/^set_real_ip_from /gm)).toHaveLength(CLOUDFLARE_RANGES.length);
  });

  test("admins are not believed about visitors' addresses", () => {
    const snippet = files({ proxied: true })["/etc/nginx/snippets/edge.conf"];
    for (const network of server.adminNetworks) expect(snippet).not.toContain(network);
  });

  test("a moved path leads to its new place with what follows it", () => {
    const text = blocks({ moved: [{ path: "/mailman/listinfo/", to: "https://lists.example.org/" }] });
    expect(text).toContain("location ^~ /mailman/listinfo/ {");
    expect(text).toContain('if ($request_uri ~ "^/mailman/listinfo/(.*)$") {');
    expect(text).toContain("return 301 https://lists.example.org/$1;");
  });

  test.each([
    [{ path: "/a b/", to: "https://example.org/" }],
    [{ path: "/a/", to: "https://example.org/;\n}" }],
    [{ path: "/a/", to: "https://example.org/$host" }],
  ])("refuses the moved path %j, which nginx would misread", (moved) => {
    expect(() => blocks({ moved: [moved] })).toThrow(/^The moved path/);
  });

  test("a role has sites, or needs no web server", () => {
    const role = { role: "x", packages: [], files: [] };
    expect(hasSites({ ...role, files: [site("www.example.org", "x", ["root /srv;"])] })).toBe(true);
    expect(hasSites(role)).toBe(false);
  });

  test("nothing is left to fill in, all scripts are shell, and the same names give the same files", () => {
    const names = [{ proxied: true, moved: [{ path: "/a/", to: "https://example.org/" }] }];
    expect(files(...structuredClone(names))).toEqual(files(...names));
    for (const [path, content] of Object.entries(files(...names))) {
      expect([path, content]).not.toEqual([path, expect.stringContaining("{{")]);
      if (content.startsWith("#!/bin/sh"))
        expect(spawnSync("sh", ["-n"], { input: content, encoding: "utf8" }).stderr).toBe("");
    }
  });
});
