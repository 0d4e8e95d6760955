import { describe, expect, it } from "vitest";
import { type Goal, wantedState } from "../../../rehearsal/engine/goal.ts";
import { Planner, type Questions } from "../../../rehearsal/engine/planner.ts";
import type { ResourceState } from "../../../rehearsal/engine/state-store.ts";
import type { Diff, Values } from "../../../rehearsal/provider.ts";
import { goalOf } from "./goals.ts";

const PLAIN = { protect: false, retainOnDelete: false };

/** A resource of the old state. */
function old(name: string, goal: Partial<Goal> = {}, state: Partial<ResourceState> = {}): ResourceState {
  return { ...wantedState(goalOf(name, goal), PLAIN), id: `${name}-id`, ...state };
}

/** A provider to which `zone` replaces; it remembers what it was asked. */
function provider(answer: Partial<Diff> = {}) {
  const asked: string[] = [];
  const questions: Questions = {
    async check({ urn }, olds, news) {
      asked.push(`check ${urn.split("::").at(-1)} ${JSON.stringify(olds)}`);
      return { inputs: news, failures: "bad" in news ? [{ property: "bad", reason: "is bad" }] : [] };
    },
    async diff(before, { urn }, news: Values) {
      asked.push(`diff ${urn.split("::").at(-1)}`);
      const keys = Object.keys({ ...before.inputs, ...news });
      const diffs = keys.filter((key) => before.inputs[key] !== news[key]);
      const replaces = diffs.filter((key) => key === "zone");
      const changes = diffs.length > 0 ? "some" : "none";
      return { changes, diffs, replaces, stables: [], deleteBeforeReplace: false, detailed: undefined, ...answer };
    },
    providerReplaces: async (_old, next) => next.endsWith("::other"),
  };
  return { asked, questions };
}

async function planned(base: ResourceState[], goals: Goal[], answer: Partial<Diff> = {}, preview = false) {
  const { asked, questions } = provider(answer);
  const planner = new Planner(base, { preview, replace: new Set() }, questions);
  const steps: string[] = [];
  const problems: string[] = [];
  for (const goal of goals) {
    const plan = await planner.register(goal);
    for (const step of plan.steps) steps.push([step.op, step.urn.split("::").at(-1), ...step.keys].join(" "));
    problems.push(...plan.problems.map(({ severity, message }) => `${severity}: ${message}`));
  }
  const removals = planner.removals().map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
  return { steps, removals, problems, asked };
}

describe("the planner", () => {
  const a = { inputs: { name: "a", zone: "z1" } };
  const uses = (name: string, key: string, value = "x") => ({
    inputs: { [key]: value },
    dependencies: [goalOf(name).urn],
    propertyDependencies: { [key]: [goalOf(name).urn] },
  });

  const table: [
    title: string,
    base: ResourceState[],
    goals: Goal[],
    steps: string[],
    removals?: string[],
    answer?: Partial<Diff>,
  ][] = [
    ["creates what is not in the state", [], [goalOf("a", a)], ["create a"]],
    ["leaves what is as it should be", [old("a", a)], [goalOf("a", a)], ["same a"]],
    ["updates what may change", [old("a", a)], [goalOf("a", { inputs: { name: "b", zone: "z1" } })], ["update a"]],
    [
      "creates before it deletes",
      [old("a", a)],
      [goalOf("a", { inputs: { name: "a", zone: "z2" } })],
      ["create-replacement a zone", "replace a zone"],
      ["delete-replaced a"],
    ],
    [
      "deletes first when the provider asks for it",
      [old("a", a)],
      [goalOf("a", { inputs: { name: "a", zone: "z2" } })],
      ["delete-replaced a", "replace a zone", "create-replacement a zone"],
      [],
      { deleteBeforeReplace: true },
    ],
    [
      "deletes dependents first that would be replaced too, and no others",
      [old("a", a), old("by-zone", uses("a", "zone")), old("by-note", uses("a", "note"))],
      [
        goalOf("a", { inputs: { name: "a", zone: "z2" }, deleteBeforeReplace: true }),
        goalOf("by-zone", uses("a", "zone")),
        goalOf("by-note", uses("a", "note")),
      ],
      [
        "delete-replaced by-zone",
        "delete-replaced a",
        "replace a zone",
        "create-replacement a zone",
        "replace by-zone",
        "create-replacement by-zone zone",
        "same by-note",
      ],
    ],
    [
      "does not delete again what an interrupted replacement deleted",
      [old("a", a, { pendingReplacement: true })],
      [goalOf("a", { inputs: { name: "a", zone: "z2" }, deleteBeforeReplace: true })],
      ["replace a zone", "create-replacement a zone"],
    ],
    ["finds it under an alias", [old("before", a)], [goalOf("a", { ...a, aliases: [{ name: "before" }] })], ["same a"]],
    [
      "finds children of a renamed parent",
      [
        old("group", { type: "sim:index:Group", custom: false }),
        old("group-a", { ...a, parent: goalOf("group", { type: "sim:index:Group" }).urn }),
      ],
      [
        goalOf("team", { type: "sim:index:Group", custom: false, aliases: [{ name: "group" }] }),
        goalOf("team-a", { ...a, parent: goalOf("team", { type: "sim:index:Group" }).urn }),
      ],
      ["same team", "same team-a"],
    ],
    ["removes what is not registered any more", [old("a", a), old("b", a)], [goalOf("b", a)], ["same b"], ["delete a"]],
    [
      "forgets what it deleted for a replacement and the program no longer registers",
      [old("a", a), old("by-zone", uses("a", "zone"))],
      [goalOf("a", { inputs: { name: "a", zone: "z2" }, deleteBeforeReplace: true })],
      ["delete-replaced by-zone", "delete-replaced a", "replace a zone", "create-replacement a zone"],
      ["remove-pending-replace by-zone"],
    ],
    [
      "forgets what an interrupted replacement deleted and the program no longer registers",
      [old("a", a, { pendingReplacement: true })],
      [],
      [],
      ["remove-pending-replace a"],
    ],
    [
      "replaces what becomes protected only now",
      [old("a", a)],
      [goalOf("a", { inputs: { name: "a", zone: "z2" }, protect: true })],
      ["create-replacement a zone", "replace a zone"],
      ["delete-replaced a"],
    ],
    [
      "tries again to delete what was replaced",
      [old("a", a), old("a", a, { delete: true })],
      [goalOf("a", a)],
      ["same a"],
      ["delete-replaced a"],
    ],
    [
      "keeps the old values of ignored properties",
      [old("a", a)],
      [goalOf("a", { inputs: { name: "b", zone: "z9" }, ignoreChanges: ["*"] })],
      ["same a"],
    ],
    [
      "updates what is not ready, whatever the provider says",
      [old("a", a, { initErrors: ["no"] })],
      [goalOf("a", a)],
      ["update a"],
    ],
    [
      "replaces what is deleted with something that is replaced",
      [old("a", a), old("guest", { deletedWith: goalOf("a").urn })],
      [goalOf("a", { inputs: { name: "a", zone: "z2" } }), goalOf("guest", { deletedWith: goalOf("a").urn })],
      [
        "create-replacement a zone",
        "replace a zone",
        "create-replacement guest deletedWith",
        "replace guest deletedWith",
      ],
      ["delete-replaced a", "delete-replaced guest"],
    ],
    [
      "replaces with its provider",
      [old("a", a)],
      [goalOf("a", { ...a, provider: "urn::other" })],
      ["create-replacement a provider", "replace a provider"],
      ["delete-replaced a"],
    ],
    ["imports by id", [], [goalOf("a", { ...a, importId: "thing-1" })], ["import a"]],
  ];
  it.each(table)("%s", async (_title, base, goals, steps, removals = [], answer = {}) => {
    const result = await planned(base, goals, answer);
    expect(result.steps).toEqual(steps);
    expect(result.removals).toEqual(removals);
    expect(result.problems).toEqual([]);
  });

  it("checks a replacement a second time, with nothing of the old one", async () => {
    const { asked } = await planned([old("a", a)], [goalOf("a", { inputs: { name: "a", zone: "z2" } })]);
    expect(asked).toEqual(['check a {"name":"a","zone":"z1"}', "diff a", "check a {}"]);
  });

  it("refuses two resources with one URN", async () => {
    const { steps, problems } = await planned([], [goalOf("a", a), goalOf("a", a)]);
    expect(steps).toEqual(["create a"]);
    expect(problems[0]).toContain("Duplicate resource URN");
  });

  it("refuses what the provider's check refuses, and tells the property", async () => {
    const { steps, problems } = await planned([], [goalOf("a", { inputs: { bad: 1 } })]);
    expect(steps).toEqual([]);
    expect(problems).toEqual(["error: sim:index:Thing resource 'a': property bad value {1} has a problem: is bad"]);
  });

  it("refuses to replace what is protected; a preview still shows how it would go", async () => {
    const goal = goalOf("a", { inputs: { name: "a", zone: "z2" }, protect: true });
    expect((await planned([old("a", a, { protect: true })], [goal])).steps).toEqual([]);
    const preview = await planned([old("a", a, { protect: true })], [goal], {}, true);
    expect(preview.steps).toEqual(["create-replacement a zone", "replace a zone"]);
    expect(preview.problems[0]).toContain("protection");
  });
});
