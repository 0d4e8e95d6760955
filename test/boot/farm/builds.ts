import assert from "node:assert/strict";
import { shell } from "./converge.ts";
import { caching, published, sha256, status, verifyFile, verifySums } from "./published.ts";
import { sameHeads } from "./served.ts";
import type { Subject } from "./suite.ts";
import { builds, steps, succeeded } from "./web.ts";

export const IMAGE = "snapshots/targets/x86/64/firmware-SNAPSHOT-x86-64-squashfs-sysupgrade.bin";

/** From a push to what a client downloads and verifies. */
export async function buildFacts(subject: Subject): Promise<void> {
  const { lab, machines, source, secrets } = subject;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check("farm", fact, holds);
  const key = secrets.keyOf;
  const read = (path: string) => published(subject, path);

  const since = performance.now();
  await source.push("main", { message: "Hello from the second commit.\n" });
  await is("a push is built for each target, signed and published", async () => {
    for (const target of ["x86/64", "ath79/generic"]) {
      const [build] = await builds(subject, "images", `master_${target}`, 1);
      await succeeded(subject, "images", build);
      await verifySums(subject, `snapshots/targets/${target}`, key("master"));
    }
    lab.took("farm", "push to images", (performance.now() - since) / 1000);
    const image = await read(IMAGE);
    assert.match(image, /^image of SNAPSHOT for x86\nHello from the second commit\.\ntrusts: /);
    assert.ok(image.includes(key("master").public.split("\n")[1] ?? "none"), "the image trusts the branch's key");
  });
  // Built while phase 2 is looked at.
  await source.push("release-19.07", { version: "19.07-SNAPSHOT\n" });
  await is("phase 2 builds packages with the SDK that phase 1 made, and signs their index", async () => {
    for (const architecture of ["x86_64", "mips_24kc"]) {
      const [build] = await builds(subject, "packages", `master_${architecture}`, 1);
      await succeeded(subject, "packages", build);
      const folder = `snapshots/packages/${architecture}/base`;
      assert.equal(await read(`${folder}/hello_1_${architecture}.ipk`), `hello for ${architecture}\n`);
      const index = await verifyFile(subject, `${folder}/Packages`, key("master"));
      const [, sum] = /^SHA256sum: (\w+)/m.exec(index) ?? [];
      assert.equal(sum, sha256(await read(`${folder}/greeting_1_${architecture}.ipk`)));
    }
    lab.took("farm", "push to packages", (performance.now() - since) / 1000);
  });
  await is("steps have logs, and neither keys nor passwords of uploads were ever on a worker", async () => {
    const [build] = await builds(subject, "images", "master_x86/64", 1);
    assert.ok(build);
    const all = await steps(subject, "images", build);
    assert.match(all.find(({ name }) => name === "images")?.log ?? "", /sha256sum/);
    assert.match(all.find(({ name }) => name === "upload")?.log ?? "", /signed sha256sums/);
    const secret = [
      ...Object.values(secrets.uploads),
      ...(["master", "19.07"] as const).map((branch) => key(branch).secret.split("\n")[1]?.slice(0, 40) ?? "none"),
    ];
    const pattern = secret.join("\n");
    for (const text of secret) assert.ok(!all.some(({ log }) => log.includes(text)));
    const look = (where: string) => `grep -rlaF -e '${pattern.replaceAll("'", "'\\''")}' ${where} 2>/dev/null || true`;
    for (const { container } of [machines.worker, machines.donor])
      assert.equal(
        await shell(container, look("/srv/data/builder /tmp /var /proc/[0-9]*/environ /proc/[0-9]*/cmdline")),
        "",
      );
    assert.equal(await shell(machines.master.container, look("/var/log /srv/data/buildbot/*/twistd.log")), "");
  });
  await is("another branch is built apart, signed with its own key", async () => {
    const before = await read("snapshots/targets/x86/64/sha256sums");
    const [build] = await builds(subject, "images", "19.07_x86/64", 1);
    await succeeded(subject, "images", build);
    await verifySums(subject, "releases/19.07-SNAPSHOT/targets/x86/64", key("19.07"));
    await assert.rejects(verifySums(subject, "releases/19.07-SNAPSHOT/targets/x86/64", key("master")));
    assert.equal(await read("snapshots/targets/x86/64/sha256sums"), before);
  });
  const snapshot = await read("releases/19.07-SNAPSHOT/targets/x86/64/sha256sums");
  await source.tag("release-19.07", "v19.07.1");
  await source.push("main", {
    "package/broken/build": "echo 'no rule to make this' >&2\nexit 1\n",
    "package/hello/build": 'echo "hello again for $1"\n',
  });
  await is("packages of the other branch appear apart", async () => {
    const [packages] = await builds(subject, "packages", "19.07_x86_64", 1);
    await succeeded(subject, "packages", packages);
    await verifyFile(subject, "releases/packages-19.07/x86_64/base/Packages", key("19.07"));
  });
  await is("a tag makes a release, and the branch's snapshot stays", async () => {
    const done = await builds(subject, "images", "19.07_x86/64", 2);
    await succeeded(subject, "images", done.at(-1));
    await verifySums(subject, "releases/19.07.1/targets/x86/64", key("19.07"));
    assert.equal(await read("releases/19.07-SNAPSHOT/targets/x86/64/sha256sums"), snapshot);
  });
  await is("a package that fails leaves a fail log, and the others are published", async () => {
    const done = await builds(subject, "packages", "master_x86_64", 2);
    await succeeded(subject, "packages", done.at(-1), 1);
    assert.equal(await read("snapshots/faillogs/x86_64/base/broken/compile.txt"), "no rule to make this\n");
    assert.equal(await read("snapshots/packages/x86_64/base/hello_1_x86_64.ipk"), "hello again for x86_64\n");
    await verifyFile(subject, "snapshots/packages/x86_64/base/Packages", key("master"));
  });
  await is(
    "caches keep images of a release for a year, and never what changes or what says what belongs together",
    async () => {
      const release = "releases/19.07.1/targets/x86/64";
      const image = "firmware-19.07-SNAPSHOT-x86-64-squashfs-sysupgrade.bin";
      assert.equal(await caching(subject, `${release}/${image}`), "public, max-age=31536000, immutable");
      for (const path of [
        ...["sha256sums", "sha256sums.sig", "profiles.json", "packages/Packages", ""].map(
          (file) => `${release}/${file}`,
        ),
        IMAGE,
        "releases/packages-19.07/x86_64/base/hello_1_x86_64.ipk",
        "snapshots/faillogs/x86_64/base/broken/compile.txt",
        "releases/19.07.1/targets/none.bin",
      ])
        assert.deepEqual([path, await caching(subject, path)], [path, "no-cache"]);
    },
  );
  await is("the fail log of a package that builds again disappears, as do files that no index names", async () => {
    await source.push("main", { "package/broken/build": 'echo "mended for $1"\n', "package/greeting": undefined });
    const done = await builds(subject, "packages", "master_x86_64", 3);
    await succeeded(subject, "packages", done.at(-1));
    assert.equal(await status(subject, "snapshots/faillogs/x86_64/base/broken/compile.txt"), 404);
    assert.equal(await status(subject, "snapshots/packages/x86_64/base/greeting_1_x86_64.ipk"), 404);
    assert.equal(await status(subject, "snapshots/packages/x86_64/base/broken_1_x86_64.ipk"), 200);
  });
  await is("the mirror holds the same heads", () => sameHeads(subject));
  await is("what each host promises holds, as every admin may ask", async () => {
    for (const { container } of [machines.downloads, machines.master, machines.worker]) {
      const lines = await shell(container, "check-roles");
      assert.match(lines, /^ok (git|downloads|buildbot-master|buildbot-worker): /m);
      assert.doesNotMatch(lines, /^(failed|note)/m);
    }
  });
}
