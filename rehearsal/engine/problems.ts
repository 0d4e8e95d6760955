/** The texts of what the engine refuses or warns about, with the meaning that Pulumi's have. */
import type { CheckFailure, Values } from "../provider.ts";
import type { Goal } from "./goal.ts";
import type { PendingOperation, ResourceState } from "./state-store.ts";
import { nameOf } from "./urn.ts";
import { hasSecret } from "./values.ts";

export interface Problem {
  severity: "warning" | "error";
  urn: string;
  message: string;
}

export function duplicateProblem(urn: string): Problem {
  return error(urn, `Duplicate resource URN '${urn}'; try giving it a unique name`);
}

type Named = Pick<Goal, "urn" | "type" | "name">;

export function checkProblem({ urn, type, name }: Named, inputs: Values, { property, reason }: CheckFailure): Problem {
  const value = inputs[property];
  const shown = value === undefined || hasSecret(value) ? "" : ` value {${JSON.stringify(value)}}`;
  const where = property === "" ? "" : ` property ${property}${shown} has a problem:`;
  return error(urn, `${type} resource '${name}':${where} ${reason}`);
}

export function protectedReplaceProblem(urn: string): Problem {
  return error(
    urn,
    `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
      "remove the `protect` flag from the resource in your program and run `up`",
  );
}

export function protectedDependentProblem(urn: string, cause: string): Problem {
  return error(
    urn,
    `unable to replace resource "${urn}" as part of replacing "${cause}"\nas it is currently marked for protection. ` +
      "To unprotect the resource, remove the `protect` flag from the resource in your program and run `up`",
  );
}

export function importedReplaceProblem(urn: string, preview: boolean): Problem {
  const message =
    "previously-imported resources that still specify an ID may not be replaced; " +
    "please remove the `import` declaration from your program";
  return { severity: preview ? "warning" : "error", urn, message };
}

/** `managed` is what the state holds: an interrupted create may have been made a second time since. */
export function interruptedProblem(pending: readonly PendingOperation[], managed: readonly ResourceState[]): Problem {
  const creates = pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
  const message = [
    `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.`,
    ...pending.map(({ type, resource }) => `  * ${resource.urn}, interrupted while ${type}`),
    "The engine was interrupted while waiting for these changes, so it is not known whether they were completed.",
    ...(creates.length < pending.length ? ["Interrupted updates and deletions are settled by this run."] : []),
    ...(creates.length > 0 ? ["Look in the cloud for what an interrupted create may have made:"] : []),
    ...creates.map((resource) => `  * ${whatToLookFor(resource, managed)}`),
    ...(creates.length > 0
      ? ["Then run `refresh --clear-pending-creates`, which forgets the interrupted creates."]
      : []),
  ].join("\n");
  return { severity: "warning", urn: "", message };
}

function whatToLookFor({ urn, type, inputs }: ResourceState, managed: readonly ResourceState[]): string {
  const name = typeof inputs["name"] === "string" ? `, named "${inputs["name"]}" in the cloud` : "";
  const again = managed.find((resource) => resource.urn === urn && resource.id !== "");
  const advice = again
    ? `the state now has one with the id ${again.id}; if there is another, delete it there`
    : 'if it exists, delete it there or take it over with the resource option `import: "<its id>"`, ' +
      "or else this run makes it twice or finds its name taken";
  return `${type} "${nameOf(urn)}"${name}: ${advice}`;
}

export function olderProviderProblem(name: string, wanted: string, found: string): Problem {
  const message =
    `resource plugin ${name} is expected to have version >=${wanted}, but has ${found}; ` +
    "the wrong version may be on your path, or this may be a bug in the plugin";
  return { severity: "warning", urn: "", message };
}

export function untargetedProblem(urn: string): Problem {
  return error(urn, `the local engine does not create "${urn}" outside of --target: use the Pulumi CLI`);
}

export function unknownProviderProblem(urn: string): Problem {
  const message =
    "The provider for this resource has inputs that are not known during preview.\n" +
    "This preview may not correctly represent the changes that will be applied during an update.";
  return { severity: "warning", urn, message };
}

export function protectedDeleteMessage(urn: string): string {
  return (
    `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, remove the \`protect\` ` +
    "flag from the resource in your program and run `up`"
  );
}

function error(urn: string, message: string): Problem {
  return { severity: "error", urn, message };
}
