"use strict";
// Loaded into a measured command: when it ends, writes what it used. The program's own process inherits this too, but is
// ended by the engine and reports nothing.
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const used = { cpu: (user + system) / 1e6, peak: process.resourceUsage().maxRSS / 1024 };
  if (process.env.BENCH_REPORT) writeFileSync(process.env.BENCH_REPORT, JSON.stringify(used));
});
