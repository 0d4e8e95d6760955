"use strict";
/**
 * Loaded before the SDK's runner, to start it faster (measured with 3.270.0: less than half the time). What a program
 * hardly ever uses is loaded when it is first used: TypeScript, npm's arborist and its relatives, which only serialise
 * functions; the automation API and provider servers; YAML; the OpenTelemetry SDK, which only traces. Not done before it is needed is what makes V8
 * slow: the SDK turns its debugger on and sets a flag of V8 with which no compiled code of an earlier run fits any more.
 * Source maps are not loaded at all: they would map a stack trace for every promise of every registration, and Node's
 * type stripping keeps lines and columns, so a program's own frames are right without.
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
const V8_HOOKS = /(^|\/)v8Hooks$/;
const load = Module._load;

Module._load = function quickLoad(request, parent, isMain) {
  const loadNow = () => load.call(this, request, parent, isMain);
  if (LAZY.has(request)) return lazily(loadNow);
  if (LAZY_MEMBERS.test(request)) return lazyMembers(loadNow);
  if (LAZY_PARTS.has(request) && SDK_INDEX.test(parent?.filename)) return lazyMembers(loadNow);
  if (request === "source-map-support/register") return {};
  if (V8_HOOKS.test(request)) return lazyDebugger(loadNow);
  return loadNow();
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
