import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ADDRESS, type Subject } from "../downloads/planned-host.ts";
import { get } from "../downloads/web-facts.ts";
import { type GitClient, NAME } from "./client.ts";

const SSH = `ssh://git@${ADDRESS}`;
const WEB = `https://${NAME}`;

const RULES = `
repo openwrt/hello
    RW+ = @admins
    R = daemon gitweb
repo private/plans
    RW+ = @admins
`;

/** Who may push, who reads what, and how. */
export async function accessFacts({ stations, is, admins }: Subject, client: GitClient): Promise<void> {
  const { outsider } = stations;
  const { git, succeeds, folder, commit } = client;
  const hello = folder("hello");

  await is("an admin of the settings makes repositories, by pushing rules from anywhere", async () => {
    const rules = folder("gitolite-admin");
    await succeeds("alice", "clone", "--quiet", `${SSH}/gitolite-admin.git`, rules);
    const conf = await readFile(join(rules, "conf/gitolite.conf"), "utf8");
    await commit(rules, "conf/gitolite.conf", conf + RULES);
    await succeeds("alice", "-C", rules, "push", "--quiet");
  });
  await is("who has a key pushes over SSH", async () => {
    await succeeds("alice", "init", "--quiet", "--initial-branch=master", hello);
    await commit(hello, "readme", "hello\n");
    await succeeds("alice", "-C", hello, "tag", "v1");
    for (const repository of ["openwrt/hello", "private/plans"])
      await succeeds("alice", "-C", hello, "push", "--quiet", `${SSH}/${repository}.git`, "master", "v1");
  });
  await is("a key that nobody let in is refused, and so are shells, forwarding and admins from outside", async () => {
    const { status, stderr } = await git("bob", "-C", hello, "push", `${SSH}/openwrt/hello.git`, "master");
    assert.notEqual(status, 0);
    assert.match(stderr, /Permission denied \(publickey\)/);
    assert.match((await admins.ssh(outsider, "git", ADDRESS, "id")).stderr, /unknown git\/gitolite command: 'id'/);
    assert.match((await admins.ssh(outsider, "alice", ADDRESS, "id")).stderr, /Permission denied/);
  });
  await is("everybody clones what is published over https, under each of its names, and nothing else", async () => {
    const head = await succeeds("alice", "-C", hello, "rev-parse", "HEAD");
    for (const name of [NAME, "git.lede-project.org"])
      assert.match(
        await succeeds("bob", "ls-remote", `https://${name}/openwrt/hello.git`, "master"),
        new RegExp(`^${head}`),
      );
    await succeeds("bob", "clone", "--quiet", `${WEB}/openwrt/hello.git`, folder("cloned"));
    assert.equal(await readFile(join(folder("cloned"), "readme"), "utf8"), "hello\n");
    for (const repository of ["private/plans", "gitolite-admin"])
      assert.match((await git("bob", "ls-remote", `${WEB}/${repository}.git`)).stderr, /not found/);
  });
  await is("nobody pushes over https", async () => {
    const { status, stderr } = await git(
      "alice",
      "-C",
      hello,
      "push",
      `${WEB}/openwrt/hello.git`,
      "master:refs/heads/x",
    );
    assert.notEqual(status, 0);
    assert.match(stderr, /403/);
    for (const path of ["info/refs?service=git-receive-pack", "git-receive-pack"])
      assert.equal((await get(outsider, `${WEB}/openwrt/hello.git/${path}`)).status, 403);
  });
  await is("cgit shows what is published: the list, a repository, a file and an archive", async () => {
    const list = (await get(outsider, `${WEB}/`)).body;
    assert.match(list, /href='\/openwrt\/hello\/'/);
    assert.doesNotMatch(list, /private|gitolite-admin/);
    for (const path of ["openwrt/hello/", "openwrt/hello/tree/readme", "cgit-css/cgit.css", "robots.txt"])
      assert.equal((await get(outsider, `${WEB}/${path}`)).status, 200, path);
    assert.equal((await get(outsider, `${WEB}/openwrt/hello/snapshot/hello-v1.tar.gz`)).status, 200);
    assert.equal((await get(outsider, `${WEB}/private/plans/`)).status, 404);
  });
  await is("plain http leads to https", async () => {
    const { status, location } = await get(outsider, `http://${NAME}/openwrt/hello/?h=master`);
    assert.deepEqual([status, location], [301, `${WEB}/openwrt/hello/?h=master`]);
  });
  await is("a crawler is slowed down, and people clone all the same", async () => {
    const { stdout } = await outsider.exec([
      ...["curl", "--silent", "--insecure", "--parallel", "--resolve", `${NAME}:443:${ADDRESS}`],
      ...["--output", "/dev/null", "--write-out", "%{http_code}\n", `${WEB}/openwrt/hello/log/?ofs=[1-120]`],
    ]);
    const statuses = stdout.trim().split("\n");
    assert.ok(statuses.filter((status) => status === "429").length > 40, `statuses: ${[...new Set(statuses)]}`);
    await succeeds("bob", "clone", "--quiet", `${WEB}/openwrt/hello.git`, folder("cloned-meanwhile"));
  });
}
