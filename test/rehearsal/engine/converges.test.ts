/** Random estates through random sequences of edits, faults and drifts: what the engine must make of each. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Fault } from "../../../rehearsal/engine/faults.ts";
import type { ResourceState } from "../../../rehearsal/engine/state-store.ts";
import {
  arbitraryAddition,
  arbitraryEdit,
  type Edit,
  EMPTY,
  type Estate,
  edited,
  nameOf,
  programOf,
} from "./random-estate.ts";
import { type Outcome, RehearsedEstate, STACK_URN } from "./rehearsed-estate.ts";

type Drift = { drift: "deleted" | "relabelled"; at: number };
type Way = "up" | "up --refresh" | "refresh, up" | "refresh --run-program, up";

/** What happens between two states in which everything must agree. */
interface Turn {
  edits: Edit[];
  drifts: Drift[];
  fault: Fault | undefined;
  way: Way;
  parallel: number;
}

const method = fc.constantFrom("check", "diff", "create", "create", "update", "delete", "read", "write", "write");
const arbitraryFault: fc.Arbitrary<Fault> = fc.record({
  method: method as fc.Arbitrary<Fault["method"]>,
  name: fc.constant("*"),
  kind: fc.constantFrom("once", "always", "after", "kill", "kill-after"),
  nth: fc.integer({ min: 1, max: 5 }),
});
const arbitraryTurn: fc.Arbitrary<Turn> = fc.record({
  edits: fc.array(arbitraryEdit(), { minLength: 1, maxLength: 6 }),
  drifts: fc.array(fc.record({ drift: fc.constantFrom("deleted", "relabelled"), at: fc.nat(7) }), { maxLength: 2 }),
  fault: fc.option(arbitraryFault, { nil: undefined, freq: 9 }),
  way: fc.constantFrom("up", "up --refresh", "refresh, up", "refresh --run-program, up"),
  parallel: fc.constantFrom(1, 8),
});

/** A larger number searches further, with `PROPERTY_SEED=random` elsewhere. */
const { ESTATES: runs = "40" } = process.env;

it("converges after any edits, faults, kills and drifts, and destroys all but what is retained", {
  timeout: Number(runs) * 2_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(arbitraryAddition(), { maxLength: 8, size: "max" }),
      fc.array(arbitraryTurn, { maxLength: 4, size: "max" }),
      live,
    ),
    { numRuns: Number(runs), timeout: 20_000 },
  );
});

async function live(first: Edit[], turns: Turn[]): Promise<void> {
  const life = new Lifetime();
  try {
    await life.turn({ edits: first, drifts: [], fault: undefined, way: "up", parallel: 8 });
    for (const turn of turns) await life.turn(turn);
    await life.destroy();
  } finally {
    await life.rehearsed.remove();
  }
}

class Lifetime {
  readonly rehearsed = new RehearsedEstate();
  #estate: Estate = EMPTY;
  /** `type id` of what the state once called retained. */
  readonly #retained = new Set<string>();

  async turn({ edits, drifts, fault, way, parallel }: Turn): Promise<void> {
    this.#estate = edits.reduce(edited, this.#estate);
    const drifted = await this.#drift(drifts);
    const refreshes = way !== "up" || drifted;
    if (fault) {
      const outcome = await this.#operate("up", { refresh: refreshes, parallel }, [fault]);
      if (outcome.exit === "killed") await this.#recover();
    }
    if (way.startsWith("refresh")) {
      const refreshed = await this.#operate("refresh", { runProgram: way.includes("--run-program"), parallel });
      expect(refreshed, "refresh").toMatchObject({ exit: 0, errors: [] });
    }
    let options = { refresh: refreshes && !way.startsWith("refresh"), parallel };
    let outcome = await this.#operate("up", options);
    // Deleted, and not written down: the provider fails to delete it again, and says what to do.
    if (fault && outcome.exit === 1 && outcome.errors.some(isGone)) {
      options = { ...options, refresh: true };
      outcome = await this.#operate("up", options);
    }
    if (outcome.exit === 1 && outcome.errors.some(isProtection)) outcome = await this.#unprotect(options);
    expect(outcome, "up").toMatchObject({ exit: 0, errors: [] });
    await this.#agree();
  }

  async destroy(): Promise<void> {
    const { resources } = this.#estate;
    this.#estate = { ...this.#estate, resources: resources.map((one) => ({ ...one, protect: false })) };
    expect(await this.#operate("up"), "up").toMatchObject({ exit: 0, errors: [] });
    expect(await this.#operate("destroy"), "destroy").toMatchObject({ exit: 0, errors: [] });
    expect((await this.rehearsed.state()).resources).toEqual([]);
    await this.#nothingElse([]);
  }

  async #operate(...[command, options, faults]: [command: "up" | "refresh" | "preview" | "destroy", ...Rest]) {
    await this.#noteRetained();
    const outcome = await this.rehearsed.operate(command, programOf(this.#estate, STACK_URN), options, faults);
    await this.#noteRetained(); // and the state is readable
    return outcome;
  }

  async #noteRetained(): Promise<void> {
    for (const resource of (await this.rehearsed.state()).resources)
      if (resource.retainOnDelete) this.#retained.add(keyOf(resource));
  }

  async #drift(drifts: readonly Drift[]): Promise<boolean> {
    const { resources } = await this.rehearsed.state();
    const managed = resources.filter(isManaged);
    const deleted = new Set<ResourceState>();
    let drifted = false;
    for (const { drift, at } of drifts) {
      const one = managed[at % Math.max(1, managed.length)];
      if (!one || deleted.has(one)) continue;
      if (drift === "deleted") {
        drifted ||= await this.rehearsed.deleteByHand(one);
        deleted.add(one);
      } else if (one.inputs["labels"] !== undefined && deleted.size === 0) {
        await this.rehearsed.relabelByHand(one);
        drifted = true;
      }
    }
    return drifted;
  }

  /** What the warning about an interrupted create advises: delete in the cloud what it made, then forget it. */
  async #recover(): Promise<void> {
    await this.rehearsed.cancel();
    const { resources, pending } = await this.rehearsed.state();
    if (!pending.some(({ type }) => type === "creating")) return;
    const known = new Set(resources.filter((one) => !one.pendingReplacement).map(keyOf));
    const creating = new Set(pending.filter(({ type }) => type === "creating").map(({ resource }) => typeOf(resource)));
    for (const key of (await this.rehearsed.objects()).keys()) {
      const [type = "", id = ""] = key.split(" ");
      if (known.has(key) || this.#retained.has(key) || !creating.has(type)) continue;
      const { resource } = pending.find((one) => typeOf(one.resource) === type) ?? {};
      if (resource) expect(await this.rehearsed.deleteByHand({ ...resource, id }), `delete ${key}`).toBe(true);
    }
    const cleared = await this.#operate("refresh", { clearPendingCreates: true });
    expect(cleared, "refresh --clear-pending-creates").toMatchObject({ exit: 0, errors: [] });
  }

  /** Protected resources are still there; once the state no longer protects them, it converges. */
  async #unprotect(options: Rest[0]): Promise<Outcome> {
    const { resources } = await this.rehearsed.state();
    const existing = await this.rehearsed.objects();
    for (const one of resources)
      if (one.protect && isManaged(one)) expect(existing.has(keyOf(one)), `protected ${one.urn}`).toBe(true);
    await this.rehearsed.unprotect();
    this.#estate = {
      ...this.#estate,
      resources: this.#estate.resources.map((one) => ({ ...one, protect: false })),
    };
    return this.#operate("up", options);
  }

  async #agree(): Promise<void> {
    const { resources, pending } = await this.rehearsed.state();
    expect(pending).toEqual([]);
    expect(resources.filter((one) => one.delete || one.pendingReplacement)).toEqual([]);
    const managed = resources.filter(isManaged);
    expect(managed.map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual(this.#estate.resources.map(nameOf).sort());
    await this.#nothingElse(managed);
    const objects = await this.rehearsed.objects();
    for (const one of this.#estate.resources) {
      const state = managed.find(({ urn }) => urn.endsWith(`::${nameOf(one)}`));
      const object = objects.get(state ? keyOf(state) : "");
      expect(object, `${nameOf(one)} exists`).toBeDefined();
      if (object?.["labels"] !== undefined && !one.ignoresLabels)
        expect(object["labels"], nameOf(one)).toEqual({ revision: String(one.label) });
    }
    for (const [command, options] of [
      ["preview", {}],
      ["refresh", { previewOnly: true }],
      ["refresh", { previewOnly: true, runProgram: true }],
    ] as const) {
      const outcome = await this.#operate(command, { ...options, expectNoChanges: true });
      expect(outcome, `nothing to do for ${command} ${JSON.stringify(options)}`).toMatchObject({ exit: 0, errors: [] });
    }
  }

  /** The cloud holds each of these once, and besides only what was retained on purpose, with what belongs to it. */
  async #nothingElse(managed: readonly ResourceState[]): Promise<void> {
    const wanted = managed.map(keyOf).sort();
    const found = await this.rehearsed.objects();
    const others = [...found].filter(([key, object]) => {
      const container = `Network ${String(object["networkId"])}`;
      return !this.#retained.has(key) && !this.#retained.has(container);
    });
    const kept = wanted.filter((key) => this.#retained.has(key) || !others.some(([other]) => other === key));
    expect([...new Set([...others.map(([key]) => key), ...kept])].sort()).toEqual(wanted);
    expect(wanted.filter((key) => !found.has(key))).toEqual([]);
  }
}

type Rest = [options?: Parameters<RehearsedEstate["operate"]>[2], faults?: readonly Fault[]];

function isManaged({ type }: ResourceState): boolean {
  return type.startsWith("hcloud:");
}

function typeOf({ type }: ResourceState): string {
  return type.split(":").at(-1) ?? "";
}

function keyOf(resource: ResourceState): string {
  return `${typeOf(resource)} ${resource.id}`;
}

function isGone(message: string): boolean {
  return /in the cloud any more \(not_found\)\.\n.*refresh/.test(message);
}

function isProtection(message: string): boolean {
  return /protect/.test(message);
}
