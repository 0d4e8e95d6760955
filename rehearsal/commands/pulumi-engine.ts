import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { parse, stringify } from "yaml";
import type { EngineEvent } from "../engine/events.ts";
import type { Engine, Job, Outcome } from "./engine.ts";
import { withoutCredentials } from "./environment.ts";
import { EXIT, Refusal } from "./exit-codes.ts";
import type { Stack } from "./stack.ts";

/** Launchers of the simulated providers; first on PATH the engine takes them instead of real plugins. */
const LAUNCHERS = join(import.meta.dirname, "../bin");
const NODE_24 = join(import.meta.dirname, "../../node_modules/.bin");

/**
 * The Pulumi CLI on PATH. The npm package `pulumi` is passed over: it is a launcher that downloads a CLI into each new
 * `PULUMI_HOME`, and a rehearsal has one of its own.
 */
export function findPulumi(env: NodeJS.ProcessEnv): string | undefined {
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, "pulumi");
    try {
      accessSync(path, constants.X_OK);
      if (!realpathSync(path).includes("/node_modules/")) return path;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** The Pulumi CLI with the simulated providers, and a home, backend and passphrase of its own. */
export function pulumiEngine(cli: string): Engine {
  const version = spawnSync(cli, ["version"], { encoding: "utf8", env: withoutCredentials(process.env) });
  if (version.status !== 0) {
    throw new Refusal(
      EXIT.failed,
      `${cli} version failed: ${version.error?.message ?? version.stderr.trim()}\n  Repair the installation, or use --engine local.`,
    );
  }
  return {
    title: `Pulumi CLI ${version.stdout.trim()} (${cli})`,
    cloudsFolder: (folder) => join(folder, "pulumi/clouds"),
    async run(job) {
      const configFile = prepare(cli, job.stack, job.folder);
      return operation(cli, job, configFile);
    },
    async cancel(stack, folder) {
      prepare(cli, stack, folder);
      const done = command(cli, ["cancel", "--yes", "--non-interactive", "--stack", stack.name], folder);
      return { exit: done.status ?? EXIT.failed, errors: done.status === 0 ? [] : [done.stderr.trim()] };
    },
  };
}

/** Makes the stack in the private backend if need be. Returns a settings file with the whole configuration. */
function prepare(cli: string, stack: Stack, folder: string): string {
  for (const part of ["home", "backend", "clouds", "project"])
    mkdirSync(join(folder, "pulumi", part), { recursive: true });
  const project = join(folder, "pulumi/project");
  // `stack init` writes the passphrase's salt beside the project file: never into the checkout.
  writeFileSync(join(project, "Pulumi.yaml"), stringify({ name: stack.project, runtime: "nodejs" }));
  if (!existsSync(join(folder, "pulumi/backend/.pulumi/stacks", stack.project, `${stack.name}.json`))) {
    must(command(cli, ["stack", "init", stack.name, "--non-interactive"], folder), "pulumi stack init");
  }
  const file = join(project, `Pulumi.${stack.name}.yaml`);
  const salt: unknown = existsSync(file) ? parse(readFileSync(file, "utf8"))?.encryptionsalt : undefined;
  const plain = Object.entries(stack.config).filter(([key]) => !stack.secretKeys.includes(key));
  writeFileSync(file, stringify({ ...(salt ? { encryptionsalt: salt } : {}), config: Object.fromEntries(plain) }));
  for (const key of stack.secretKeys) {
    must(
      command(
        cli,
        ["config", "set", "--secret", key, "--stack", stack.name, "--non-interactive"],
        folder,
        stack.config[key],
      ),
      `pulumi config set ${key}`,
    );
  }
  return file;
}

function operation(
  cli: string,
  { command: verb, stack, folder, options, onEvent }: Job,
  configFile: string,
): Promise<Outcome> {
  const planning = verb === "preview" || options.previewOnly;
  const args = [
    verb,
    "--stack",
    stack.name,
    "--config-file",
    configFile,
    "--non-interactive",
    "--json",
    ...(verb === "preview" ? [] : options.previewOnly ? ["--preview-only"] : ["--yes", "--skip-preview"]),
    ...(options.expectNoChanges ? ["--expect-no-changes"] : []),
    ...(options.refresh ? ["--refresh"] : []),
    ...(options.runProgram ? ["--run-program"] : []),
    ...(options.clearPendingCreates ? ["--clear-pending-creates"] : []),
    ...(options.replace ?? []).flatMap((urn) => ["--replace", urn]),
  ];
  const env = { ...environment(folder), ...(planning ? { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" } : {}) };
  return new Promise((resolve, reject) => {
    const child = spawn(cli, args, { cwd: stack.directory, env, stdio: ["ignore", "pipe", "pipe"] });
    options.signal?.addEventListener("abort", () => child.kill("SIGINT"));
    let stderr = "";
    let explained = false;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      const event = JSON.parse(line) as EngineEvent;
      if ("diagnosticEvent" in event && event.diagnosticEvent.severity === "error") explained = true;
      onEvent(event);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const errors = stderr.split("\n").flatMap((line) => /^error: (.*)/.exec(line)?.[1] ?? []);
      const unexplained = code !== 0 && !explained && errors.length === 0;
      resolve({
        exit: code ?? EXIT.cancelled,
        errors: unexplained ? [stderr.trim() || `${cli} ${verb} ended with ${code}`] : errors,
      });
    });
  });
}

/** No credentials and no other setting of Pulumi's reaches the CLI, above all none that would pass over the launchers. */
function environment(folder: string): NodeJS.ProcessEnv {
  const own = join(folder, "pulumi");
  return {
    ...withoutCredentials(process.env),
    PATH: [LAUNCHERS, NODE_24, process.env["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: join(own, "home"),
    PULUMI_BACKEND_URL: `file://${join(own, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    REHEARSAL_CLOUDS: join(own, "clouds"),
  };
}

function command(cli: string, args: string[], folder: string, input = ""): { status: number | null; stderr: string } {
  return spawnSync(cli, args, {
    cwd: join(folder, "pulumi/project"),
    env: environment(folder),
    encoding: "utf8",
    input,
  });
}

function must({ status, stderr }: { status: number | null; stderr: string }, what: string): void {
  if (status !== 0) throw new Refusal(EXIT.failed, `${what} failed: ${stderr.trim()}`);
}
