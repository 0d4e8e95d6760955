import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { git } from "../../../roles/git/role.ts";
import { server } from "../base/configurations.ts";
import { context } from "../web/contexts.ts";

const service = (more: { aliases?: readonly string[]; mirror?: string } = {}) =>
  git({ on: "git-01", criticality: "high", name: "git.example.org", ...more });
const files = (more?: Parameters<typeof service>[0]) =>
  Object.fromEntries(service(more).configure!(context()).files.map(({ path, content }) => [path, content]));

describe("git role", () => {
  test("answers alike under all its names", () => {
    const found = files({ aliases: ["git.old.example"] });
    expect(found["/etc/nginx/sites/git.old.example/git.conf"]).toBe(found["/etc/nginx/sites/git.example.org/git.conf"]);
  });

  test("gives the rules to admins with root rights, and to no other", () => {
    const [alice, bob] = server.admins;
    expect(files()["/usr/local/lib/roles/git/admins"]).toBe(`alice ${alice!.keys[0]}\n`);
    expect(bob!.sudo).toBe(false);
  });

  test("git comes from everywhere, by keys of gitolite, without a terminal or tunnels", () => {
    const sshd = files()["/etc/ssh/sshd_config.d/50-git.conf"]!;
    expect(sshd).toMatch(/^Match User git$/m);
    for (const line of [
      "AuthorizedKeysFile /srv/data/git/.ssh/authorized_keys",
      "DisableForwarding yes",
      "PermitTTY no",
    ])
      expect(sshd).toContain(line);
    expect(files()["/etc/sysusers.d/git.conf"]).toContain("m git ssh-anywhere\n");
  });

  test("refuses pushes over http in both of their requests", () => {
    const nginx = files()["/etc/nginx/snippets/git.conf"];
    expect(nginx).toMatch(/location ~ \/git-receive-pack\$ \{\s+return 403;/);
    expect(nginx).toMatch(/if \(\$arg_service = git-receive-pack\) \{\s+return 403;/);
  });

  test("pages and clones have processes of their own: crawlers cannot starve clones", () => {
    const found = files();
    expect(found["/etc/nginx/snippets/git.conf"]).toContain("/run/git-web/clones.socket");
    expect(found["/etc/nginx/snippets/git.conf"]).not.toContain("/run/git-web/pages.socket");
    expect(found["/etc/nginx/snippets/git-pages.conf"]).toContain("/run/git-web/pages.socket");
  });

  test("without a mirror there are no units, hooks and secrets for one", () => {
    const paths = Object.keys(files());
    expect(paths.filter((path) => /mirror|hooks|known_hosts/.test(path))).toEqual([]);
    expect(service().secrets).toEqual([]);
  });

  test("a mirror waits for its keys, which its service alone reads", () => {
    const unit = files({ mirror: "github.com/example" })["/etc/systemd/system/git-mirror@.service"];
    expect(unit).toContain("ConditionPathExists=/etc/secrets/git/mirror-deploy-keys\n");
    expect(unit).toContain("LoadCredential=keys:/etc/secrets/git/mirror-deploy-keys\n");
    expect(service({ mirror: "github.com/example" }).secrets.map(({ name }) => name)).toEqual(["mirror-deploy-keys"]);
  });

  test("nothing is left to fill in, all scripts are shell, and the same settings give the same files", () => {
    const more = { mirror: "github.com/example", aliases: ["git.old.example"] };
    expect(files({ ...more })).toEqual(files(more));
    for (const [path, content] of Object.entries(files(more))) {
      expect([path, content]).not.toEqual([path, expect.stringContaining("{{")]);
      if (content.startsWith("#!/bin/sh"))
        expect(spawnSync("sh", ["-n"], { input: content, encoding: "utf8" }).stderr).toBe("");
    }
  });
});
