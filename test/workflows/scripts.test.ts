import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Workbench } from "./workbench.ts";

let bench: Workbench;
beforeEach(() => {
  bench = new Workbench();
});
afterEach(() => bench.remove());

const HEAD = "b".repeat(40);

/** A preview as Pulumi prints it; the label is a text that anyone may have written. */
const preview = (label: string | undefined) =>
  JSON.stringify({
    steps: [
      { op: "same", urn: "urn:pulumi:prod::x::pulumi:pulumi:Stack::x-prod" },
      ...(label === undefined
        ? []
        : [
            {
              op: "create",
              urn: `urn:pulumi:prod::x::hcloud:index/firewall:Firewall::${label}`,
              newState: {
                type: "hcloud:index/firewall:Firewall",
                urn: `urn:pulumi:prod::x::hcloud:index/firewall:Firewall::${label}`,
                custom: true,
                inputs: { name: label },
              },
            },
          ]),
    ],
    changeSummary: label === undefined ? { same: 1 } : { same: 1, create: 1 },
  });

describe("install-pulumi.sh", () => {
  const version = readFileSync(join(import.meta.dirname, "../../.pulumi-version"), "utf8").trim();
  const archive = `pulumi-v${version}-linux-x64.tar.gz`;

  /** The script in a project of its own, and what the network would give. */
  function arrange({ published, pinned }: { published?: string; pinned?: string }) {
    for (const folder of ["project/.github/scripts", "network/pulumi"])
      mkdirSync(join(bench.folder, folder), { recursive: true });
    const script = join(bench.folder, "project/.github/scripts/install-pulumi.sh");
    copyFileSync(join(import.meta.dirname, "../../.github/scripts/install-pulumi.sh"), script);
    bench.write("project/.pulumi-version", `${version}\n`);
    bench.write("network/pulumi/pulumi", "#!/bin/sh\necho the CLI\n");
    const path = join(bench.folder, "network", archive);
    execFileSync("tar", ["-czf", path, "-C", join(bench.folder, "network"), "pulumi"]);
    const right = createHash("sha256").update(readFileSync(path)).digest("hex");
    bench.write(`network/pulumi-${version}-checksums.txt`, `${published ?? right}  ${archive}\n`);
    if (pinned !== undefined) bench.write("project/.pulumi-checksums", `${pinned || right}  ${archive}\n`);
    bench.program("uname", '[[ $1 == -s ]] && echo Linux || echo "$MACHINE"');
    bench.program(
      "curl",
      `while [[ $# -gt 1 ]]; do [[ $1 == --output ]] && to=$2; shift; done\ncp "${bench.folder}/network/\${1##*/}" "$to"`,
    );
    return (machine = "x86_64") => bench.runFrom(script, [join(bench.folder, "cli")], { MACHINE: machine });
  }

  test("installs an archive with the published checksum, and says that it is not pinned", () => {
    const { exit, output } = arrange({})();
    expect(output).toContain("not pinned");
    expect(exit).toBe(0);
    expect(bench.read("cli/pulumi/pulumi")).toContain("the CLI");
  });

  test("asks nobody for the checksum of a pinned archive", () => {
    const { exit, output } = arrange({ pinned: "", published: "0".repeat(64) })();
    expect(output).toContain("the one of .pulumi-checksums");
    expect(exit).toBe(0);
    expect(bench.calls.filter((call) => call.startsWith("curl"))).toHaveLength(1);
  });

  test.each([
    ["pinned", { pinned: "0".repeat(64) }],
    ["published", { published: "0".repeat(64) }],
  ])("installs nothing when the archive has another checksum than the %s one", (_, given) => {
    const { exit, output } = arrange(given)();
    expect(output).toContain("does not have the checksum");
    expect(exit).toBe(1);
    expect(bench.read("cli/pulumi/pulumi")).toBeUndefined();
  });

  test("refuses a machine that there is no archive for", () => {
    const { exit, output } = arrange({})("riscv64");
    expect(output).toContain("no Pulumi archive for Linux on riscv64");
    expect(exit).toBe(2);
  });
});

describe("comment.sh", () => {
  const pulls = [
    { number: 8, head: { sha: "c".repeat(40) } },
    { number: 7, head: { sha: HEAD } },
  ];
  const comments: object[] = [];
  const comment = (title = "prod") =>
    bench.run("comment.sh", [join(bench.folder, "uploaded"), "prod", "rehearsal-prod", title], { HEAD_SHA: HEAD });

  test("comments on the pull request whose last commit the run was for", () => {
    bench.gitHub({ "/pulls?": pulls, "/comments": comments });
    bench.write("uploaded/preview.json", preview("web"));
    expect(comment().output).toContain("Commented on #7.");
    expect(bench.read("posted.md")).toContain('+     name: "web"');
  });

  test("changes its own earlier comment, and nobody else's", () => {
    const body = "<!-- ops review of rehearsal-prod -->\nold";
    bench.gitHub({
      "/pulls?": pulls,
      "/7/comments": [
        { id: 1, user: { login: "mallory" }, body },
        { id: 2, user: { login: "github-actions[bot]" }, body: "<!-- ops review of prod -->\nother" },
        { id: 3, user: { login: "github-actions[bot]" }, body },
      ],
      "/issues/comments/3": {},
    });
    bench.write("uploaded/preview.json", preview("web"));
    expect(comment().output).toContain("Changed comment 3 of #7.");
    expect(bench.calls.some((call) => call.includes("PATCH repos/example/infra/issues/comments/3"))).toBe(true);
  });

  test("takes every text of the artifact as text", () => {
    const hostile =
      "@everyone $(touch pwned) `touch pwned` <img src=x> <!-- --> [x](http://evil.example) #1 ```\n# Approved";
    bench.gitHub({ "/pulls?": pulls, "/comments": comments });
    bench.write("uploaded/preview.json", preview(hostile));
    expect(comment().exit).toBe(0);
    const posted = bench.read("posted.md") ?? "";
    expect(posted).toContain("@everyone");
    const outside = withoutCode(posted);
    expect(outside).not.toMatch(/@everyone|<img|evil\.example|#1\b|# Approved|touch/);
    expect(bench.read("pwned")).toBeUndefined();
  });

  test.each([
    ["is too long", () => bench.write("uploaded/preview.json", " ".repeat(20_000_001))],
    ["is a link to a file of the runner", () => bench.link("uploaded/preview.json", "/etc/hostname")],
    ["is a folder", () => bench.write("uploaded/preview.json/x", "")],
  ])("refuses a preview that %s", (_, upload) => {
    bench.gitHub({ "/pulls?": pulls });
    upload();
    const { exit, output } = comment();
    expect(output).toContain("it is not read");
    expect(exit).toBe(1);
    expect(bench.calls).toEqual([]);
  });

  test("says in the comment that a preview failed", () => {
    bench.gitHub({ "/pulls?": pulls, "/comments": comments });
    bench.write(
      "uploaded/preview.json",
      JSON.stringify({ steps: [], diagnostics: [{ severity: "error", message: "no such size" }] }),
    );
    expect(comment().output).toContain("Commented");
    expect(bench.read("posted.md")).toContain("no such size");
  });

  test("fails without a comment when the artifact holds no preview", () => {
    bench.gitHub({ "/pulls?": pulls, "/comments": comments });
    bench.write("uploaded/preview.json", "<script>");
    expect(comment().exit).toBe(1);
    expect(bench.read("posted.md")).toBeUndefined();
  });

  test.each([
    ["the run uploaded nothing", () => {}, /nothing to say/],
    [
      "the pull request has moved on",
      () => {
        bench.gitHub({ "/pulls?": pulls.slice(0, 1) });
        bench.write("uploaded/preview.json", preview("web"));
      },
      /a newer run/,
    ],
    [
      "a rehearsal changes nothing",
      () => {
        bench.gitHub({ "/pulls?": pulls, "/comments": comments });
        bench.write("uploaded/preview.json", preview(undefined));
      },
      /no comment/,
    ],
  ])("stays silent when %s", (_, arrange, words) => {
    arrange();
    const { exit, output } = comment();
    expect(output).toMatch(words);
    expect(exit).toBe(0);
    expect(bench.read("posted.md")).toBeUndefined();
  });
});

/** What GitHub renders as anything else than literal text. */
const withoutCode = (markdown: string) =>
  markdown.replaceAll(/^(`{3,})\w*\n[\s\S]*?^\1$/gm, "").replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");

describe("gate.sh", () => {
  const merged = [{ merged_at: "2026-11-21", merge_commit_sha: "a".repeat(40), head: { sha: HEAD } }];
  const runs = {
    workflow_runs: [
      { id: 41, run_number: 1, head_repository: { full_name: "example/infra" } },
      { id: 42, run_number: 2, head_repository: { full_name: "example/infra" } },
      { id: 43, run_number: 3, head_repository: { full_name: "mallory/infra" } },
    ],
  };
  const gate = (reviewed = "") =>
    bench.run("gate.sh", ["prod", `${bench.folder}/preview.json`, `${bench.folder}/plan`], { REVIEWED: reviewed });
  const reviewedWas = (text: string) => {
    const file = bench.write("reviewed.json", text);
    bench.gitHub({ "/pulls": merged, "/runs?": runs }, `mkdir -p "$folder" && cp '${file}' "$folder/preview.json"`);
  };

  test("lets the reviewed plan pass, and keeps its digest for the deployment", () => {
    bench.write("preview.json", preview("web"));
    reviewedWas(preview("web"));
    expect(gate().output).toContain("The plan is the reviewed one");
    expect(bench.read("output")).toBe("changes=true\n");
    expect(bench.read("plan/digest")).toMatch(/^plan-sha256:/);
    expect(JSON.parse(bench.read("plan/plan.json") ?? "").steps).toHaveLength(1);
    expect(bench.calls.find((call) => call.startsWith("gh run"))).toContain("gh run download 42 ");
  });

  test("stops before anybody is asked when the plan is another one, and says what differs and how to go on", () => {
    bench.write("preview.json", preview("web-2"));
    reviewedWas(preview("web"));
    expect(gate().exit).toBe(3);
    const summary = bench.read("summary") ?? "";
    expect(summary).toContain("web-2");
    expect(summary).toMatch(/stack `prod`, reviewed `plan-sha256:[0-9a-f]{64}`/);
    expect(bench.read("output")).toBe("");
  });

  test.each([
    ["the commit came without a pull request", { "/pulls": [], "/runs?": runs }],
    ["no preview ran", { "/pulls": merged, "/runs?": { workflow_runs: [] } }],
    ["only a fork uploaded one", { "/pulls": merged, "/runs?": { workflow_runs: runs.workflow_runs.slice(2) } }],
    ["its artifact is gone", { "/pulls": merged, "/runs?": runs }],
    ["GitHub does not answer", {}],
  ])("asks for the digest by hand when %s", (_, answers) => {
    bench.write("preview.json", preview("web"));
    bench.gitHub(answers);
    expect(gate().exit).toBe(3);
    expect(bench.read("summary")).toContain("there is no preview of prod that was reviewed");
  });

  test("takes the digest that a person gave, without asking GitHub", () => {
    bench.write("preview.json", preview("web"));
    reviewedWas(preview("web"));
    gate();
    const digest = (bench.read("plan/digest") ?? "").trim();
    const before = bench.calls.length;
    expect(gate(digest).exit).toBe(0);
    expect(gate(`plan-sha256:${"0".repeat(64)}`).exit).toBe(3);
    expect(gate("$(touch pwned)").exit).toBe(2);
    expect(bench.calls).toHaveLength(before);
  });

  test("asks for no approval of a plan that changes nothing", () => {
    bench.write("preview.json", preview(undefined));
    expect(gate().exit).toBe(0);
    expect(bench.read("output")).toBe("changes=false\n");
  });
});

describe("apply.sh", () => {
  const arrange = (now: string, up = "exit 0") => {
    bench.write("preview.json", preview("web"));
    bench.gitHub({}, "exit 1");
    bench.run("gate.sh", ["prod", `${bench.folder}/preview.json`, `${bench.folder}/first`]);
    const digest = /plan-sha256:[0-9a-f]{64}/.exec(bench.read("summary") ?? "")?.[0] ?? "";
    bench.run("gate.sh", ["prod", `${bench.folder}/preview.json`, `${bench.folder}/plan`], { REVIEWED: digest });
    const file = bench.write("now.json", now);
    bench.program("pulumi", `case $1 in preview) cat '${file}' ;; up) ${up} ;; *) exit 9 ;; esac`);
    return () => bench.run("apply.sh", ["prod", `${bench.folder}/plan`]);
  };
  const ups = () => bench.calls.filter((call) => call.startsWith("pulumi up"));

  test("applies the approved plan", () => {
    expect(arrange(preview("web"))().exit).toBe(0);
    expect(ups()).toEqual(["pulumi up --stack prod --yes --skip-preview --non-interactive"]);
    expect(bench.read("summary")).toContain("prod is deployed");
  });

  test("applies nothing when the plan has changed since", () => {
    expect(arrange(preview("web-2"))().exit).toBe(3);
    expect(ups()).toEqual([]);
    expect(bench.read("summary")).toContain("nothing was applied");
  });

  test("fails as the deployment fails", () => {
    expect(arrange(preview("web"), "exit 255")().exit).toBe(255);
    expect(bench.read("summary")).toContain("failed with exit code 255");
  });
});

describe("preview.sh and summary.sh", () => {
  test("keep the file of a preview that failed, with Pulumi's exit code", () => {
    bench.program("pulumi", "echo '{\"steps\": []}'; exit 4");
    expect(bench.run("preview.sh", ["prod", `${bench.folder}/preview.json`]).exit).toBe(4);
    expect(bench.read("preview.json")).toContain("steps");
    expect(bench.calls).toEqual(["pulumi preview --stack prod --json --non-interactive"]);
  });

  test("put the review into the run's summary", () => {
    bench.write("preview.json", preview("web"));
    expect(bench.run("summary.sh", ["prod", `${bench.folder}/preview.json`]).exit).toBe(0);
    expect(bench.read("summary")).toContain('+     name: "web"');
  });
});

describe("drift.sh", () => {
  const RECORDED = join(import.meta.dirname, "../ops/fixtures/drift");
  const drift = (file: string, code: number) => {
    bench.program("pulumi", `cat '${join(RECORDED, file)}'; exit ${code}`);
    // Nothing listens there: without answers of the clouds the check is broken, and no issue is touched.
    const nowhere = { HCLOUD_ENDPOINT: "http://127.0.0.1:9/v1", GITHUB_API_URL: "http://127.0.0.1:9" };
    return bench.run("drift.sh", ["prod"], { ...nowhere, GITHUB_TOKEN: "t" });
  };

  test("tries a refresh that failed once more, and tells a fault from drift", () => {
    const { exit, output } = drift("real-all-gone.json", 255);
    expect(output).toContain("could not be compared");
    expect(exit).toBe(1);
    expect(bench.calls.filter((call) => call.startsWith("pulumi refresh"))).toHaveLength(2);
  });

  test("only looks: no state is written", () => {
    drift("real-all-gone.json", 7);
    expect(bench.calls).toEqual([
      "pulumi refresh --stack prod --preview-only --run-program --expect-no-changes --json --suppress-outputs --non-interactive",
    ]);
  });
});
