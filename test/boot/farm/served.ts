import assert from "node:assert/strict";
import { join } from "node:path";
import { converge, shell } from "./converge.ts";
import { FORGE, farmHost } from "./estate.ts";
import { CLONE, PUSH } from "./source-repository.ts";
import type { Subject } from "./suite.ts";
import { ask, eventually } from "./web.ts";

/** Git and downloads, before any master knows of them: certificates, who may push, and the first commit. */
export async function servedFacts(subject: Subject): Promise<void> {
  const { lab, machines, secrets, source, desk, people } = subject;
  const downloads = machines.downloads.container;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check("downloads-01", fact, holds);

  await converge(lab, downloads, farmHost("downloads-01", people).bundle, secrets.downloads);
  await is(
    "an authority proves its names over plain http and issues their certificates, which clients trust",
    async () => {
      await shell(downloads, "systemctl start certificates.service");
      for (const name of ["git", "downloads", "sources"]) {
        // A reload of nginx has not ended when its command has.
        await eventually(`${name} with its certificate`, async () => {
          const { status, body } = await ask(subject, `https://${name}.example.org/.well-known/acme-challenge/none`);
          return status === 404 || body;
        });
      }
      const again = await shell(
        downloads,
        "systemctl start certificates.service; ls /var/lib/web/lego/certificates/*.key | wc -l",
      );
      assert.equal(again, await shell(downloads, "wc -l </usr/local/lib/roles/web/names"));
    },
  );
  await is("who has an admin's key makes a repository and pushes to it over SSH, from anywhere", () => source.create());
  await is("a key that nobody let in is refused, and nobody pushes over https", async () => {
    const refused = await source.git("bob", "push", PUSH, "main:refs/heads/mine");
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /Permission denied \(publickey\)/);
    const web = await source.git("alice", "push", CLONE, "main:refs/heads/mine");
    assert.match(web.stderr, /403/);
    assert.doesNotMatch((await source.git("bob", "ls-remote", CLONE)).stdout, /mine/);
  });
  await is("an upload with a wrong password, or from a worker with the right one, is refused", async () => {
    const file = join(lab.folder, "keys/alice.pub");
    const upload = (from: typeof desk, password: string) =>
      from.exec([
        ...["env", `RSYNC_PASSWORD=${password}`, "rsync", "--timeout=10", "--contimeout=5", file],
        "rsync://master@10.0.0.12/upload-master/snapshots/stolen",
      ]);
    assert.equal((await upload(machines.master.station, "a guess")).status, 5);
    assert.equal((await upload(machines.worker.station, secrets.uploads.master)).status, 5);
    assert.equal(await shell(downloads, "find /srv/data/downloads -name stolen"), "");
  });
  await is("every push reaches the mirror, with the key that the forge knows", async () => {
    const key = await shell(machines.forge.container, "cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub");
    await shell(downloads, `echo '${FORGE} ${key}' >/etc/ssh/ssh_known_hosts; systemctl start git-mirror@all.service`);
    await sameHeads(subject);
  });
}

/** The mirror has the branches and tags of the repository, and no other. */
export async function sameHeads({ machines, source }: Subject): Promise<void> {
  const { stdout } = await source.git("alice", "ls-remote", "--refs", CLONE);
  assert.match(stdout, /refs\/heads\/main/);
  const refs = "git --git-dir /example/firmware.git for-each-ref --format '%(objectname)%09%(refname)'";
  const mirrored = `for i in $(seq 60); do if [ "$(${refs})" = "$1" ]; then exit 0; fi; sleep 0.5; done; ${refs}; exit 1`;
  const { status, stdout: heads } = await machines.forge.container.exec([
    ...["runuser", "-u", "git", "--", "sh", "-c", mirrored, "sh", stdout.trim()],
  ]);
  assert.equal(status, 0, `the mirror has\n${heads}instead of\n${stdout}`);
}
