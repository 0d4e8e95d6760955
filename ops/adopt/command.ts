import { Command } from "commander";
import { type Document, type Item, line, plainText } from "../drift/document.ts";
import { CLOUD_NAMES, type CloudName } from "../listings/existing.ts";
import { listClouds } from "../listings/listings.ts";
import { readPreview } from "../preview-json/read-preview.ts";
import { packageOf, shortType } from "../preview-json/urn.ts";
import { EXIT } from "../refusal.ts";
import { writeWhole } from "../write-whole.ts";
import { filledIn, readImportFile } from "./import-file.ts";
import { matchAll, type Outcome } from "./match.ts";
import { type Wanted, wantedResources } from "./wanted.ts";

/** What the command needs from outside; replaced in tests. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
}

interface Options {
  readonly preview: string;
  readonly output: string;
}

/** `ops adopt`: ids of what exists already, for `pulumi import`. */
export function command(given: Partial<Surroundings> = {}): Command {
  return new Command("adopt")
    .summary("match existing resources and write the import file")
    .description(
      "Finds for each resource that the program would create what exists already in the clouds, by name, address and " +
        "relation, and writes an import file with the ids. What fits several things is left to you. The clouds are only read.",
    )
    .argument("<import-skeleton.json>", "what pulumi preview --import-file wrote")
    .requiredOption("--preview <preview.json>", "the JSON of the same preview")
    .option("--output <import.json>", "the file for pulumi import --file", "import.json")
    .addHelpText("after", HELP)
    .action(async (skeleton: string, options: Options) => {
      const outside = { environment: process.env, write: (text: string) => process.stdout.write(text), ...given };
      process.exitCode = await adopt(skeleton, options, outside);
    });
}

const HELP = `
Environment
  HCLOUD_TOKEN, DIGITALOCEAN_TOKEN, CLOUDFLARE_API_TOKEN   of the clouds that the program uses; reading is enough

Exit codes
  0  done; what has no counterpart is listed
  1  a file or a cloud cannot be read
  2  a flag, an argument or a token in the environment is wrong or missing
  7  done, but a person must decide: several things fit, or something is in the way

Example
  pulumi preview -s prod --json --import-file import-skeleton.json > preview.json
  npm run ops -- adopt import-skeleton.json --preview preview.json
  pulumi import -s prod --file import.json --protect=false --generate-code=false`;

async function adopt(file: string, options: Options, { environment, write }: Surroundings): Promise<number> {
  const skeleton = readImportFile(file);
  const wanted = wantedResources(skeleton, readPreview(options.preview));
  const clouds = new Set(wanted.map(({ type }) => packageOf(type)).filter(isCloud));
  const { existing } = await listClouds(clouds, environment);
  const outcomes = matchAll(wanted, existing);
  const ids = new Map(
    [...outcomes].flatMap(([{ spec }, outcome]) => (outcome.kind === "matched" ? [[spec, outcome.importId]] : [])),
  );
  if (ids.size > 0) writeWhole(options.output, `${JSON.stringify(filledIn(skeleton, ids), undefined, 4)}\n`);
  write(plainText(report(outcomes, ids.size > 0 ? options.output : undefined)));
  const undecided = [...outcomes.values()].some(({ kind }) => kind === "ambiguous" || kind === "blocked");
  return undecided ? 7 : EXIT.done;
}

const isCloud = (name: string): name is CloudName => Object.hasOwn(CLOUD_NAMES, name);

function report(outcomes: ReadonlyMap<Wanted, Outcome>, output: string | undefined): Document {
  const of = <Kind extends Outcome["kind"]>(kind: Kind) =>
    [...outcomes].filter((entry): entry is [Wanted, Extract<Outcome, { kind: Kind }>] => entry[1].kind === kind);
  const resource = ({ type, name }: Wanted) => line`${shortType(type)} ${name}`;
  const sections = [
    {
      title: "Several fit: decide by hand, and write the id into the file",
      items: of("ambiguous").map(
        ([wanted, { candidates }]): Item => ({
          line: resource(wanted),
          details: candidates.map((candidate) => line`${candidate}`),
        }),
      ),
    },
    {
      title: "In the way: the first deployment would fail here",
      items: of("blocked").map(([wanted, { by }]): Item => ({ line: line`${resource(wanted)}: ${by}` })),
    },
    {
      title: "Recognised although the name is another: the first deployment renames it",
      items: of("matched")
        .filter(([wanted, { existing }]) => isRenamed(wanted, existing?.traits["name"]))
        .map(
          ([wanted, { existing, by }]): Item => ({
            line: line`${resource(wanted)} is ${existing?.name ?? ""} (${existing?.id ?? ""}), by ${by}`,
          }),
        ),
    },
    {
      title: "Nothing there: the first deployment creates it",
      items: of("absent").map(([wanted, { why }]): Item => ({ line: line`${resource(wanted)}: ${why}` })),
    },
    {
      title: "Cannot be imported: the first deployment makes it again, without effect",
      items: of("notImportable").map(([wanted, { why }]): Item => ({ line: line`${resource(wanted)}: ${why}` })),
    },
    {
      title: "Of a type that no listing knows: write the id into the file by hand",
      items: of("unknown").map(([wanted]): Item => ({ line: resource(wanted) })),
    },
  ].filter(({ items }) => items.length > 0);
  const servers = of("matched").filter(([{ type }]) => type === SERVER).length;
  const warning = {
    title: "Before the first deployment",
    items: [{ line: line`Hetzner servers adopted: ${servers}. ${[POWER_CYCLE]}` }],
  };
  const next = output === undefined ? [] : [{ title: "Next", items: NEXT(output) }];
  const matched = of("matched").length;
  return {
    title: line`${matched} of ${outcomes.size} resources exist already.`,
    summary: output === undefined ? ["Nothing to import; no file was written."] : line`Their ids are in ${output}.`,
    sections: [...sections, ...(servers > 0 ? [warning] : []), ...next],
  };
}

const SERVER = "hcloud:index/server:Server";

/** An import does not read `publicNets` (terraform-provider-hcloud#577, #944; #1534 was closed unmerged, 2026-09). */
const POWER_CYCLE =
  "Their first update sets publicNets, for which the provider switches each one off and on. Go host by host.";

function isRenamed(wanted: Wanted, name: string | readonly string[] | undefined): boolean {
  const wish = wanted.inputs["name"];
  return typeof wish === "string" && typeof name === "string" && wish.toLowerCase() !== name.toLowerCase();
}

const NEXT = (output: string): Item[] => [
  { line: line`pulumi import --file ${output} --protect=false --generate-code=false` },
  { line: ["pulumi preview --diff, and change the estate until it is what you want (docs/runbooks/adoption.md)"] },
];
