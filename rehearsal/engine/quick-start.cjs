"use strict";
/**
 * Loaded before the SDK's runner, so that a program starts faster and registers its resources with less work: a preview
 * of prod takes 1.2 s of CPU, engine included, instead of 2.0 s (measured with 3.270.0, Node 24, 2026-11). The SDK's own
 * code still runs the program; put off or left out is
 * - what a program hardly ever uses, until it does: what serialises functions (TypeScript, npm's arborist, V8's debugger,
 *   with a flag with which no compiled code of an earlier run fits any more), the automation API, provider servers, YAML,
 *   OpenTelemetry's SDK;
 * - source maps, and the stack trace of every promise: Node's type stripping keeps lines and columns as they are;
 * - debug messages, which the local engine does not show.
 */
const Module = require("node:module");

/** Used through properties, at any time. */
const LAZY = new Set(["typescript", "@npmcli/arborist"]);
/** Taken apart when imported; their members are used later, if at all. */
const LAZY_MEMBERS =
  /^(@opentelemetry\/(resources|sdk-trace-base|sdk-trace-node|exporter-zipkin|instrumentation|instrumentation-grpc)|normalize-package-data|js-yaml)$/;
/** Parts of the SDK that a program does not need to declare resources. */
const LAZY_PARTS = new Set(["./automation", "./provider"]);
const SDK_INDEX = /@pulumi[\\/]pulumi[\\/]index\.js$/;
const SDK = /@pulumi[\\/]pulumi[\\/]/;
const V8_HOOKS = /(^|\/)v8Hooks$/;
const LOG = /^\.{1,2}(\/\.\.)*\/log$/;
const DEBUGGABLE = /(^|\/)debuggable$/;
const load = Module._load;

Module._load = function quickLoad(request, parent, isMain) {
  const loadNow = () => load.call(this, request, parent, isMain);
  if (LAZY.has(request)) return lazily(loadNow);
  if (LAZY_MEMBERS.test(request)) return lazyMembers(loadNow);
  if (LAZY_PARTS.has(request) && SDK_INDEX.test(parent?.filename)) return lazyMembers(loadNow);
  if (request === "source-map-support/register") return {};
  if (V8_HOOKS.test(request)) return lazyDebugger(loadNow);
  const loaded = loadNow();
  if (!SDK.test(parent?.filename)) return loaded;
  if (LOG.test(request)) withoutDebugMessages(loaded);
  if (DEBUGGABLE.test(request)) withoutStackTraces(loaded);
  return loaded;
};

// The engine ends this process as soon as the program is complete; what was compiled is kept for the next time.
process.once("beforeExit", () => Module.flushCompileCache());

function lazily(loadNow) {
  let loaded;
  const target = () => {
    loaded ??= loadNow();
    return loaded;
  };
  return new Proxy(function lazyModule() {}, {
    get: (_target, key) => (key === "__esModule" ? false : target()[key]),
    has: (_target, key) => key in target(),
    construct: (_target, args) => new (target())(...args),
    apply: (_target, self, args) => Reflect.apply(target(), self, args),
  });
}

function lazyMembers(loadNow) {
  return new Proxy(
    {},
    {
      get(_target, key) {
        if (key === "__esModule") return true;
        // Asked for by the language itself: whether the module is a promise, how it is shown.
        return key === "then" || typeof key === "symbol" ? loadNow()[key] : lazily(() => loadNow()[key]);
      },
    },
  );
}

/** Four for each resource, each a call of its own that waits for the one before; the local engine shows none of them. */
function withoutDebugMessages(log) {
  log.debug = async () => {};
}

/** Of each promise the SDK notes where it was made, for the report of leaked promises that this variable turns on. */
function withoutStackTraces(debuggable) {
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] || debuggable.debuggablePromise.quick) return;
  const { debuggablePromise } = debuggable;
  debuggable.debuggablePromise = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
  debuggable.debuggablePromise.quick = true;
}

/** The SDK waits for the debugger before every program, but asks it only when it serialises a function. */
function lazyDebugger(loadNow) {
  let ready;
  const begin = async () => {
    const session = await loadNow().getSessionAsync();
    // Turned on anew it tells of all scripts again, also of those that were parsed before somebody listened.
    for (const method of ["Debugger.disable", "Debugger.enable"])
      await new Promise((resolve, reject) => session.post(method, (error) => (error ? reject(error) : resolve())));
    return session;
  };
  return {
    __esModule: true,
    isInitializedAsync: async () => {},
    getSessionAsync: () => {
      ready ??= begin();
      return ready;
    },
    getScriptUrl: (id) => loadNow().getScriptUrl(id),
  };
}
