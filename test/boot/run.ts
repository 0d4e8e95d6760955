import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseSuite } from "./base/suite.ts";
import { type Cleanup, cleanups } from "./cleanup.ts";
import { convergeSuite } from "./converge/suite.ts";
import { downloadsSuite } from "./downloads/suite.ts";
import { farmSuite } from "./farm/suite.ts";
import { gitSuite } from "./git/suite.ts";
import { type Image, image } from "./image.ts";
import { network } from "./network.ts";
import { type Progress, progress } from "./progress.ts";
import { missing } from "./requirements.ts";
import type { Suite } from "./suite.ts";

/**
 * `npm run test:boot [-- role…]`: boots hosts from their user data and checks what they do.
 * Exit codes: 0 all facts hold, 1 some do not, 2 the tests cannot run here or were asked for an unknown role.
 */
const SUITES: readonly Suite[] = [baseSuite, convergeSuite, gitSuite, downloadsSuite, farmSuite];

process.exitCode = await main(process.argv.slice(2));

async function main(roles: readonly string[]): Promise<number> {
  const known = SUITES.map(({ role }) => role);
  const unknown = roles.filter((role) => !known.includes(role));
  if (unknown.length > 0) {
    console.error(`No boot test for ${unknown.join(", ")}.\n  Allowed: ${known.join(", ")}, or nothing for all.`);
    return 2;
  }
  const problems = missing();
  if (problems.length > 0) {
    console.error(problems.join("\n"));
    return 2;
  }
  const suites = SUITES.filter(({ role }) => roles.length === 0 || roles.includes(role));
  const report = progress();
  const cleanup = cleanups();
  const interrupted = (signal: NodeJS.Signals) => {
    report.log(`${signal}: removing what was made`);
    void cleanup.all().finally(() => process.exit(1));
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    const from = await image(
      suites.flatMap(({ packages }) => packages),
      report.log,
    );
    const folder = await mkdtemp(join(tmpdir(), "boot-test-"));
    cleanup.add(() => rm(folder, { recursive: true, force: true }));
    for (const suite of suites) await runSuite(suite, from, join(folder, suite.role), cleanup, report);
  } catch (error) {
    report.failed("the run", error);
  } finally {
    await cleanup.all();
  }
  return report.summary() ? 0 : 1;
}

/** With a network of its own; its hosts are gone before the next one begins, also when it stops halfway. */
async function runSuite(suite: Suite, from: Image, folder: string, cleanup: Cleanup, report: Progress): Promise<void> {
  const own = cleanups();
  const remove = cleanup.add(own.all);
  try {
    await mkdir(folder);
    const wire = await network(`bt${process.pid}-${suite.role}`, own);
    const { log, check, took } = report;
    await suite.run({ image: from, network: wire, folder, cleanup: own, log, check, took });
  } catch (error) {
    report.failed(suite.role, error);
  } finally {
    await remove();
  }
}
