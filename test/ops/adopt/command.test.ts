import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { command } from "../../../ops/adopt/command.ts";
import { type ImportFile, readImportFile } from "../../../ops/adopt/import-file.ts";
import { readPreview } from "../../../ops/preview-json/read-preview.ts";
import { exampleClouds } from "../listings/example-clouds.ts";
import { type FakeClouds, fakeClouds } from "../listings/fake-clouds.ts";
import { skeletonOf } from "./skeleton.ts";

const fixture = (name: string) => join(import.meta.dirname, "../fixtures/adopt", name);
let folder = "";
let clouds: FakeClouds;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "adopt-"));
  clouds = await fakeClouds(exampleClouds);
});
afterEach(async () => {
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
  await clouds.close();
});

async function adopt(skeleton: string, preview: string) {
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const output = join(folder, "import.json");
  const args = [skeleton, "--preview", preview, "--output", output];
  await command({ environment: clouds.environment, write }).exitOverride().parseAsync(args, { from: "user" });
  const written = existsSync(output) ? (JSON.parse(readFileSync(output, "utf8")) as ImportFile) : undefined;
  return { text, exit: process.exitCode, written };
}

function skeletonFile(change: (skeleton: ImportFile) => ImportFile = (skeleton) => skeleton): string {
  const file = join(folder, "import-skeleton.json");
  writeFileSync(file, JSON.stringify(change(skeletonOf(readPreview(fixture("real-preview.json"))))));
  return file;
}

describe("ops adopt", () => {
  it("asks no cloud for types that no listing knows, and writes nothing", async () => {
    const { text, exit, written } = await adopt(fixture("demo-skeleton.json"), fixture("demo-preview.json"));
    expect(text).toMatch(/^0 of 6 resources exist already/);
    expect(text).toMatch(/no listing knows[\s\S]*Thing db\n[\s\S]*Volume disk/);
    expect({ exit, written, requests: clouds.requests }).toEqual({ exit: 0, written: undefined, requests: [] });
  });

  it("fills in what exists and keeps everything else of the skeleton, but what has no id", async () => {
    const { text, exit, written } = await adopt(skeletonFile(), fixture("real-preview.json"));
    const ids = Object.fromEntries(written?.resources?.map(({ name, id }) => [name, id]) ?? []);
    expect(ids).toEqual({
      git: undefined,
      downloads: undefined,
      zone: "d77654a5e9df49bebd7e27df69feee59",
      "wiki-data": "506f78a4-e098-11e5-ad9f-000f53306ae1",
      "git-ipv4": "104",
      "git-data": "106",
      "downloads-data": "105",
      "downloads-ipv4": "110",
      "git-firewall": "107",
      cache: "zones/d77654a5e9df49bebd7e27df69feee59/2f2feab2026849078ba485f918791bdc",
      "git-rdns": "p-104-203.0.113.104",
      "git-a": "d77654a5e9df49bebd7e27df69feee59/ab1df97950b64f55a9453062bf8482b5",
      "downloads-a": "d77654a5e9df49bebd7e27df69feee59/2915aad3ca1b41a9b8e449eb733fb958",
      "downloads-rdns": "p-110-203.0.113.110",
      "downloads-server": "119",
      "git-server": "114",
    });
    expect(written?.resources?.find(({ name }) => name === "git-data")).toEqual({
      type: "hcloud:index/volume:Volume",
      name: "git-data",
      id: "106",
      parent: "git",
      version: "1.0.0",
    });
    expect(text).toMatch(/Nothing there[\s\S]*Droplet wiki:[\s\S]*Firewall downloads-firewall:/);
    expect(text).toMatch(/pulumi import --file .*import\.json --protect=false/);
    expect(exit).toBe(0);
    expect(clouds.writes).toEqual([]);
  });

  it("follows parents that exist already, from the skeleton's table of names", async () => {
    const urn = "urn:pulumi:prod::example::example:hetzner:Host::git";
    const skeleton = skeletonFile(({ resources = [] }) => ({
      nameTable: { git: urn },
      resources: resources.filter(({ name }) => name === "git-data" || name === "git-server"),
    }));
    const { written } = await adopt(skeleton, fixture("real-preview.json"));
    expect(written?.nameTable).toEqual({ git: urn });
    expect(written?.resources?.map(({ name, id }) => [name, id])).toEqual([
      ["git-data", "106"],
      ["git-server", "114"],
    ]);
  });

  it("ends with 7 when a person must decide", async () => {
    await clouds.close();
    const server = exampleClouds.hetzner?.["volumes"]?.[0] ?? {};
    const volumes = [server, { ...server, id: 1000 }];
    clouds = await fakeClouds({ ...exampleClouds, hetzner: { ...exampleClouds.hetzner, volumes } });
    const { text, exit, written } = await adopt(skeletonFile(), fixture("real-preview.json"));
    expect(exit).toBe(7);
    expect(text).toMatch(
      /Several fit[\s\S]*Volume downloads-data\n +downloads-data \(105\)\n +downloads-data \(1000\)/,
    );
    expect(written?.resources?.some(({ name }) => name === "downloads-data")).toBe(false);
  });

  it("warns that the first deployment switches adopted servers off and on", async () => {
    expect((await adopt(skeletonFile(), fixture("real-preview.json"))).text).toMatch(
      /servers adopted: 2\..*off and on/,
    );
  });

  it("refuses files that do not belong together, or are something else", async () => {
    await expect(adopt(skeletonFile(), fixture("demo-preview.json"))).rejects.toThrow(
      /does not create .*\n.*in one go/,
    );
    const preview = fixture("real-preview.json");
    await expect(adopt(preview, preview)).rejects.toThrow(/no import file: it is a preview/);
    await expect(adopt(join(folder, "none.json"), preview)).rejects.toMatchObject({ exit: 1 });
    expect(existsSync(join(folder, "import.json"))).toBe(false);
  });

  it("writes nothing when a cloud cannot be read", async () => {
    clouds.fail("/v2/droplets", { status: 401 });
    await expect(adopt(skeletonFile(), fixture("real-preview.json"))).rejects.toMatchObject({ exit: 1 });
    expect(existsSync(join(folder, "import.json"))).toBe(false);
  });
});

it("the skeletons of these tests have the form that the CLI recorded, names of the same kind apart", () => {
  const made = skeletonOf(readPreview(fixture("demo-preview.json"))).resources ?? [];
  const recorded = readImportFile(fixture("demo-skeleton.json")).resources ?? [];
  const byName = (specs: typeof made) => new Map(specs.map((spec) => [spec.name, spec]));
  expect(byName(made)).toEqual(byName(recorded));
});
