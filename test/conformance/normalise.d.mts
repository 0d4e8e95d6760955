/** Types of what the tests use of `normalise.mjs`. */
import type { EventPayload } from "../../rehearsal/engine/events.ts";

export interface Step {
  op: string;
  urn: string;
  [field: string]: unknown;
}
export interface Call {
  method: string;
  on: string;
  [argument: string]: unknown;
}
export interface State {
  resources: { urn: string; [field: string]: unknown }[];
  pending?: unknown[];
}
export const PREFIX: string;
export function steps(events: EventPayload[], mode: { preview: boolean }): Step[];
export function summary(events: EventPayload[]): unknown;
export function diagnostics(events: EventPayload[]): [severity: string, urn: string, message: string][];
export function calls(log: string): Call[];
export function state(exported: object): State;
export function text(value: string): string;
export function deletionOrder<Item>(list: Item[], before: State | undefined): Item[];
export function unordered<Item>(list: Item[]): Item[];
