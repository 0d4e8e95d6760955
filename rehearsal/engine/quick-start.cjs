"use strict";
/**
 * Loaded before the SDK's runner, to start it faster (measured with 3.270.0: half the time). When it is imported, the SDK
 * loads TypeScript and npm's arborist, which only serialise functions, and the OpenTelemetry SDK, which only traces: here
 * they are loaded when first used. It also maps every stack trace through source maps, one for every promise of every
 * registration; Node's type stripping keeps lines and columns, so a program's own frames are right without.
 */
const Module = require("node:module");

/** Used through properties, at any time. */
const LAZY = new Set(["typescript", "@npmcli/arborist"]);
/** Taken apart when imported; their members are used only when tracing is on. */
const TRACING =
  /^@opentelemetry\/(resources|sdk-trace-base|sdk-trace-node|exporter-zipkin|instrumentation|instrumentation-grpc)$/;
const load = Module._load;

Module._load = function quickLoad(request, parent, isMain) {
  const loadNow = () => load.call(this, request, parent, isMain);
  if (LAZY.has(request)) return lazily(loadNow);
  if (TRACING.test(request))
    return new Proxy({}, { get: (_target, key) => (key === "__esModule" ? true : lazily(() => loadNow()[key])) });
  const loaded = loadNow();
  if (request === "source-map-support/register") Error.prepareStackTrace = undefined;
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
