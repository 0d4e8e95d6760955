import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Ran, scratchProject } from "./scratch-project.ts";

const fixtures = join(import.meta.dirname, "../fixtures");
const project = scratchProject();
const log = join(project.folder, "calls.jsonl");
const bin = join(project.folder, "bin");
const own = join(project.folder, ".rehearsal/prod/pulumi");

interface Call {
  args: string[];
  input: string;
  cwd: string;
  env: Record<string, string>;
}

/** A stand-in for the CLI on PATH and real-looking credentials around. */
const ENVIRONMENT = {
  PATH: [bin, process.env["PATH"]].join(delimiter),
  FAKE_PULUMI_LOG: log,
  RECORDED: join(fixtures, "recorded"),
  HCLOUD_TOKEN: "real",
  DIGITALOCEAN_ACCESS_TOKEN: "real",
  CLOUDFLARE_API_TOKEN: "real",
  AWS_SECRET_ACCESS_KEY: "real",
  PULUMI_ACCESS_TOKEN: "real",
  PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
};

function rehearse(...args: string[]): { ran: Ran; calls: Call[] } {
  const before = calls().length;
  const ran = project.rehearse(args, ENVIRONMENT);
  return { ran, calls: calls().slice(before) };
}

function calls(): Call[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Call);
}

beforeAll(() => {
  mkdirSync(bin);
  copyFileSync(join(fixtures, "fake-pulumi"), join(bin, "pulumi"));
});
afterAll(() => project.remove());

describe("a rehearsal with the Pulumi CLI on PATH", () => {
  it("says first of all that the CLI runs, which one, and that the clouds are simulated", () => {
    // The CLI's path may be long enough to break the line.
    const [first = ""] = rehearse("preview").ran.stdout.replaceAll(/\s+/g, " ").split(";");
    expect(first).toContain("Pulumi CLI v3.260.0");
    expect(first).toContain("simulated");
  });

  it("passes no credential on, and nothing that would pass over the simulated providers", () => {
    for (const { env } of rehearse("preview").calls) {
      expect(Object.values(env)).not.toContain("real");
      expect(env).not.toHaveProperty("PULUMI_IGNORE_AMBIENT_PLUGINS");
      expect(env["PATH"]?.split(delimiter)[0]).toMatch(/rehearsal\/bin$/);
      expect(env).toMatchObject({
        PULUMI_HOME: join(own, "home"),
        PULUMI_BACKEND_URL: `file://${join(own, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        REHEARSAL_CLOUDS: join(own, "clouds"),
      });
    }
  });

  it("runs in the project's folder with a settings file of its own, and leaves the project's alone", () => {
    const before = readFileSync(join(project.folder, "Pulumi.prod.yaml"), "utf8");
    const { args, cwd } = rehearse("preview", "--config", "workers=2").calls.at(-1) as Call;
    const file = args[args.indexOf("--config-file") + 1] ?? "";
    expect(cwd).toBe(project.folder);
    expect(parse(readFileSync(file, "utf8"))).toEqual({
      encryptionsalt: "v1:salt",
      config: { "small:workers": "2", "small:label": "web", "small:networks": '["198.51.100.0/24"]' },
    });
    expect(readFileSync(join(project.folder, "Pulumi.prod.yaml"), "utf8")).toBe(before);
  });

  it("translates the verbs and flags, and never lets the CLI ask", () => {
    const asked = (...args: string[]) => {
      const call = rehearse(...args).calls.at(-1)?.args ?? [];
      return call
        .filter((_, index) => !["--config-file"].includes(call[index - 1] ?? "") && call[index] !== "--config-file")
        .join(" ");
    };
    expect(asked("preview", "--refresh", "--replace", "urn:a", "--replace", "urn:b")).toBe(
      "preview --stack prod --non-interactive --json --refresh --replace urn:a --replace urn:b",
    );
    expect(asked("up", "--yes")).toBe("up --stack prod --non-interactive --json --yes --skip-preview");
    expect(asked("refresh", "--preview-only", "--run-program")).toBe(
      "refresh --stack prod --non-interactive --json --preview-only --run-program",
    );
    expect(asked("destroy")).toBe("destroy --stack prod --non-interactive --json --yes --skip-preview");
    expect(asked("cancel")).toBe("cancel --yes --non-interactive --stack prod");
  });

  it("shows what the CLI's events say, and hands its exit code on", () => {
    const { stdout, stderr, exit } = rehearse("refresh", "--preview-only", "--expect-no-changes").ran;
    expect(exit).toBe(7);
    expect(stdout).toContain('tags.team  "infra" → "someone else"');
    expect(stderr).toContain("no changes were expected");
  });

  it("adds nothing to a failure that the events explain, and says how the CLI ended when they do not", () => {
    const failing = (events: string) => project.rehearse(["up"], { ...ENVIRONMENT, FAKE_PULUMI_FAILS: events });
    expect(failing("provider-failure")).toMatchObject({ exit: 1, stderr: expect.not.stringContaining("ended with") });
    expect(failing("up-changes")).toMatchObject({ exit: 1, stderr: expect.stringMatching(/pulumi up ended with 1/) });
  });

  it("prints the events of an up as they are, alone on stdout", () => {
    const { stdout } = rehearse("up", "--json").ran;
    expect(stdout === readFileSync(join(fixtures, "recorded/up-changes.jsonl"), "utf8")).toBe(true);
  });

  it("prints a preview as one digest, alone on stdout", () => {
    const digest = JSON.parse(rehearse("preview", "--json").ran.stdout) as { changeSummary: unknown };
    expect(digest.changeSummary).toEqual({ create: 1, delete: 1, replace: 2, same: 3, update: 2 });
  });

  it("stays away from the CLI when the local engine is asked for", () => {
    expect(rehearse("preview", "--engine", "local", "--stack", "prod").calls).toEqual([]);
  });
});
