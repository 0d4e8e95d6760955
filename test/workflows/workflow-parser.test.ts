// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub's workflows
import { readdirSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const PROJECT = join(import.meta.dirname, "../..");
const WORKFLOWS = join(PROJECT, ".github/workflows");
const PARSER = "@actions/workflow-parser";

/** What we use of GitHub's own parser of workflows (MIT), the one behind its editors. */
interface WorkflowParser {
  readonly NoOperationTraceWriter: new () => object;
  readonly parseWorkflow: (
    file: { readonly name: string; readonly content: string },
    trace: object,
  ) => { readonly value?: object; readonly context: { readonly errors: { getErrors(): { message: string }[] } } };
  readonly convertWorkflowTemplate: (
    context: object,
    value: object,
    fetcher: undefined,
    options: { readonly errorPolicy: number },
  ) => Promise<{ readonly errors?: readonly { readonly Message: string }[] }>;
}

/** Converts as far as possible, so that all errors come at once: `ErrorPolicy.TryConversion`, which is not exported. */
const TRY_CONVERSION = 1;

async function errors(name: string, content: string): Promise<string[]> {
  // It imports its schema as bundlers take it (0.3.61); Node wants to be told that it is JSON.
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context);
      return resolved.url.endsWith(".json") ? { ...resolved, importAttributes: { type: "json" } } : resolved;
    },
  });
  const parser: WorkflowParser = await import(PARSER).finally(() => hooks.deregister());
  const { context, value } = parser.parseWorkflow({ name, content }, new parser.NoOperationTraceWriter());
  const template =
    value && (await parser.convertWorkflowTemplate(context, value, undefined, { errorPolicy: TRY_CONVERSION }));
  return [
    ...context.errors.getErrors().map(({ message }) => message),
    ...(template?.errors ?? []).map(({ Message }) => Message),
  ];
}

describe("GitHub's parser", () => {
  test.each(readdirSync(WORKFLOWS).filter((file) => file.endsWith(".yml")))("accepts %s", async (file) => {
    expect(await errors(file, readFileSync(join(WORKFLOWS, file), "utf8"))).toEqual([]);
  });

  test("finds an unknown key, an unknown name in an expression and a missing job", async () => {
    const bad = [
      "on: push",
      "jobs:",
      "  a:",
      "    runs-on: ubuntu-24.04",
      "    needs: b",
      "    timeout: 3",
      "    steps:",
      "      - run: echo ${{ matrics.stack }}",
    ].join("\n");
    const found = (await errors("bad.yml", bad)).join("\n");
    expect(found).toContain("Unexpected value 'timeout'");
    expect(found).toContain("Unrecognized named-value: 'matrics'");
    expect(found).toContain("at least one job with no dependencies");
  });
});
