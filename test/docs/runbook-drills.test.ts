import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RehearsedStack } from "../lifecycle/rehearsed-stack.ts";

const RUNBOOKS = join(import.meta.dirname, "../../docs/runbooks");

describe("a deployed stack", () => {
  const stack = new RehearsedStack("prod");
  const stateFile = () =>
    join(stack.folder, readdirSync(stack.folder).find((file) => file.endsWith(".rehearsal.json")) ?? "");
  beforeAll(async () => {
    expect((await stack.run("up")).errors).toBe("");
  });
  afterAll(() => stack.remove());

  test("gives the records of its zones as a zone file, from its state alone", () => {
    // A rehearsal's state holds, one level down, what `pulumi stack export` gives.
    const input = JSON.stringify(JSON.parse(readFileSync(stateFile(), "utf8")).rehearsal);
    const text = execFileSync("jq", ["-rf", join(RUNBOOKS, "zone-file.jq")], { encoding: "utf8", input });
    const lines = text.split("\n");
    const line = /^([\w.*-]+\.) (\d+) IN (A|AAAA|CNAME|MX|TXT|CAA) (\S.*)$/;
    expect(lines.filter((each) => each !== "" && !line.test(each))).toEqual([]);
    const kinds = Map.groupBy(lines, (each) => line.exec(each)?.[3]);
    for (const [kind, form] of Object.entries(FORMS))
      for (const each of kinds.get(kind) ?? ["none"]) expect(each).toMatch(form);
  });

  test("is not doubled by a deployment after its state was lost", async () => {
    const state = readFileSync(stateFile(), "utf8");
    const before = things(stack);
    rmSync(stateFile());
    const { exit, errors } = await stack.run("up");
    expect(exit).not.toBe(0);
    expect(errors).toMatch(/already|taken|unique|exists/i);
    expect(things(stack)).toEqual(before);
    // The version of before, brought back.
    writeFileSync(stateFile(), state);
    expect((await stack.run("preview")).changes).toEqual([]);
  });
});

const FORMS = {
  A: / IN A \d+\.\d+\.\d+\.\d+$/,
  AAAA: / IN AAAA [\da-f:]+$/,
  MX: / IN MX \d+ (\.|\S+\.)$/,
  TXT: /IN TXT "([^"\\]|\\.){0,255}"( "([^"\\]|\\.){0,255}")*$/,
  CAA: / IN CAA \d+ (issue|issuewild|iodef) "[^"]*"$/,
};

/** How many things of each type the simulated clouds have. */
function things(stack: RehearsedStack): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const cloud of ["hcloud", "digitalocean", "cloudflare"] as const)
    stack.editCloud(cloud, (objects) => {
      for (const [type, all] of Object.entries(objects)) counts[type] = Object.keys(all).length;
    });
  return counts;
}

describe("compare-answers.sh", () => {
  const folder = mkdtempSync(join(tmpdir(), "answers-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** @param zones answers by `server name type` */
  function compare(zones: Readonly<Record<string, readonly string[]>>, names: string) {
    const cases = Object.entries(zones).map(
      ([key, answers]) => `"@${key}") printf '%s\\n' ${answers.map((a) => `'${a}'`).join(" ")} ;;`,
    );
    const path = join(folder, "dig");
    writeFileSync(
      path,
      `#!/bin/bash\ncase "\${*: -3}" in\n"@silent "*) echo ';; no servers could be reached'; exit 9 ;;\n${cases.join("\n")}\nesac\n`,
    );
    chmodSync(path, 0o755);
    return (servers = ["old", "new"]) => {
      const { status, stdout, stderr } = spawnSync(join(RUNBOOKS, "compare-answers.sh"), servers, {
        input: names,
        encoding: "utf8",
        env: { PATH: `${folder}:${process.env["PATH"]}` },
      });
      return { exit: status, output: stdout + stderr };
    };
  }

  const zones = {
    "old example.org. MX": ["10 a.example.", "20 b.example."],
    "new example.org. MX": ["20 b.example.", "10 a.example."],
    "old www.example.org. A": ["192.0.2.1"],
    "new www.example.org. A": ["192.0.2.2"],
    "old gone.example.org. TXT": ["kept?"],
  };

  test("takes answers in another order as equal, and counts a name once", () => {
    const { exit, output } = compare(zones, "example.org. MX\nexample.org. MX\n\n")();
    expect(output).toBe("1 compared, 0 different\n");
    expect(exit).toBe(0);
  });

  test("shows what differs and what the new zone lacks", () => {
    const { exit, output } = compare(zones, "www.example.org. A\ngone.example.org. TXT\nexample.org. MX")();
    expect(output).toContain("www.example.org. A\n  old  192.0.2.1\n  new  192.0.2.2\n");
    expect(output).toContain("gone.example.org. TXT\n  old  kept?\n  new  nothing\n");
    expect(output).toContain("3 compared, 2 different");
    expect(exit).toBe(1);
  });

  test("takes a server that does not answer for no answer at all", () => {
    const { exit, output } = compare(zones, "www.example.org. A\n")(["old", "silent"]);
    expect(output).toContain("silent did not answer for www.example.org. A");
    expect(exit).toBe(2);
  });
});
