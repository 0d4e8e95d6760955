import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProjectCopy } from "./project-copy.ts";
import { RehearsedStack } from "./rehearsed-stack.ts";
import type { Edits } from "./small-estate.ts";

/*
 * A host does not move by an edit (components/unless-moved.ts), whatever guards are lifted; it moves as
 * docs/runbooks/move-a-host.md says. The tests run in order: each finds the clouds as the one before left them.
 */
const project = new ProjectCopy();
const stack = new RehearsedStack("small", project.folder);
const lifted = ["unprotected=all"];

beforeAll(async () => {
  estate({});
  expect(await stack.run("up")).toMatchObject({ exit: 0, errors: "" });
}, 60_000);
afterAll(() => {
  stack.remove();
  project.remove();
});

/** Writes the estate as somebody might edit it. */
function estate(edits: Edits): void {
  const module = JSON.stringify(join(import.meta.dirname, "small-estate.ts"));
  project.write(
    "estates/estates.ts",
    `import { smallEstate } from ${module};\nexport const estates = { small: smallEstate(${JSON.stringify(edits)}) };\n`,
  );
}

/** Ids of what keeps something, by cloud and type. */
function kept(): Record<string, string[]> {
  const ids: Record<string, string[]> = {};
  for (const cloud of ["hcloud", "digitalocean"] as const)
    stack.editCloud(cloud, (objects) => {
      for (const type of ["Server", "Volume", "PrimaryIp", "StorageBox", "Droplet", "ReservedIp"])
        if (objects[type]) ids[`${cloud} ${type}`] = Object.keys(objects[type]).sort();
    });
  return ids;
}

const replacements = (changes: readonly string[]) => changes.filter((change) => /^(replace|delete)/.test(change));

describe("an edit of one word", () => {
  const EDITS: [what: string, edits: Edits, message: RegExp][] = [
    [
      "a server's location",
      { mainLocation: "hel1" },
      /location hel1 of the (address|volume) of main-01.*location fsn1/,
    ],
    ["a droplet's region", { wikiRegion: "ams3" }, /region ams3 of the (address|volume) of wiki-01.*region fra1/],
    [
      "a storage box's location",
      { boxLocation: "fsn1" },
      /location fsn1 of the storage box small-backup.*location hel1/,
    ],
  ];

  test.each(EDITS)("(%s) is refused in the preview, with what to do instead", async (_what, edits, message) => {
    estate(edits);
    const { exit, errors, changes } = await stack.run("preview", lifted);
    expect(exit).toBe(1);
    expect(errors).toMatch(message);
    expect(errors).toContain("docs/runbooks/move-a-host.md");
    expect(replacements(changes)).toEqual([]);
  });

  test("deletes nothing either when it is deployed without a preview, after all guards were lifted", async () => {
    estate({});
    expect((await stack.run("up", lifted)).exit).toBe(0);
    const before = kept();
    expect(Object.keys(before)).toHaveLength(7);
    for (const [what, edits, message] of EDITS) {
      estate(edits);
      const { exit, errors } = await stack.run("up", lifted);
      expect(exit, what).toBe(1);
      expect(errors, what).toMatch(message);
      expect(kept(), what).toEqual(before);
    }
  });

  test("and back again takes away what a droplet's new region had got already: its empty network", async () => {
    estate({});
    expect(await stack.run("up")).toMatchObject({ exit: 0 });
    expect(await stack.run("preview", [], { expectNoChanges: true })).toMatchObject({ exit: 0, changes: [] });
  });
});

describe("the runbook", () => {
  const beside: Edits = { newHost: "hel1" };
  const served: Edits = { ...beside, gitOn: "main-02" };

  test("makes the new host beside the old one, and changes nothing else", async () => {
    estate(beside);
    const { exit, changes } = await stack.run("up");
    expect(exit).toBe(0);
    const others = changes.filter((change) => !/^create .*(main-02|example\.org-main-02\.)/.test(change));
    expect(others.filter((change) => !/^update /.test(change))).toEqual([]);
    const [server, volume] = ["Server", "Volume"].map((type) => ({ type, id: kept()[`hcloud ${type}`]?.at(-1) ?? "" }));
    stack.editCloud("hcloud", (objects) => {
      for (const each of [server, volume]) expect(objects[each!.type]![each!.id]!["location"]).toBe("hel1");
    });
  });

  test("lets the names follow the service, and no data is touched", async () => {
    const before = kept();
    estate(served);
    const { exit, changes } = await stack.run("up");
    expect(exit).toBe(0);
    expect(replacements(changes)).toEqual([]);
    expect(changes).toContain("update cloudflare:index/dnsRecord:DnsRecord example.org-git.example.org/A/host");
    expect(kept()).toEqual(before);
  });

  test("removes the old host last, once its guards were lifted in a deployment of their own", async () => {
    const gone: Edits = { ...served, without: "main-01" };
    estate(gone);
    expect(await stack.run("up")).toMatchObject({ exit: 1, errors: expect.stringMatching(/protect/) });
    estate(served);
    expect((await stack.run("up", ['unprotected=["main-01"]'])).exit).toBe(0);
    estate(gone);
    const { exit, changes } = await stack.run("up");
    expect(exit).toBe(0);
    expect(replacements(changes).filter((change) => !change.includes("main-01"))).toEqual([]);
    expect(kept()).toMatchObject({ "hcloud Server": [expect.any(String)], "hcloud Volume": [expect.any(String)] });
    expect(await stack.run("preview", [], { expectNoChanges: true })).toMatchObject({ exit: 0, changes: [] });
  });
});
