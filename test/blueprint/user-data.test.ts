import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { firstUserData, userData } from "../../blueprint/user-data.ts";
import { DIGITALOCEAN_LIMITS } from "../../model/catalogue/digitalocean.ts";
import { HETZNER_LIMITS } from "../../model/catalogue/hetzner.ts";
import type { HostConfiguration } from "../../model/host-configuration.ts";
import { bundleOf, hostBundle } from "../../roles/bundle.ts";
import { arbitraryConfiguration, droplet, server } from "../roles/base/configurations.ts";

const render = (configuration: HostConfiguration) => userData(hostBundle(configuration), configuration);

interface CloudConfig {
  readonly users: unknown[];
  readonly write_files: { path: string; permissions: string; owner?: string; content: string }[];
  readonly runcmd: string[][];
}
/** YAML 1.1, as cloud-init reads it. */
const read = (text: string) => parse(text, { version: "1.1" }) as CloudConfig & Record<string, unknown>;

describe("user data", () => {
  test("starts with the line by which cloud-init knows it", () => {
    expect(render(server)).toMatch(/^#cloud-config\n/);
  });

  test("has only the keys that a host needs, with the types that cloud-init's schema asks for", () => {
    const config = read(render(server));
    expect(Object.keys(config)).toEqual([
      "hostname",
      "fqdn",
      "manage_etc_hosts",
      "users",
      "disable_root",
      "allow_public_ssh_keys",
      "write_files",
      "runcmd",
    ]);
    for (const file of config.write_files) {
      expect(file.path).toMatch(/^\//);
      expect(file.permissions).toMatch(/^0[0-7]{3}$/);
      expect(typeof file.content).toBe("string");
    }
    expect(config.runcmd.flat().every((word) => typeof word === "string")).toBe(true);
  });

  test("carries every file of any bundle unchanged", () => {
    fc.assert(
      fc.property(arbitraryConfiguration, (configuration) => {
        const bundle = hostBundle(configuration);
        const files = read(userData(bundle, configuration)).write_files;
        expect(files.map(({ path, permissions, content }) => ({ path, mode: permissions, content }))).toEqual(
          bundle.files.map(({ path, mode, content }) => ({ path, mode, content })),
        );
      }),
      { numRuns: 50 },
    );
  });

  test("carries contents that would confuse a careless writer of YAML", () => {
    const contents = [
      "  indented first\n",
      "\ttab\n",
      "\n\nblank first\n",
      "blank last\n\n",
      "a\n\n\nb\n",
      "# c\n- d: |\n",
      "é ✓\n",
      "'\"\\n{{x}} %s\n",
    ];
    const script = { path: "/usr/local/lib/roles/x/apply", mode: "0755", owner: "root:root", content: "#!/bin/sh\n" };
    const bundle = bundleOf([
      {
        role: "x",
        packages: ["hello"],
        files: [
          script,
          ...contents.map((content, index) => ({ path: `/etc/x/${index}`, mode: "0640", owner: "root:adm", content })),
        ],
      },
    ]);
    const files = read(userData(bundle, server)).write_files.filter(({ path }) => path.startsWith("/etc/x/"));
    expect(files.map(({ content }) => content)).toEqual(contents);
    expect(files.map(({ owner }) => owner)).toEqual(contents.map(() => "root:adm"));
  });

  test("runs the command that converging the host runs, and nothing else", () => {
    const bundle = hostBundle(server);
    expect(read(userData(bundle, server)).runcmd).toEqual([["/usr/local/sbin/apply-roles", bundle.digest]]);
  });

  test("leaves no account to cloud-init", () => {
    expect(read(render(server))).toMatchObject({ users: [], disable_root: true, allow_public_ssh_keys: false });
  });

  test("is the same text for the same configuration", () => {
    fc.assert(
      fc.property(arbitraryConfiguration, (configuration) => {
        expect(render(structuredClone(configuration))).toBe(render(configuration));
      }),
      { numRuns: 20 },
    );
  });

  test.each([server, droplet])(
    "is readable for a base with fifty admins ($cloud); with more it would be packed",
    (configuration) => {
      const admins = Array.from({ length: 50 }, (_, index) => ({
        name: `admin${index}`,
        keys: [`ssh-ed25519 ${"A".repeat(68)} admin${index}@example.org`],
        sudo: true,
      }));
      const limit = configuration.cloud === "hetzner" ? HETZNER_LIMITS.userData : DIGITALOCEAN_LIMITS.userData;
      const text = render({ ...configuration, admins });
      expect(Buffer.byteLength(text)).toBeLessThan(limit);
      expect(read(text).write_files.length).toBeGreaterThan(10);
    },
  );

  /** Admins with RSA keys that do not compress. */
  const rsaAdmins = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `admin${index}`,
      keys: [
        `ssh-rsa ${Array.from({ length: 8 }, (_, part) => createHash("sha512").update(`${index}.${part}`).digest("base64").slice(0, 86)).join("")}`,
      ],
      sudo: true,
    }));

  test("packs all files into one script when the cloud takes less than the readable text", () => {
    const configuration = { ...server, admins: rsaAdmins(22) };
    const bundle = hostBundle(configuration);
    const text = userData(bundle, configuration);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(HETZNER_LIMITS.userData);
    const { write_files, runcmd } = read(text);
    expect(runcmd).toEqual([["sh", write_files[0]!.path], [...bundle.command]]);
    expect(write_files.map(({ permissions }) => permissions)).toEqual(["0600"]);
    const script = gunzipSync(Buffer.from(write_files[0]!.content, "base64")).toString();
    expect(unpacked(script)).toEqual(bundle.files.map(({ path, mode, content }) => ({ path, mode, content })));
  });

  /** The files that a script lays, below a folder instead of `/` and with nobody as their owner. */
  function unpacked(script: string) {
    const root = mkdtempSync(join(tmpdir(), "user-data-"));
    try {
      const below = script.replaceAll(/^(put \d+) \S+ \//gm, `$1 - ${root}/`).replace(/^ {2}chown .*\n/m, "");
      const { status, stderr } = spawnSync("sh", { input: below, encoding: "utf8" });
      expect([status, stderr]).toEqual([0, ""]);
      return readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => ({
          path: file.slice(root.length),
          mode: `0${(statSync(file).mode & 0o777).toString(8)}`,
          content: readFileSync(file, "utf8"),
        }))
        .sort((a, b) => (a.path < b.path ? -1 : 1));
    } finally {
      rmSync(root, { recursive: true });
    }
  }

  test("says what is too large, where and by how much", () => {
    expect(() => render({ ...server, admins: rsaAdmins(60) })).toThrow(
      /^git-01: its user data has \d+ bytes, packed, and its cloud takes 32768\.\n.*\/usr\/local\/lib\/roles\/base\/admins \(\d+\)/,
    );
  });

  test("leaves to the first converge what its cloud does not take, and holds the base alone", () => {
    const base = hostBundle(server);
    const script = { path: "/usr/local/lib/roles/large/apply", mode: "0755", owner: "root:root" };
    // Digests do not compress.
    const noise = Array.from({ length: 900 }, (_, line) => createHash("sha256").update(String(line)).digest("hex"));
    const large = (lines: number) =>
      hostBundle(server, [
        {
          role: "large",
          packages: [],
          files: [{ ...script, content: `#!/bin/sh\n${noise.slice(0, lines).join("\n")}\n` }],
        },
      ]);
    expect(firstUserData(large(900), base, server)).toBe(userData(base, server));
    expect(firstUserData(large(9), base, server)).toBe(userData(large(9), server));
  });

  test("holds nothing private", () => {
    fc.assert(
      fc.property(arbitraryConfiguration, (configuration) => {
        expect(render(configuration)).not.toMatch(
          /PRIVATE KEY|AGE-SECRET-KEY|\$(1|2[aby]|5|6|y|apr1)\$[./A-Za-z0-9]{4}|\bpassw(or)?d\s*[:=]\s*\S|\btoken\s*[:=]/i,
        );
      }),
      { numRuns: 20 },
    );
  });
});
