#!/usr/bin/env node
import { donatedWorkerScript } from "./donated-worker-script.ts";

// node roles/buildbot-worker/print-donated-worker-script.ts NAME MASTER DOWNLOADS https://FARM >worker.sh
const [name, master, downloads, farm, ...rest] = process.argv.slice(2);
if (name === undefined || master === undefined || downloads === undefined || farm === undefined || rest.length > 0) {
  console.error(
    "Usage: print-donated-worker-script.ts NAME MASTER DOWNLOADS https://FARM >worker.sh\n" +
      "  For example: donor-01 services-01.infra.example.org rsync.example.org https://builds.example.org",
  );
  process.exitCode = 2;
} else process.stdout.write(donatedWorkerScript({ name, master, downloads }, farm));
