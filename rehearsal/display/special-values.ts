import { SECRET_SIGNATURE, SIGNATURE, UNKNOWN_TEXT } from "../engine/events.ts";

/** Whether a JSON value of an event stands for a secret. */
export function isSecret(value: unknown): boolean {
  if (value === "[secret]") return true;
  return (
    typeof value === "object" && value !== null && (value as Record<string, unknown>)[SIGNATURE] === SECRET_SIGNATURE
  );
}

/** Whether a JSON value of an event stands for one that is known only after the deployment. */
export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN_TEXT;
}

/** Providers that the engine makes up by itself; Pulumi's displays leave them out. */
export function isDefaultProvider(urn: string): boolean {
  return /::pulumi:providers:[^:]+::default(_|$)/.test(urn);
}

export const STACK_TYPE = "pulumi:pulumi:Stack";
