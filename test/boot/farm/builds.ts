import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { converge, shell } from "./converge.ts";
import { farmHost } from "./estate.ts";
import type { SigningKey } from "./signing-keys.ts";
import type { Subject } from "./suite.ts";
import { type Build, builds, eventually, rest, steps, succeeded } from "./web.ts";

/** From a push to what a client downloads and verifies. */
export async function buildFacts(subject: Subject): Promise<void> {
  const { lab, master, worker, origin, keys, people, secrets } = subject;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check("farm", fact, holds);
  const key = (branch: string) => keys.find((each) => each.branch === branch) as SigningKey;
  const tree = (path: string) => join(origin.tree, path);

  await is("a push is built for each target, signed and published", async () => {
    const since = performance.now();
    await origin.push("main", { message: "Hello from the second commit.\n" });
    for (const target of ["x86/64", "ath79/generic"]) {
      const [build] = await builds(subject, "images", `master_${target}`, 1);
      await succeeded(subject, "images", build);
      verifySums(tree(`snapshots/targets/${target}`), key("master"));
    }
    lab.took("farm", "push to images", (performance.now() - since) / 1000);
    const image = origin.published("snapshots/targets/x86/64/firmware-SNAPSHOT-x86-64-squashfs-sysupgrade.bin");
    assert.match(image, /^image of SNAPSHOT for x86\nHello from the second commit\.\ntrusts: /);
    assert.ok(image.includes(key("master").public.split("\n")[1] ?? "none"), "the image trusts the branch's key");
  });
  await is("phase 2 builds packages with the SDK that phase 1 made, and signs their index", async () => {
    for (const architecture of ["x86_64", "mips_24kc"]) {
      const [build] = await builds(subject, "packages", `master_${architecture}`, 1);
      await succeeded(subject, "packages", build);
      const folder = `snapshots/packages/${architecture}/base`;
      assert.equal(origin.published(`${folder}/hello_1_${architecture}.ipk`), `hello for ${architecture}\n`);
      verifyFile(tree(`${folder}/Packages`), key("master"));
      const [, sum] = /^SHA256sum: (\w+)/m.exec(origin.published(`${folder}/Packages`)) ?? [];
      assert.equal(sum, sha256(tree(`${folder}/greeting_1_${architecture}.ipk`)));
    }
  });
  await is("steps have logs, without passwords", async () => {
    const [build] = await builds(subject, "images", "master_x86/64", 1);
    assert.ok(build);
    const all = await steps(subject, "images", build);
    assert.match(all.find(({ name }) => name === "images")?.log ?? "", /sha256sum/);
    assert.doesNotMatch(all.map(({ log }) => log).join(""), /snapshots' own/);
    const leaks = 'journalctl --output cat | grep -c "snapshots\' own" || true';
    assert.equal(await shell(worker, leaks), "0");
    assert.equal(await shell(master, leaks), "0");
  });
  await is("no secret key ever lay on a worker", async () => {
    const own = keys.map(({ secret }) => secret.split("\n")[1]?.slice(0, 40)).join("|");
    assert.equal(
      await shell(worker, `grep -rlE '${own}' /srv/data/builder /tmp /var/lib/buildbot 2>/dev/null || true`),
      "",
    );
  });
  await is("another branch is built apart, signed with its own key", async () => {
    const before = origin.published("snapshots/targets/x86/64/sha256sums");
    await origin.push("release-19.07", { version: "19.07-SNAPSHOT\n" });
    const [build] = await builds(subject, "images", "19.07_x86/64", 1);
    await succeeded(subject, "images", build);
    verifySums(tree("releases/19.07-SNAPSHOT/targets/x86/64"), key("19.07"));
    assert.throws(() => verifySums(tree("releases/19.07-SNAPSHOT/targets/x86/64"), key("master")));
    const [packages] = await builds(subject, "packages", "19.07_x86_64", 1);
    await succeeded(subject, "packages", packages);
    assert.ok(existsSync(tree("releases/packages-19.07/x86_64/base/Packages.sig")));
    assert.equal(origin.published("snapshots/targets/x86/64/sha256sums"), before);
  });
  await is("a tag makes a release, and the branch's snapshot stays", async () => {
    const before = origin.published("releases/19.07-SNAPSHOT/targets/x86/64/sha256sums");
    await origin.tag("release-19.07", "v19.07.1");
    const done = await builds(subject, "images", "19.07_x86/64", 2);
    await succeeded(subject, "images", done.at(-1));
    verifySums(tree("releases/19.07.1/targets/x86/64"), key("19.07"));
    assert.equal(origin.published("releases/19.07-SNAPSHOT/targets/x86/64/sha256sums"), before);
  });
  await is("a package that fails leaves a fail log, and the others are published", async () => {
    await origin.push("main", {
      "package/broken/build": "echo 'no rule to make this' >&2\nexit 1\n",
      "package/hello/build": 'echo "hello again for $1"\n',
    });
    const done = await builds(subject, "packages", "master_x86_64", 2);
    await succeeded(subject, "packages", done.at(-1), 1);
    assert.equal(origin.published("snapshots/faillogs/x86_64/base/broken/compile.txt"), "no rule to make this\n");
    assert.equal(origin.published("snapshots/packages/x86_64/base/hello_1_x86_64.ipk"), "hello again for x86_64\n");
    verifyFile(tree("snapshots/packages/x86_64/base/Packages"), key("master"));
  });
  await is("the fail log of a package that builds again disappears, as do files that no index names", async () => {
    await origin.push("main", {
      "package/broken/build": 'echo "mended for $1"\n',
      "package/greeting": undefined,
    });
    const done = await builds(subject, "packages", "master_x86_64", 3);
    await succeeded(subject, "packages", done.at(-1));
    assert.ok(!existsSync(tree("snapshots/faillogs/x86_64/base/broken/compile.txt")));
    assert.ok(!existsSync(tree("snapshots/packages/x86_64/base/greeting_1_x86_64.ipk")));
    assert.ok(existsSync(tree("snapshots/packages/x86_64/base/broken_1_x86_64.ipk")));
  });
  await is(
    "a worker that dies in the middle of a build leaves a tree that clients can verify, and the build is repeated",
    async () => {
      const before = (await builds(subject, "images", "master_x86/64", 3)).length;
      await origin.push("main", { message: "Hello after the crash.\n", Makefile: slowWorld() });
      await eventually("images that are being made", async () => {
        const { builds: running } = await rest<{ builds: Build[] }>(subject, "images", "builds?complete=false");
        for (const build of running) {
          type Step = { name: string; complete: boolean };
          const { steps: all } = await rest<{ steps: Step[] }>(subject, "images", `builds/${build.buildid}/steps`);
          if (all.some(({ name, complete }) => name === "images" && !complete)) return true;
        }
        return `${running.length} builds run, and none is that far`;
      });
      await shell(worker, "systemctl kill --signal=KILL build-worker@images.service build-worker@packages.service");
      await shell(subject.donor, "systemctl kill --signal=KILL build-worker@images.service");
      verifySums(tree("snapshots/targets/x86/64"), key("master"));
      await shell(worker, "systemctl restart build-worker@images build-worker@packages");
      await shell(subject.donor, "systemctl restart build-worker@images");
      const done = await builds(subject, "images", "master_x86/64", before + 1);
      await eventually("the image of the repeated build", async () => {
        const image = origin.published("snapshots/targets/x86/64/firmware-SNAPSHOT-x86-64-squashfs-sysupgrade.bin");
        return image.includes("after the crash") || `${done.length} builds, but still the old image`;
      });
      verifySums(tree("snapshots/targets/x86/64"), key("master"));
    },
  );
  await is("one more worker is admitted without stopping the masters", async () => {
    const pids = () => shell(master, "systemctl show --property=MainPID build-master@images build-master@packages");
    const before = await pids();
    const { bundle } = farmHost("services-01", people, 1);
    await converge(lab, master, bundle, secrets("build-01", "build-02", "donor-01"));
    assert.equal(await pids(), before);
    await eventually("the new worker", async () => {
      const { workers } = await rest<{ workers: { name: string; configured_on: unknown[] }[] }>(
        subject,
        "images",
        "workers",
      );
      return workers.some(({ name, configured_on }) => name === "build-02" && configured_on.length > 0) || "not known";
    });
  });
}

/** The toy's Makefile, with images that take some seconds. */
const slowWorld = () =>
  readFileSync(new URL("./source/Makefile", import.meta.url), "utf8").replace(
    "world: key-build.pub\n",
    "world: key-build.pub\n\tsleep 5\n",
  );

const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** As a client does: the signature of the sums, the sum of each file, and no file that the sums do not name. */
function verifySums(folder: string, key: SigningKey): void {
  verifyFile(join(folder, "sha256sums"), key);
  const lines = readFileSync(join(folder, "sha256sums"), "utf8").trim().split("\n");
  const named = lines.map((line) => {
    const [, sum = "", name = ""] = /^([0-9a-f]{64}) \*(.+)$/.exec(line) ?? [];
    assert.equal(sha256(join(folder, name)), sum, name);
    return name;
  });
  const there = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .filter((name) => !name.startsWith("sha256sums"));
  assert.deepEqual(there.sort(), named.sort());
}

/** Ed25519, as signify and usign write it: algorithm, number of the key, then key or signature. */
function verifyFile(file: string, key: SigningKey): void {
  const data = (text: string) => Buffer.from(text.split("\n")[1] ?? "", "base64");
  const signature = data(readFileSync(`${file}.sig`, "utf8"));
  const publicKey = data(key.public);
  assert.deepEqual(signature.subarray(2, 10), publicKey.subarray(2, 10), "signed with another key");
  const jwk = { kty: "OKP", crv: "Ed25519", x: publicKey.subarray(10).toString("base64url") };
  const sound = verify(null, readFileSync(file), createPublicKey({ key: jwk, format: "jwk" }), signature.subarray(10));
  assert.ok(sound, `${file}: its signature does not fit`);
}
