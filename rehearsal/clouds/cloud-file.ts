import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Value, Values } from "../provider.ts";
import { isObject } from "./property-values.ts";

/**
 * The state of one simulated cloud: a JSON file that a person may edit (which is drift). Everything is kept in memory
 * and read anew when the file changes. A change is appended to `<file>.journal` before the call that made it returns,
 * so that killing the process loses nothing; a moment later, and by `close`, the journal is folded into the file, which
 * is replaced in one step. One process should write at a time.
 */
export class CloudFile {
  readonly #path: string;
  readonly #cloud: string;
  #content: Content = { cloud: "", settings: {}, counters: {}, objects: {} };
  #seen = "never";
  #pending: Change[] = [];
  /** Ids by type, path and value, made when first asked for. */
  readonly #index = new Map<string, Map<string, Map<string, Set<string>>>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(cloud: string, path: string) {
    this.#cloud = cloud;
    this.#path = path;
  }

  /** Runs `change` on the current content and makes its changes last, or, when it throws, undoes them all. */
  transaction<T>(change: () => T): T {
    this.#refresh();
    try {
      const result = change();
      if (this.#pending.length > 0) this.#append();
      return result;
    } catch (error) {
      if (this.#pending.length > 0) this.#seen = "never";
      throw error;
    } finally {
      this.#pending = [];
    }
  }

  get(type: string, id: string): Values | undefined {
    return this.#content.objects[type]?.[id];
  }

  /** `[id, object]` of one type, oldest first where ids are numbers. */
  all(type: string): [string, Values][] {
    return Object.entries(this.#content.objects[type] ?? {});
  }

  /**
   * Objects of one type whose property is, or as a list contains, the value (compared as text). `publicNets.ipv4` looks
   * into a list of objects.
   */
  where(type: string, path: string, value: Value | undefined): [string, Values][] {
    const found: [string, Values][] = [];
    for (const id of this.#indexed(type, path).get(String(value)) ?? []) {
      const object = this.get(type, id);
      // What has changed since it was indexed is left out here.
      if (object !== undefined && valuesAt(object, path).includes(String(value))) found.push([id, object]);
    }
    return found;
  }

  put(type: string, id: string, object: Values): void {
    for (const [path, ids] of this.#index.get(type) ?? []) addToIndex(ids, id, valuesAt(object, path));
    this.#apply({ put: [type, id, structuredClone(object)] });
  }

  remove(type: string, id: string): void {
    this.#apply({ remove: [type, id] });
  }

  /** 1, 2, 3 …: never the same number twice for one counter, also when objects are gone. */
  next(counter: string): number {
    const number = (this.#content.counters[counter] ?? 0) + 1;
    this.#apply({ counter: [counter, number] });
    return number;
  }

  /** What a person may set in the file under `settings`: `quotas` and `outOfStock`. */
  setting(name: string): Values {
    const setting = this.#content.settings[name];
    return isObject(setting) ? setting : {};
  }

  /** Folds the journal into the file. */
  close(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    fold(this.#path, this.#cloud);
  }

  #indexed(type: string, path: string): Map<string, Set<string>> {
    const paths = this.#index.get(type) ?? new Map<string, Map<string, Set<string>>>();
    this.#index.set(type, paths);
    const known = paths.get(path);
    if (known !== undefined) return known;
    const ids = new Map<string, Set<string>>();
    for (const [id, object] of this.all(type)) addToIndex(ids, id, valuesAt(object, path));
    paths.set(path, ids);
    return ids;
  }

  #apply(change: Change): void {
    applyChange(this.#content, change);
    this.#pending.push(change);
  }

  #refresh(): void {
    const now = fingerprint(this.#path);
    if (now === this.#seen) return;
    this.#content = load(this.#path, this.#cloud);
    this.#index.clear();
    this.#seen = now;
  }

  #append(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    // A new line first: the line before may have been cut off by a kill.
    appendFileSync(`${this.#path}.journal`, `\n${JSON.stringify(this.#pending)}\n`);
    this.#seen = fingerprint(this.#path);
    if (this.#timer !== undefined) return;
    // Large clouds are written less often: writing takes at most some percent of the time.
    const size = Object.values(this.#content.objects).reduce((sum, type) => sum + Object.keys(type).length, 0);
    this.#timer = setTimeout(() => this.close(), 20 + size);
    this.#timer.unref();
  }
}

function valuesAt(object: Values, path: string): string[] {
  const [property = "", inner] = path.split(".");
  const value = object[property];
  const values = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return values
    .map((one) => (inner !== undefined && isObject(one) ? one[inner] : one))
    .filter((one) => one !== undefined)
    .map(String);
}

function addToIndex(ids: Map<string, Set<string>>, id: string, values: string[]): void {
  for (const one of values) {
    const known = ids.get(one);
    if (known === undefined) ids.set(one, new Set([id]));
    else known.add(id);
  }
}

interface Content {
  cloud: string;
  settings: Values;
  counters: Record<string, number>;
  objects: Record<string, Record<string, Values>>;
}

type Change = { put: [string, string, Values] } | { remove: [string, string] } | { counter: [string, number] };

function applyChange(content: Content, change: Change): void {
  if ("put" in change) {
    const [type, id, object] = change.put;
    content.objects[type] ??= {};
    content.objects[type][id] = object;
  } else if ("remove" in change) {
    const [type, id] = change.remove;
    delete content.objects[type]?.[id];
  } else {
    const [counter, number] = change.counter;
    content.counters[counter] = Math.max(number, content.counters[counter] ?? 0);
  }
}

/** A journal that is being folded; it is left behind when the process is killed meanwhile. */
const folding = (path: string) => `${path}.journal.folding`;

function load(path: string, cloud: string): Content {
  const text = textOf(path);
  const content: Content = {
    cloud,
    settings: {},
    counters: {},
    objects: {},
    ...(text === "" ? {} : parse(path, text)),
  };
  for (const line of `${textOf(folding(path))}${textOf(`${path}.journal`)}`.split("\n")) {
    if (line === "") continue;
    for (const change of changesOf(line)) applyChange(content, change);
  }
  return content;
}

function fold(path: string, cloud: string): void {
  const { journal, left } = { journal: textOf(`${path}.journal`), left: textOf(folding(path)) };
  if (journal === "" && left === "") return;
  if (left === "") renameSync(`${path}.journal`, folding(path));
  const content = load(path, cloud);
  writeFileSync(`${path}.new`, `${JSON.stringify(content, undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
  rmSync(folding(path), { force: true });
  if (left !== "") fold(path, cloud);
}

function parse(path: string, text: string): Partial<Content> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new Error(
      `The simulated cloud in ${path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}.\n` +
        "Repair the file, or delete it to start with an empty cloud.",
    );
  }
  const { objects = {}, counters = {}, settings = {} } = (parsed ?? {}) as Partial<Content>;
  const wrong = Object.entries(objects).find(([, byId]) => !isObject(byId) || !Object.values(byId).every(isObject));
  if (!isObject(parsed as Values) || !isObject(counters) || !isObject(settings) || wrong !== undefined)
    throw new Error(
      `The simulated cloud in ${path} has another form than expected${wrong ? ` under objects.${wrong[0]}` : ""}.\n` +
        'Each object is found as objects.<type>.<id>: { "property": value }; repair the file, or delete it to start anew.',
    );
  return { objects, counters, settings };
}

/** The last line may be cut off when the process was killed: its call had not returned. */
function changesOf(line: string): Change[] {
  try {
    return JSON.parse(line) as Change[];
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

const fingerprint = (path: string): string =>
  [path, folding(path), `${path}.journal`]
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat === undefined ? "-" : `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
    })
    .join(",");
