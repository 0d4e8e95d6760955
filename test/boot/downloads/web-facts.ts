import assert from "node:assert/strict";
import { cacheClass } from "../../../model/cache-policy.ts";
import { cacheControl } from "../../../roles/downloads/cache-headers.ts";
import { downloadCachePolicy } from "../../../roles/downloads/cache-policy.ts";
import { output } from "../base/facts.ts";
import type { Station } from "../network.ts";
import { ADDRESS, type Subject } from "./planned-host.ts";
import { IMAGE } from "./upload-facts.ts";

const WEB = "downloads.openwrt.org";
const SOURCES = "sources.openwrt.org";
const POLICY = downloadCachePolicy({ sources: [SOURCES] });

/** Answers of the web server, as the edge and as others get them. */
export async function webFacts({ container, stations, is }: Subject): Promise<void> {
  const { edge, outsider, admin } = stations;

  await is("Cache-Control is what the policy of the CDN says, for each kind of file", async () => {
    const paths = [
      ...["snapshots", "releases/19.07-SNAPSHOT", "releases/19.07.5"].flatMap((folder) =>
        [
          IMAGE,
          ...["sha256sums", "sha256sums.asc", "profiles.json", "kmods/5.15/Packages", "", "leads-in"].map(
            (file) => `targets/x86/64/${file}`,
          ),
          "packages/x86_64/base/tool_1_x86_64.ipk",
          "faillogs/x86_64/tool/compile.txt",
        ].map((file) => `http://${WEB}/${folder}/${file}`),
      ),
      ...["tool-1.0.tar.gz", "version", ""].map((file) => `http://${SOURCES}/${file}`),
    ];
    const values = new Set<string>();
    for (const url of paths) {
      const { status, caching } = await get(edge, url);
      assert.deepEqual([url, status, caching], [url, 200, cacheControl(cacheClass(POLICY, url).caching)]);
      values.add(caching);
    }
    assert.equal(values.size, 2);
  });
  await is("what is not there, and what is asked for in other spellings, is never kept", async () => {
    const image = `releases/19.07.5/${IMAGE}`;
    for (const [path, expected] of [
      [image.replace("generic", "other"), 404],
      [`releases/19.07.5/targets/x86/../x86/64/${IMAGE.slice(15)}`, 200],
      [`${image.slice(0, -2)}%67%7A`, 200],
      [`/${image}`, 200],
      [`releases/19.07.5/targets/x86/64/leads-out.bin`, 403],
      ["releases/19.07.5/targets", 301],
    ] as const) {
      const { status, caching } = await get(edge, `http://${WEB}/${path}`);
      assert.deepEqual([path, status, caching], [path, expected, "no-cache"]);
    }
  });
  await is("folders are listed, for people and as JSON", async () => {
    const url = `http://${WEB}/snapshots/targets/x86/64/`;
    assert.match((await get(edge, url)).body, /<a href="openwrt-x86-64-generic-squashfs-combined\.img\.gz">/);
    const entries: { name: string; type: string }[] = JSON.parse((await get(edge, `${url}?json`)).body);
    assert.deepEqual(
      entries.filter(({ type }) => type === "directory").map(({ name }) => name),
      ["kmods"],
    );
    assert.ok(entries.some(({ name }) => name === "profiles.json"));
  });
  await is("the finder has the devices of each version, and survives metadata that is none", async () => {
    await output(container, "systemctl", "start", "downloads-index.service");
    assert.match((await get(edge, `http://${WEB}/find/`)).body, /<title>Find images/);
    const { versions } = JSON.parse((await get(edge, `http://${WEB}/find/index.json`)).body);
    assert.deepEqual(versions.sort(), ["19.07-SNAPSHOT", "19.07.5", "snapshots"]);
    const found = JSON.parse((await get(edge, `http://${WEB}/find/19.07.5.json`)).body);
    const [device] = found.devices;
    assert.deepEqual([device.vendor, device.model, device.architecture], ["Generic", "x86/64", "x86_64"]);
    const image = `http://${WEB}${found.path}/${device.target}/${device.images[0]}`;
    assert.deepEqual([(await get(edge, image)).body, (await get(edge, image)).status], ["image\n", 200]);
    assert.match(
      await output(container, "journalctl", "-q", "-u", "downloads-index", "-o", "cat"),
      /ath79\/generic\/profiles\.json is left out/,
    );
  });
  await is("the web is answered to the edge and to admins, over http and https, and refused to others", async () => {
    for (const scheme of ["http", "https"]) {
      const url = `${scheme}://${WEB}/snapshots/`;
      assert.equal((await get(edge, url)).status, 200);
      assert.equal((await get(admin, url)).status, 200);
      assert.equal((await get(outsider, url)).status, 403);
    }
    const { status } = await get(outsider, `http://${WEB}/.well-known/acme-challenge/none`);
    assert.equal(status, 404, "proofs for certificate authorities are exempt");
  });
  await is("a visitor's address is taken from the edge, and from nobody else", async () => {
    const claim = "203.0.113.99";
    await get(edge, `http://${WEB}/?from-edge`, `CF-Connecting-IP: ${claim}`);
    await get(outsider, `http://${WEB}/?from-outside`, `CF-Connecting-IP: ${claim}`);
    const log = await output(container, "cat", "/var/log/nginx/access.log");
    assert.match(log, /^203\.0\.113\.99 .*from-edge/m);
    assert.match(log, /^203\.0\.113\.10 .*from-outside/m);
  });
  await is("names that are not its own get no answer", async () => {
    assert.equal((await get(edge, "http://other.example/")).status, 0);
    assert.equal((await get(edge, "https://other.example/")).status, 0);
  });
}

/** Status 0: no answer. Certificates are self-signed here. */
export async function get(from: Station, url: string, header = "X-Test: 1") {
  const { hostname } = new URL(url);
  const { stdout } = await from.exec([
    ...["curl", "--silent", "--insecure", "--path-as-is", "--max-time", "10", "--header", header],
    ...["--resolve", `${hostname}:80:${ADDRESS}`, "--resolve", `${hostname}:443:${ADDRESS}`],
    ...["--write-out", "\n%{http_code}\n%header{cache-control}\n%header{location}", url],
  ]);
  const lines = stdout.split("\n");
  const [status, caching = "", location = ""] = lines.slice(-3);
  return { status: Number(status), caching, location, body: lines.slice(0, -3).join("\n") };
}
