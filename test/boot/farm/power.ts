import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { IMAGE } from "./builds.ts";
import { shell } from "./converge.ts";
import { published, verifySums } from "./published.ts";
import type { Subject } from "./suite.ts";
import { type Build, eventually, rest, steps } from "./web.ts";

/** Buildbot's result of a build that is begun again. */
const AGAIN = 5;
const TARGET = "snapshots/targets/x86/64";

/** Hosts that lose their power in the middle of an upload and of a build. */
export async function powerFacts(subject: Subject): Promise<void> {
  const { lab, machines, source, secrets } = subject;
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check("farm", fact, holds);
  const verified = () => verifySums(subject, TARGET, secrets.keyOf("master"));
  const imageSays = (text: string) =>
    eventually(`the image that says "${text}"`, async () => {
      const image = await published(subject, IMAGE).catch((error: Error) => error.message);
      return image.includes(text) || image.slice(0, 200);
    });

  await is(
    "downloads that lose their power in the middle of an upload stay whole, and the upload goes on",
    async () => {
      const { container } = machines.downloads;
      const before = await published(subject, `${TARGET}/sha256sums`);
      // So slow that it can be interrupted.
      const slow = "nft 'add table inet slow; add chain inet slow input { type filter hook input priority -10; }'";
      const limit = "nft add rule inet slow input tcp dport 873 limit rate over 300 kbytes/second drop";
      await shell(container, `${slow}; ${limit}`);
      await source.push("main", { message: "Hello after the first crash.\n", Makefile: world({ megabytes: 4 }) });
      await shell(
        container,
        "timeout 90 sh -c 'cd /srv/data/downloads/tree/snapshots; until find . -name \".firmware*.img.*\" -size +0 | grep -q .; do sleep 0.1; done'",
      );
      assert.equal(await published(subject, `${TARGET}/sha256sums`), before);
      await verified();
      const since = performance.now();
      await machines.downloads.powerCut();
      await eventually(
        "the downloads",
        async () => (await published(subject, IMAGE).catch(() => "")) !== "" || "no answer",
      );
      lab.took("downloads-01", "back after a power cut", (performance.now() - since) / 1000);
      await container.exec(["nft", "delete", "table", "inet", "slow"]);
      await verified();
      await imageSays("after the first crash");
      await idle(subject);
      await verified();
    },
  );
  await is("a worker that loses its power in the middle of a build comes back, and the build is repeated", async () => {
    await source.push("main", { message: "Hello after the second crash.\n", Makefile: world({ seconds: 8 }) });
    const build = await buildAtImages(subject);
    const worker = await nameOf(subject, build);
    const machine = worker === "donor-01" ? machines.donor : machines.worker;
    await machine.powerCut();
    await verified();
    const repeated = await eventually("the end of the interrupted build", async () => {
      const {
        builds: [now],
      } = await rest<{ builds: Build[] }>(subject, "images", `builds/${build.buildid}`);
      if (now?.complete) return now;
      return `${worker}: ${now?.state_string}; ${now && (await steps(subject, "images", now)).map(({ name }) => name)}`;
    });
    assert.equal(repeated.results, AGAIN);
    await imageSays("after the second crash");
    await idle(subject);
    await verified();
  });
  await is(
    "a worker that has lost its power when a build is to begin holds it up no longer than it is away",
    async () => {
      const others = [machines.donor, machines.extra].filter((each) => each !== undefined);
      for (const { container } of others) await shell(container, "systemctl stop build-worker@images");
      await machines.worker.station.unplug();
      await source.push("main", { message: "Hello after the third crash.\n", Makefile: world({}) });
      const build = await eventually("a build that waits for its worker", async () => {
        const { builds: running } = await rest<{ builds: Build[] }>(subject, "images", "builds?complete=false");
        return running.find(({ state_string }) => state_string === "pinging worker") ?? "none does";
      });
      await machines.worker.powerCut();
      await imageSays("after the third crash");
      const { builds: ended } = await rest<{ builds: Build[] }>(subject, "images", `builds/${build.buildid}`);
      assert.equal(ended[0]?.results, AGAIN);
      for (const { container } of others) await shell(container, "systemctl start build-worker@images");
      await idle(subject);
      await verified();
    },
  );
}

/** Waits until everything is built. */
async function idle(subject: Subject): Promise<void> {
  await eventually("an idle farm", async () => {
    for (const phase of ["images", "packages"] as const) {
      const { buildrequests } = await rest<{ buildrequests: unknown[] }>(
        subject,
        phase,
        "buildrequests?complete=false",
      );
      if (buildrequests.length > 0) return `${buildrequests.length} requests of ${phase} are open`;
    }
    return true;
  });
}

/** A build of the first target that makes images right now, on a worker that the test may switch off. */
async function buildAtImages(subject: Subject): Promise<Build> {
  return eventually("images that are being made", async () => {
    const { builds: running } = await rest<{ builds: Build[] }>(subject, "images", "builds?complete=false");
    for (const build of running) {
      type Step = { name: string; complete: boolean };
      const { steps: all } = await rest<{ steps: Step[] }>(subject, "images", `builds/${build.buildid}/steps`);
      const making = all.some(({ name, complete }) => name === "images" && !complete);
      if (making && (await nameOf(subject, build)) !== "build-02") return build;
    }
    return `${running.length} builds run, and none is that far`;
  });
}

async function nameOf(subject: Subject, { workerid }: Build): Promise<string> {
  const { workers } = await rest<{ workers: { name: string }[] }>(subject, "images", `workers/${workerid}`);
  return workers[0]?.name ?? "unknown";
}

/** The toy's Makefile, with one more image, or with images that take some seconds. */
function world({ megabytes = 0, seconds = 0 }): string {
  const image = "-squashfs-sysupgrade.bin\n";
  const more = megabytes > 0 ? `\thead -c ${megabytes}000000 /dev/urandom > $(OUT)/$(NAME)-ext4-combined.img\n` : "";
  const makefile = readFileSync(new URL("./source/Makefile", import.meta.url), "utf8");
  return makefile.replace(image, `${image}${more}${seconds > 0 ? `\tsleep ${seconds}\n` : ""}`);
}
