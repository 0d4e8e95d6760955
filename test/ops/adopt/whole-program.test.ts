import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command } from "../../../ops/adopt/command.ts";
import type { ImportFile } from "../../../ops/adopt/import-file.ts";
import type { Preview } from "../../../ops/preview-json/preview.ts";
import { parsePreview } from "../../../ops/preview-json/read-preview.ts";
import { urnParts } from "../../../ops/preview-json/urn.ts";
import { type FakeClouds, fakeClouds } from "../listings/fake-clouds.ts";
import { cloudAnswers, type SimulatedObjects } from "./cloud-answers.ts";
import { skeletonOf } from "./skeleton.ts";

const repository = join(import.meta.dirname, "../../..");
/** A scratch project that runs the program of this repository, and takes over what an import file names. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), "adopt-")));
const inFolder = (name: string) => join(folder, name);
let clouds: FakeClouds;
let skeleton: ImportFile;
let report = "";

/**
 * Relations that DigitalOcean's provider cannot import (of a reserved IP: the simulated one). The real provider finds
 * them as they are and does nothing; the simulated cloud would refuse to make them again, so it is made to forget them.
 */
const REMADE = ["VolumeAttachment", "ProjectResources", "ReservedIpAssignment"];

const ADOPTING_PROGRAM = `
import { readFileSync } from "node:fs";
import { runtime } from "@pulumi/pulumi";
const file = process.env["IMPORT_FILE"];
const { resources } = file ? JSON.parse(readFileSync(file, "utf8")) : { resources: [] };
const ids = new Map(resources.filter(({ type }) => !type.endsWith(":ReservedIpAssignment")).map(({ type, name, logicalName, id }) => [type + " " + (logicalName ?? name), id]));
runtime.registerStackTransformation(({ type, name, props, opts }) => {
  const id = ids.get(type + " " + name);
  return id === undefined ? undefined : { props, opts: { ...opts, import: id } };
});
await import(${JSON.stringify(join(repository, "index.ts"))});
`;

function rehearse(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repository, "rehearsal/cli.ts"), "--engine", "local", ...args],
    { cwd: folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1", ...env }, maxBuffer: 1e9 },
  );
  return { exit: status, stdout, stderr };
}

const preview = (env: Record<string, string> = {}): Preview =>
  parsePreview(rehearse(["preview", "--json"], env).stdout, "preview");

const cloudFile = (name: string) =>
  (JSON.parse(readFileSync(inFolder(`.rehearsal/prod/clouds/${name}.json`), "utf8")) as { objects: SimulatedObjects })
    .objects;
const idsInClouds = () =>
  ["hcloud", "digitalocean", "cloudflare"].map((name) =>
    Object.entries(cloudFile(name))
      .filter(([type]) => name !== "digitalocean" || !REMADE.includes(type))
      .map(([type, objects]) => [type, Object.keys(objects).sort()]),
  );

beforeAll(async () => {
  for (const file of ["Pulumi.prod.yaml", "rehearsal/settings/examples.yaml"])
    cpSync(join(repository, file), inFolder(file), { recursive: true });
  writeFileSync(
    inFolder("Pulumi.yaml"),
    `${readFileSync(join(repository, "Pulumi.yaml"), "utf8")}\nmain: adopting.ts\n`,
  );
  writeFileSync(inFolder("package.json"), '{ "type": "module" }');
  writeFileSync(inFolder("adopting.ts"), ADOPTING_PROGRAM);
  symlinkSync(join(repository, "node_modules"), inFolder("node_modules"), "dir");

  // The servers exist already, and no state knows them.
  expect(rehearse(["up"])).toMatchObject({ exit: 0 });
  for (const file of readdirSync(inFolder(".rehearsal/prod")))
    if (file.endsWith(".rehearsal.json")) rmSync(inFolder(`.rehearsal/prod/${file}`));
  clouds = await fakeClouds(cloudAnswers(cloudFile("hcloud"), cloudFile("digitalocean"), cloudFile("cloudflare")), 20);

  const { stdout } = rehearse(["preview", "--json"]);
  skeleton = skeletonOf(parsePreview(stdout, "preview"));
  writeFileSync(inFolder("preview.json"), stdout);
  writeFileSync(inFolder("import-skeleton.json"), JSON.stringify(skeleton));
  const write = (text: string) => {
    report += text;
  };
  const args = [
    inFolder("import-skeleton.json"),
    "--preview",
    inFolder("preview.json"),
    "--output",
    inFolder("import.json"),
  ];
  await command({ environment: clouds.environment, write }).parseAsync(args, { from: "user" });
}, 120_000);

afterAll(async () => {
  process.exitCode = undefined;
  await clouds.close();
  rmSync(folder, { recursive: true });
});

describe("the program's own servers, adopted", () => {
  it("are all recognised, but for what no provider can import", () => {
    const imported = JSON.parse(readFileSync(inFolder("import.json"), "utf8")) as ImportFile;
    const left = skeleton.resources?.filter(
      ({ name, component }) => !component && !imported.resources?.some((spec) => spec.name === name),
    );
    expect(new Set(left?.map(({ type }) => type.split(":")[2]))).toEqual(
      new Set(["VolumeAttachment", "ProjectResources"]),
    );
    expect(left?.every(({ type }) => type.startsWith("digitalocean:"))).toBe(true);
    expect(JSON.stringify(imported)).not.toContain("PLACEHOLDER");
    expect(report).toMatch(/^\d+ of \d+ resources exist already/);
    expect(report).not.toMatch(/Several fit|In the way|Nothing there|Recognised although/);
    expect(clouds.writes).toEqual([]);
  });

  it("are taken over without creating, replacing or deleting any of them", () => {
    const env = { IMPORT_FILE: inFolder("import.json") };
    const imported = preview(env);
    expect(imported.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const steps = imported.steps.map(({ op, urn }) => ({ op, ...urnParts(urn) }));
    const of = (...ops: string[]) => steps.filter(({ op, type }) => ops.includes(op) && type.includes(":index/"));
    expect(of("replace", "delete", "delete-replaced", "create-replacement")).toEqual([]);
    expect(new Set(of("create").map(({ type }) => type.split(":")[2]))).toEqual(new Set(REMADE));
    expect(of("import").length).toBeGreaterThan(150);
    // What the clouds do not tell is all that the state lacks.
    const updates = imported.steps.filter(({ op }) => op === "update");
    expect(new Set(updates.map(({ urn, diffReasons }) => `${urnParts(urn).type}: ${diffReasons.join(", ")}`))).toEqual(
      new Set([
        "hcloud:index/server:Server: keepDisk, publicNets, shutdownBeforeDeletion",
        "digitalocean:index/droplet:Droplet: backupPolicy, gracefulShutdown",
      ]),
    );
  });

  it("are the same ones afterwards, and nothing is left to be done", () => {
    const file = inFolder(".rehearsal/prod/clouds/digitalocean.json");
    const cloud = JSON.parse(readFileSync(file, "utf8")) as { objects: Record<string, object> };
    for (const type of REMADE) delete cloud.objects[type];
    writeFileSync(file, JSON.stringify(cloud));
    const before = idsInClouds();
    const up = rehearse(["up"], { IMPORT_FILE: inFolder("import.json") });
    expect(up, up.stdout + up.stderr).toMatchObject({ exit: 0 });
    expect(idsInClouds()).toEqual(before);
    expect(rehearse(["preview", "--expect-no-changes"])).toMatchObject({ exit: 0 });
  });
});
