/** Uses what the quick start puts off: it must work as if it had been there from the beginning. */
import * as pulumi from "@pulumi/pulumi";

const greeting = "hello";
const { text } = await pulumi.runtime.serializeFunction(() => greeting);
export const serialised = text.includes("hello");
const workspace: unknown = pulumi.automation.LocalWorkspace;
export const automation =
  typeof workspace === "function" && new pulumi.automation.CommandError({} as never) instanceof Error;
export const stack = /seldom-used\.ts:10:51/.test(new Error("here").stack ?? "");
