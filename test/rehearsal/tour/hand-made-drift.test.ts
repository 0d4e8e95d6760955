import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeDrift } from "../../../rehearsal/tour/hand-made-drift.ts";

const folder = mkdtempSync(join(tmpdir(), "drift-"));
afterAll(() => rmSync(folder, { recursive: true }));

function cloud(objects: object): string {
  const file = join(folder, "hcloud.json");
  writeFileSync(file, JSON.stringify({ objects }));
  return file;
}

describe("a drift made by hand", () => {
  it("is a label of a server where there is one, and says the line that now holds it", () => {
    const file = cloud({
      volume: { 1: { labels: { role: "git" } } },
      server: { 2: { name: "git", labels: { role: "git", payer: "x" } } },
    });
    const drift = makeDrift(file);
    expect(drift).toMatchObject({ object: "server 2", property: "labels.role", before: "git" });
    expect(readFileSync(file, "utf8").split("\n")[drift.line - 1]?.trim()).toBe(`"role": "${drift.after}",`);
  });

  it("changes that one property only", () => {
    const objects = { server: { 2: { name: "git", labels: { role: "git" } } } };
    const file = cloud(objects);
    const { after } = makeDrift(file);
    objects.server[2].labels.role = after;
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ objects });
  });

  it("is a description in a firewall where nothing has labels", () => {
    expect(
      makeDrift(cloud({ firewall: { 7: { rules: [{ port: "22" }, { port: "80", description: "web" }] } } })).property,
    ).toBe("rules[1].description");
  });

  it("is refused in a cloud that holds neither", () => {
    expect(() => makeDrift(cloud({ rdns: { 1: { ip: "192.0.2.1" } } }))).toThrow(/nothing to make a drift of/);
  });
});
