import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../command.ts";
import { type Image, withFiles } from "../image.ts";
import type { Station } from "../network.ts";
import type { Lab } from "../suite.ts";
import { FORGE, names } from "./estate.ts";
import { wheels } from "./wheels.ts";

/** Of the test's authority, and of the forge. */
const AUTHORITY = "203.0.113.53";
export const FORGE_ADDRESS = "203.0.113.22";

/** What hosts find outside: names, an authority for certificates, Python packages. */
export interface Internet {
  /** Hosts of it know the names, trust the authority and find the packages. */
  readonly image: Image;
  /** A client that comes through the edge, and where the authority asks from. */
  readonly edge: Station;
  /** Root certificate, for clients. */
  readonly root: string;
}

const SERVER = fileURLToPath(new URL("./acme-server.ts", import.meta.url));

/** @param edgeAddress of the CDN's networks: proxied names are answered to nobody else */
export async function internet(lab: Lab, image: Image, edgeAddress: string): Promise<Internet> {
  const folder = join(lab.folder, "authority");
  await mkdir(folder);
  const root = await authority(folder);
  const edge = await lab.network.station("edge", [edgeAddress, `${AUTHORITY}/24`]);
  const server = spawn("ip", ["netns", "exec", edge.namespace, process.execPath, SERVER, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  // It ends with its namespace; what it says is why a certificate was refused.
  await once(server.stdout, "data");
  server.stdout.setEncoding("utf8").on("data", (text: string) => lab.log(`authority: ${text.trim()}`));
  const base = image.root.split(":").at(-1) ?? "";
  const hosts = { ...names, "acme-v02.api.letsencrypt.org": AUTHORITY, [FORGE]: FORGE_ADDRESS };
  const certificate = await readFile(root, "utf8");
  const layer = join(lab.folder, "internet");
  const known = await withFiles(image, layer, {
    "etc/hosts": `127.0.0.1 localhost\n${Object.entries(hosts)
      .map(([name, address]) => `${address} ${name}\n`)
      .join("")}`,
    "etc/ssl/certs/ca-certificates.crt": `${await readFile(join(base, "etc/ssl/certs/ca-certificates.crt"), "utf8")}${certificate}`,
    "usr/local/share/ca-certificates/test.crt": certificate,
    "etc/pip.conf": "[global]\nno-index = true\nfind-links = /srv/wheels\n",
  });
  await mkdir(join(layer, "srv/wheels"), { recursive: true });
  for (const wheel of await wheels()) await copyFile(wheel, join(layer, "srv/wheels", wheel.split("/").at(-1) ?? ""));
  return { image: known, edge, root };
}

/** A root of its own, and a certificate for the name of the authority that hosts ask. */
async function authority(folder: string): Promise<string> {
  const file = (name: string) => join(folder, name);
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  await run([
    ...["openssl", "req", "-x509", ...curve, "-subj", "/CN=Test", "-keyout", file("root.key")],
    ...["-addext", "basicConstraints=critical,CA:TRUE", "-out", file("root.pem")],
  ]);
  await run([
    ...[
      "openssl",
      "req",
      "-x509",
      ...curve,
      "-subj",
      "/CN=ACME",
      "-keyout",
      file("acme.key"),
      "-out",
      file("acme.pem"),
    ],
    ...["-CA", file("root.pem"), "-CAkey", file("root.key"), "-addext", "basicConstraints=critical,CA:FALSE"],
    ...["-addext", "subjectAltName=DNS:acme-v02.api.letsencrypt.org"],
  ]);
  await writeFile(file("names.json"), JSON.stringify(names));
  return file("root.pem");
}
