// Turns what an engine left behind (event log, exported deployment, provider call log) into the form of expected.json.
// It is pure: a local engine's own tests can import it and compare the result with a recorded expected.json.
export const PREFIX = "urn:pulumi:dev::conf::"; // stack dev of project conf
const SIG = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
/** Fields that depend on the machine or the clock. */
const VOLATILE = new Set(["created", "modified", "sourcePosition", "stackTrace", "time"]);

/** paths: [[absolute folder, marker], ...], longest first. */
export const text = (value, paths = []) => {
  let out = value;
  for (const [folder, marker] of paths) out = out.replaceAll(folder, marker);
  return out.replaceAll(PREFIX, "").replaceAll(UNKNOWN, "$unknown").replace(UUID, "<uuid>");
};

/** Sorts keys, drops volatile fields, shortens URNs, marks secrets and unknowns. */
export const value = (v, paths = []) => {
  if (typeof v === "string") return text(v, paths);
  if (Array.isArray(v)) return v.map((x) => value(x, paths));
  if (v === null || typeof v !== "object") return v;
  if (v[SIG] === SECRET) {
    if (typeof v.plaintext === "string") return { $secret: value(JSON.parse(v.plaintext), paths) };
    if ("value" in v) return { $secret: value(v.value, paths) };
    return "$secret";
  }
  const entries = Object.entries(v)
    .filter(([k, x]) => x !== undefined && !VOLATILE.has(k))
    .map(([k, x]) => [text(k, paths), value(x, paths)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
};

const isEmpty = (v) =>
  v === undefined || v === null || v === "" || v === false || (typeof v === "object" && Object.keys(v).length === 0);
const compact = (o) => Object.fromEntries(Object.entries(o).filter(([, v]) => !isEmpty(v)));

/** The providers that the engine makes up itself are no steps of the program. */
const isDefaultProvider = (urn) => /::pulumi:providers:[^:]+::default(_|$)/.test(urn);

/** Steps in the order in which the engine started them, from its event log. */
export const steps = (events, { preview }, paths = []) => {
  const out = [];
  for (const event of events) {
    const meta = (event.resourcePreEvent ?? event.resOutputsEvent ?? event.resOpFailedEvent)?.metadata;
    if (!meta || isDefaultProvider(meta.urn)) continue;
    if (event.resourcePreEvent) {
      const parent = (meta.new ?? meta.old)?.parent;
      out.push({
        raw: meta,
        step: compact({
          op: meta.op,
          urn: meta.urn,
          parent: parent === `${PREFIX}pulumi:pulumi:Stack::conf-dev` ? undefined : parent,
          provider: meta.provider,
          id: meta.old?.id,
          replaces: meta.keys,
          diffs: meta.diffs,
          detailedDiff: meta.detailedDiff,
          inputs: meta.op === "same" || meta.op === "delete" ? undefined : meta.new?.inputs,
        }),
      });
      continue;
    }
    const started =
      out.findLast(({ raw }) => raw.urn === meta.urn && raw.op === meta.op) ??
      out.findLast(({ raw, done }) => raw.urn === meta.urn && !done);
    if (!started) {
      // Steps without an own start, e.g. the outputs of a resource that was not shown.
      if (event.resOpFailedEvent)
        out.push({ raw: meta, step: compact({ op: meta.op, urn: meta.urn, failed: true }), done: true });
      continue;
    }
    started.done = true;
    const { step, raw } = started;
    if (event.resOpFailedEvent) {
      step.failed = true;
      continue;
    }
    if (raw.op !== meta.op) step.result = meta.op; // a refresh ends as same, update or delete
    if (!isEmpty(meta.diffs)) step.diffs = meta.diffs;
    if (!isEmpty(meta.detailedDiff)) step.detailedDiff = meta.detailedDiff;
    const changed = JSON.stringify(value(meta.old?.outputs ?? {})) !== JSON.stringify(value(meta.new?.outputs ?? {}));
    if (meta.new && !isEmpty(meta.new.outputs) && (preview || raw.op === "refresh" || !meta.new.custom) && changed)
      step.outputs = meta.new.outputs;
  }
  return out.map(({ step: { op, urn, ...rest } }) => ({ op, urn: text(urn), ...value(rest, paths) }));
};

export const summary = (events) => value(events.findLast((e) => e.summaryEvent)?.summaryEvent.resourceChanges ?? null);

const stripped = (message, paths) => {
  const lines = message
    .replace(/<\{%[^%]*%\}>/g, "")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
    .replace(/\u001b\[[0-9;]*m/g, "")
    .split("\n")
    .filter((l) => !/^\s+at /.test(l));
  return text(lines.join("\n").trim(), paths).replace(/(index\.ts):\d+(:\d+)?/g, "$1");
};

/** Errors, warnings and infos: [severity, urn, message]; without stack traces and without the notice on where a plugin was found. */
export const diagnostics = (events, paths = []) =>
  events
    .flatMap((e) => (e.diagnosticEvent && e.diagnosticEvent.severity !== "debug" ? [e.diagnosticEvent] : []))
    .filter((d) => !/using pulumi-resource-\S+ from \$PATH/.test(d.message))
    .map((d) => [d.severity, text(d.urn ?? "", paths), stripped(d.message, paths)])
    .filter(([, , message]) => message !== "");

/** Lines of an engine's standard error that start an error or tell why it ended. */
export const errors = (stderr, paths = []) =>
  stripped(stderr, paths)
    .split("\n")
    .filter((l) => /^error: /.test(l));

export const calls = (log, paths = []) =>
  log
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const { method, on, ...args } = JSON.parse(line);
      return { method, on, ...value(args, paths) };
    });

/** The order of dependencies has no meaning: it comes from the order in which promises of the program end. */
const resource = ({ urn, type: _type, ...rest }, paths) => {
  const out = { urn: value(urn), ...value(rest, paths) };
  out.dependencies?.sort();
  for (const list of Object.values(out.propertyDependencies ?? {})) list.sort();
  return out;
};
/** An exported deployment, in the order of the resources in it. */
export const state = (exported, paths = []) => {
  const { resources = [], pending_operations: pending = [] } = exported.deployment;
  return {
    resources: resources.map((r) => resource(r, paths)),
    ...(pending.length
      ? { pending: pending.map(({ resource: r, type }) => ({ operation: type, ...resource(r, paths) })) }
      : {}),
  };
};

/**
 * Deletions that do not depend on one another come in any order, even with --parallel 1. This puts every run of
 * consecutive deletions into one order: dependents first, else by name. An order that breaks a dependency is left as it
 * is, so that it shows as a difference. before: the normalised state before the action.
 */
export const deletionOrder = (list, before) => {
  const isDelete = (x) =>
    (x.op ?? x.method).startsWith("delete") || x.op === "discard-replaced" || x.op === "read-discard";
  const key = (x) => x.urn ?? x.on;
  const needs = new Map(); // urn -> what it depends on, itself included when it is there twice
  for (const r of before?.resources ?? []) {
    const on = [
      ...(r.dependencies ?? []),
      ...Object.values(r.propertyDependencies ?? {}).flat(),
      r.parent,
      r.deletedWith,
      r.provider?.split("::").slice(0, 2).join("::"),
    ];
    needs.set(r.urn, new Set([...(needs.get(r.urn) ?? []), ...on.filter(Boolean)]));
  }
  const depends = (a, b) => key(a) !== key(b) && needs.get(key(a))?.has(key(b));
  const out = [];
  for (let i = 0; i < list.length; ) {
    if (!isDelete(list[i])) {
      out.push(list[i++]);
      continue;
    }
    let end = i;
    while (end < list.length && isDelete(list[end])) end++;
    const run = list.slice(i, end);
    const broken = run.some((b, at) => run.slice(at + 1).some((a) => depends(a, b)));
    let rest = broken ? [] : sorted(run);
    if (broken) out.push(...run);
    while (rest.length) {
      const next = rest.find((b) => !rest.some((a) => a !== b && depends(a, b)));
      out.push(next);
      rest = rest.filter((x) => x !== next);
    }
    i = end;
  }
  return out;
};

/** For scenarios marked "unordered": without the numbers of ids, and in one order. */
export const unordered = (list) =>
  sorted(JSON.parse(JSON.stringify(list).replace(/\b(thing|volume)-\d+\b/g, "$1-<n>")));
const sorted = (list) => {
  const of = (x) => (typeof x === "string" ? x : `${x.urn ?? x.on ?? ""} ${JSON.stringify(x)}`);
  return [...list].sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0));
};
