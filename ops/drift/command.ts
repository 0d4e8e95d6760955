import { Command } from "commander";
import { listClouds } from "../listings/listings.ts";
import { readPreview } from "../preview-json/read-preview.ts";
import { EXIT, Refusal } from "../refusal.ts";
import { markdown, plainText } from "./document.ts";
import { type Drift, driftOf } from "./drift.ts";
import { cloudsOf, managedIn, managedInExport, unmanaged, ZONE } from "./managed.ts";
import { type DsResolver, parentDs } from "./parent-ds.ts";
import { type Findings, reportOf, type Verdict, verdictOf } from "./report.ts";

/** What the command needs from outside; replaced in tests. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly resolveDs: DsResolver;
  readonly write: (text: string) => void;
  /** What is said beside the report, so that the report stays whole. */
  readonly note: (text: string) => void;
}

interface Options {
  readonly state?: readonly string[];
  readonly list?: true;
  readonly public?: true;
  readonly json?: true;
  readonly markdown?: true;
  readonly issue?: true;
  readonly dryRun?: true;
}

/** `ops drift`: what differs between the clouds and the program. */
export function command(given: Partial<Surroundings> = {}): Command {
  return new Command("drift")
    .summary("what differs between the clouds and the program")
    .description(
      "Reports what a refresh found: changed and missing resources, apart from faults of credentials, known noise of the " +
        "providers and code that is not deployed yet. Nothing is written to any cloud, nor to the state.",
    )
    .argument(
      "<refresh.json>",
      "output of pulumi refresh --preview-only --run-program --expect-no-changes --json; - is stdin",
    )
    .option("--list", "also list the clouds (read-only tokens): unmanaged resources, DS records at the parent zones")
    .option("--state <export.json...>", "further states whose resources count as managed (pulumi stack export)")
    .option("--public", "only what anyone may read: no values of the clouds, unmanaged things only as numbers")
    .option("--markdown", "as Markdown")
    .option("--json", "as JSON")
    .option("--issue", "keep one GitHub issue for this stack, in the public form (GITHUB_TOKEN, GITHUB_REPOSITORY)")
    .option("--dry-run", "with --issue: only say what would be done")
    .addHelpText("after", HELP)
    .action(async (file: string, options: Options) => {
      process.exitCode = await drift(file, options, {
        environment: process.env,
        resolveDs: async (zone) => (await import("./resolve-ds.ts")).resolveDs(zone),
        write: (text) => process.stdout.write(text),
        note: (text) => process.stderr.write(text),
        ...given,
      });
    });
}

const HELP = `
Environment for --list
  HCLOUD_TOKEN, DIGITALOCEAN_TOKEN, CLOUDFLARE_API_TOKEN   of the clouds that the state has; reading is enough

Exit codes
  0  clean: no drift
  1  broken: the refresh failed, a cloud cannot be read, or so much is "gone" that the credentials are to blame
  2  a flag, an argument or a token in the environment is wrong or missing
  7  drift

Example
  pulumi refresh -s prod --preview-only --run-program --expect-no-changes --json > refresh.json
  npm run --silent ops -- drift refresh.json --list`;

const EXIT_OF: Record<Verdict, number> = { clean: EXIT.done, broken: EXIT.failed, drift: 7 };

async function drift(file: string, options: Options, outside: Surroundings): Promise<number> {
  if (options.json && options.markdown)
    throw new Refusal(EXIT.badUsage, "--json and --markdown exclude each other.\n  Choose one of them.");
  if (options.dryRun && !options.issue)
    throw new Refusal(EXIT.badUsage, "--dry-run says what --issue would do.\n  Add --issue, or leave it out.");
  const refresh = readPreview(file);
  const found = driftOf(refresh, file);
  const managed = [...managedIn(refresh), ...(options.state ?? []).flatMap(managedInExport)];
  const findings = options.list
    ? await withListings(found, managed, outside)
    : { ...found, unmanaged: undefined, ds: [] };
  const verdict = verdictOf(findings);
  outside.write(shown(findings, verdict, options));
  if (options.issue) {
    const { keepDriftIssue } = await import("./drift-issue.ts");
    outside.note(`${await keepDriftIssue(findings, outside.environment, options.dryRun === true)}\n`);
  }
  return EXIT_OF[verdict];
}

async function withListings(
  found: Drift,
  managed: ReturnType<typeof managedIn>,
  { environment, resolveDs }: Surroundings,
): Promise<Findings> {
  // With a token that sees nothing, all would seem unmanaged or gone.
  if (found.broken.length > 0) return { ...found, unmanaged: undefined, ds: [] };
  const { existing, signatures } = await listClouds(cloudsOf(managed), environment);
  const zones = new Set(managed.filter(({ type }) => type === ZONE).map(({ id }) => id));
  const ours = signatures.filter(({ zoneId }) => zones.has(zoneId));
  return { ...found, unmanaged: unmanaged(existing, managed), ds: await parentDs(ours, resolveDs) };
}

function shown(findings: Findings, verdict: Verdict, options: Options): string {
  const isPublic = options.public === true;
  if (options.json)
    return `${JSON.stringify({ verdict, ...(isPublic ? published(findings) : findings) }, undefined, 2)}\n`;
  const report = reportOf(findings, isPublic);
  return options.markdown ? markdown(report) : plainText(report);
}

/** Without what only maintainers may see. */
function published({ changed, noise, unmanaged: things, ds, ...rest }: Findings) {
  const paths = <T extends Drift["changed"][number]>({ properties, ...others }: T) => ({
    ...others,
    properties: properties.map(({ path }) => ({ path })),
  });
  return {
    ...rest,
    changed: changed.map(paths),
    noise: noise.map(paths),
    unmanaged: things?.length,
    ds: ds.filter(({ state }) => state !== "waiting"),
  };
}
