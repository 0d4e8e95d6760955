import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changedListItems } from "../../../rehearsal/clouds/list-edits.ts";
import { Unknown, type Values } from "../../../rehearsal/provider.ts";
import { makeExamples } from "./examples.ts";
import { Rehearsed } from "./rehearsed.ts";

const add = { kind: "add", inputDiff: false };
const gone = { kind: "delete", inputDiff: false };
const update = { kind: "update", inputDiff: false };

/*
 * Not recorded, but read: pkg/tfbridge/detailed_diff.go of pulumi/pulumi-terraform-bridge 59de6c6 (2026-08-05), and for
 * the order of a set's elements set_internals.go of hashicorp/go-cty.
 */
describe("a set of texts", () => {
  const droplet = { name: "wiki.example.org", size: "s-1vcpu-2gb", image: "debian-13-x64", region: "fra1" };
  const tagged = async (before: string[], after: string[]) => {
    const digitalocean = new Rehearsed("digitalocean");
    const made = await digitalocean.make("Droplet", "wiki", { ...droplet, tags: before });
    return (await digitalocean.diff(made, { ...droplet, tags: after })).detailed;
  };

  test("is sorted in the state: what went has its place there, what came its place in the program", async () => {
    expect(await tagged(["wiki", "estate", "payer"], ["wiki", "estate", "sponsor"])).toEqual({
      "tags[1]": gone,
      "tags[2]": add,
    });
  });

  test("shows one update where both places are one", async () => {
    expect(await tagged(["estate", "payer"], ["estate", "sponsor"])).toEqual({ "tags[1]": update });
  });

  // An empty list in the state has no elements array (MakeTerraformOutput in schema.go), and so is not present (isPresent).
  test("that was or becomes empty comes and goes as a whole", async () => {
    expect(await tagged([], ["estate"])).toEqual({ tags: add });
    expect(await tagged(["estate"], [])).toEqual({ tags: gone });
    expect(await tagged(["wiki", "estate"], ["wiki"])).toEqual({ "tags[0]": gone });
  });

  test("in another order is no change", async () => {
    expect(await tagged(["b", "a"], ["a", "b"])).toEqual({});
  });
});

describe("a set of firewall rules", () => {
  const rule = (description: string, port: string, ...sourceIps: string[]): Values => {
    return { description, direction: "in", protocol: "tcp", port, sourceIps };
  };
  const ssh = rule("ssh", "22", "198.51.100.0/24", "203.0.113.0/24");
  const web = rule("web", "443", "0.0.0.0/0", "::/0");
  const changed = async (before: Values[], after: Values[]) => {
    const hcloud = new Rehearsed("hcloud");
    const made = await hcloud.make("Firewall", "f", { name: "f", rules: before });
    return (await hcloud.diff(made, { name: "f", rules: after })).detailed;
  };

  test("shows what changed inside a rule that kept its place", async () => {
    const open = rule("ssh", "22", "192.0.2.0/24", "203.0.113.0/24");
    expect(await changed([ssh, web], [open, web])).toEqual({ "rules[0].sourceIps[0]": update });
  });

  test("shows a new rule and one that went by their places", async () => {
    const mail = rule("mail", "25", "0.0.0.0/0");
    expect(await changed([web, ssh], [web, ssh, mail])).toEqual({ "rules[2]": add });
    // By description, as the first of a rule's properties: mail, ssh, web.
    expect(await changed([web, ssh, mail], [web, ssh])).toEqual({ "rules[0]": gone });
  });

  test("changes as a whole when a new rule leaves something out, or names its sources in another order", async () => {
    const { description: _, ...plain } = rule("", "25", "0.0.0.0/0");
    expect(await changed([ssh], [ssh, plain])).toEqual({ rules: update });
    expect(await changed([ssh], [ssh, rule("web", "443", "::/0", "0.0.0.0/0")])).toEqual({ rules: update });
  });

  test("changes as a whole when a source is not known yet", async () => {
    const hcloud = new Rehearsed("hcloud");
    const made = await hcloud.make("Firewall", "f", { name: "f", rules: [ssh] });
    const open = { ...ssh, sourceIps: [Unknown.value] };
    expect((await hcloud.diff(made, { name: "f", rules: [open] })).detailed).toEqual({ rules: update });
  });
});

describe("a list of texts", () => {
  test("shows the shortest way from one to the other", async () => {
    const digitalocean = new Rehearsed("digitalocean");
    const check = await digitalocean.make("UptimeCheck", "c", { name: "c", target: "https://example.org" });
    const alert = (emails: string[]): Values => ({
      ...{ name: "a", checkId: check.id, type: "down_global", comparison: "less_than", threshold: 1, period: "2m" },
      notifications: [{ emails }],
    });
    const made = await digitalocean.make("UptimeAlert", "a", alert(["alice@example.org", "bob@example.org"]));
    expect((await digitalocean.diff(made, alert(["bob@example.org"]))).detailed).toEqual({
      "notifications[0].emails[0]": gone,
    });
    expect((await digitalocean.diff(made, alert(["carol@example.org", "bob@example.org"]))).detailed).toEqual({
      "notifications[0].emails[0]": update,
    });
  });

  test("is changed nowhere where nothing changed, and within both lists always", () => {
    const values = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 6 });
    const equal = (a: unknown, b: unknown) => a === b;
    fc.assert(
      fc.property(values, values, (before, after) => {
        const changes = changedListItems(before, after, equal);
        expect(changedListItems(before, before, equal)).toEqual([]);
        const grown = changes.filter(({ kind }) => kind === "add").length;
        const shrunk = changes.filter(({ kind }) => kind === "delete").length;
        expect(before.length + grown - shrunk).toBe(after.length);
        for (const { index } of changes) expect(index).toBeLessThan(Math.max(before.length, after.length));
      }),
    );
  });
});

describe("an update of a record", () => {
  const comment = "the wiki";

  /** ModifyPlan in internal/services/dns_record/custom.go of terraform-provider-cloudflare 5.22.0 (2026-07-10). */
  test("leaves only the times open that it changes; the id stays", async () => {
    const cloudflare = new Rehearsed("cloudflare");
    const of = await makeExamples(cloudflare, "Zone");
    const inputs = { zoneId: of("Zone").id, name: "wiki.example.org", type: "A", ttl: 300, proxied: false, comment };
    const made = await cloudflare.make("DnsRecord", "wiki", { ...inputs, content: "203.0.113.1" });
    const moved = { ...inputs, content: "203.0.113.2" };
    expect((await cloudflare.diff(made, moved)).diffs).toEqual(["content", "modifiedOn"]);
    const renamed = { ...inputs, content: "203.0.113.1", comment: "our wiki" };
    expect((await cloudflare.diff(made, renamed)).diffs).toEqual(["comment", "commentModifiedOn", "modifiedOn"]);
    const planned = await cloudflare.change(made, moved, true);
    expect(planned.outputs).toEqual({ ...made.outputs, content: "203.0.113.2", modifiedOn: Unknown.value });
  });

  test("of CAA keeps the content that the cloud made from its parts, until it is done", async () => {
    const cloudflare = new Rehearsed("cloudflare");
    const of = await makeExamples(cloudflare, "Zone");
    const caa = (value: string) => ({
      ...{ zoneId: of("Zone").id, name: "example.org", type: "CAA", ttl: 300, comment },
      data: { flags: 0, tag: "issue", value },
    });
    const made = await cloudflare.make("DnsRecord", "caa", caa("letsencrypt.org"));
    expect((await cloudflare.diff(made, caa("pki.goog"))).diffs).toEqual(["data", "modifiedOn"]);
    expect((await cloudflare.change(made, caa("pki.goog"))).outputs["content"]).toBe('0 issue "pki.goog"');
  });
});
