/**
 * Flags of the Pulumi CLI that pages may use, by command: from the reference of version 3.260
 * (https://www.pulumi.com/docs/iac/cli/commands/, 2026-08). A page that needs another one adds it here, looked up.
 */
export const PULUMI: Readonly<Record<string, readonly string[]>> = {
  login: [],
  version: [],
  cancel: ["--stack", "--yes"],
  "config rm": ["--stack"],
  "config set": ["--stack", "--secret"],
  destroy: ["--stack", "--yes"],
  import: ["--stack", "--file", "--protect", "--generate-code", "--yes"],
  "plugin install": ["--file", "--checksum"],
  preview: ["--stack", "--json", "--diff", "--refresh", "--import-file", "--expect-no-changes", "--target"],
  refresh: [
    "--stack",
    "--preview-only",
    "--run-program",
    "--expect-no-changes",
    "--json",
    "--suppress-outputs",
    "--non-interactive",
    "--clear-pending-creates",
    "--yes",
  ],
  "stack change-secrets-provider": ["--stack"],
  "stack export": ["--stack", "--file"],
  "stack import": ["--stack", "--file"],
  "stack init": [],
  "stack output": ["--stack", "--json"],
  "stack select": [],
  "state delete": ["--stack", "--force"],
  "state unprotect": ["--stack"],
  up: [
    "--stack",
    "--yes",
    "--skip-preview",
    "--target",
    "--target-dependents",
    "--replace",
    "--expect-no-changes",
    "--diff",
  ],
};

/** The same for GitHub's CLI (https://cli.github.com/manual, 2.8x, 2026). */
export const GH: Readonly<Record<string, readonly string[]>> = {
  "pr checkout": [],
  "run list": ["--workflow", "--limit"],
  "run watch": [],
  "secret set": ["--env"],
  "workflow disable": [],
  "workflow enable": [],
  "workflow run": ["-f"],
};

/** Programs whose options are not ours to check: standard tools, or ones that the page says to install. */
export const OTHERS = [
  "age-keygen",
  "awk",
  "aws",
  "cd",
  "dig",
  "export",
  "git",
  "jq",
  "openssl",
  "rm",
  "sort",
  "ssh",
  "ssh-keygen",
];
