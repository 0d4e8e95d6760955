import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { webRole } from "../../../roles/web/role.ts";
import { context } from "./contexts.ts";

const NAME = "www.example.org";
const WHEN_CHANGED = join(import.meta.dirname, "../../../roles/base/files/usr/local/lib/roles/when-changed.sh");

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "certificates-"));
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "names"), `${NAME}\n`);
  program("systemctl", `echo "$*" >>${root}/reloads`);
});
afterEach(() => rmSync(root, { recursive: true }));

function program(name: string, script: string): void {
  writeFileSync(join(root, "bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, "bin", name), 0o755);
}

/** An authority whose certificates last some days; undefined: nobody answers. */
function authority(days: number | undefined): void {
  const to = `${root}/web/lego/certificates`;
  const issue = `mkdir -p ${to}; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=issued -days ${days} -keyout ${to}/${NAME}.key -out ${to}/${NAME}.crt 2>/dev/null`;
  program("lego", `echo "$*" >>${root}/asked\n${days === undefined ? "exit 1" : issue}`);
}

/** Runs a script of the role, below a folder instead of in its place. */
function run(script: "before-packages" | "certificates") {
  const path = `/usr/local/lib/roles/web/${script}`;
  const text = webRole(context([{ name: NAME }])).files.find((file) => file.path === path)?.content ?? "";
  const input = text
    .replaceAll("/usr/local/lib/roles/web/names", `${root}/names`)
    .replaceAll("/usr/local/lib/roles/when-changed.sh", WHEN_CHANGED)
    .replaceAll("/var/lib/web", `${root}/web`);
  return spawnSync("sh", {
    input,
    encoding: "utf8",
    env: { ...process.env, PATH: `${root}/bin:${process.env["PATH"]}` },
  });
}
const lines = (file: string) =>
  existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8").trim().split("\n") : [];
const certificate = () => readFileSync(join(root, `web/tls/${NAME}.pem`), "utf8");

test("a name signs its own certificate first, once, and keeps its key to root", () => {
  expect(run("before-packages").status).toBe(0);
  const first = certificate();
  expect(first).toMatch(/^-----BEGIN CERTIFICATE-----[\s\S]*-----BEGIN PRIVATE KEY-----/);
  expect(statSync(join(root, `web/tls/${NAME}.pem`)).mode & 0o777).toBe(0o600);
  expect(run("before-packages").status).toBe(0);
  expect(certificate()).toBe(first);
});

test("it stays in use, and nothing fails, while no authority can reach the name", () => {
  run("before-packages");
  const own = certificate();
  authority(undefined);
  expect(run("certificates").status).toBe(0);
  expect(certificate()).toBe(own);
  expect(lines("reloads")).toEqual([]);
});

test("an issued certificate replaces it, the server is reloaded, and no authority is asked again", () => {
  run("before-packages");
  authority(90);
  expect(run("certificates").status).toBe(0);
  expect(run("certificates").status).toBe(0);
  expect(lines("asked")).toEqual([
    expect.stringMatching(/--domains www\.example\.org --http --http\.webroot \S+ run$/),
  ]);
  expect(lines("reloads")).toEqual(["reload nginx.service"]);
  expect(certificate()).toBe(
    ["crt", "key"].map((end) => readFileSync(join(root, `web/lego/certificates/${NAME}.${end}`), "utf8")).join(""),
  );
});

test("a certificate is renewed a month before it ends", () => {
  run("before-packages");
  authority(20);
  run("certificates");
  authority(90);
  expect(run("certificates").status).toBe(0);
  expect(lines("asked")[1]).toMatch(/ renew --days 30 --no-random-sleep$/);
  expect(lines("reloads")).toHaveLength(2);
});

test("only a certificate that is about to expire makes the unit fail", () => {
  run("before-packages");
  for (const [days, status] of [
    [20, 0],
    [10, 1],
  ] as const) {
    rmSync(join(root, "web/lego"), { recursive: true, force: true });
    authority(days);
    run("certificates");
    authority(undefined);
    expect([days, run("certificates").status]).toEqual([days, status]);
  }
});

test("after a power loss half a certificate, or one without its key, is made anew, and never served", () => {
  const pem = join(root, `web/tls/${NAME}.pem`);
  run("before-packages");
  truncateSync(pem, 100);
  expect(run("before-packages").status).toBe(0);
  expect(certificate()).toMatch(/-----END CERTIFICATE-----[\s\S]*-----END PRIVATE KEY-----\n$/);

  authority(90);
  run("certificates");
  for (const broken of ["crt", "key"]) {
    const served = certificate();
    truncateSync(join(root, `web/lego/certificates/${NAME}.${broken}`), 0);
    authority(undefined);
    expect(run("certificates").status).toBe(0);
    expect(certificate()).toBe(served);
    authority(90);
    run("certificates");
    expect(lines("asked").at(-1)).toMatch(/ run$/);
    expect(certificate()).not.toBe(served);
    const [key, own] = [
      ["pkey", "-pubout"],
      ["x509", "-noout", "-pubkey"],
    ].map((args) => spawnSync("openssl", [...args, "-in", pem], { encoding: "utf8" }).stdout);
    expect(key).toBe(own);
  }
});

test("nginx can read the proofs for the authority, and nobody but root the keys", () => {
  run("before-packages");
  const proof = `${root}/web/acme/.well-known/acme-challenge`;
  program("lego", `echo proof >${proof}/token; exit 1`);
  run("certificates");
  expect(statSync(join(proof, "token")).mode & 0o777).toBe(0o644);
  for (const folder of [proof, join(proof, "..")]) expect(statSync(folder).mode & 0o777).toBe(0o755);
  for (const folder of ["tls", "lego"]) expect(statSync(join(root, "web", folder)).mode & 0o777).toBe(0o700);
});
