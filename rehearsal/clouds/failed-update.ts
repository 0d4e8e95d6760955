import { InitError, type Values } from "../provider.ts";
import type { ResourceType } from "./check-inputs.ts";
import { Refusal } from "./refusal.ts";

/**
 * Carries out an update. What the cloud refuses in one of a provider on Terraform's SDK leaves the resource half updated, so
 * that the next `up` plans another update; of the framework's it is a plain failure (`Update` in pkg/tfbridge/provider.go
 * and pkg/pf/tfbridge/provider_update.go of pulumi-terraform-bridge, 2026-08). The outputs stay as they were, as hcloud's
 * `d.Partial(true)` has it.
 */
export function updating<Result>(type: ResourceType, { urn, id, olds }: Update, update: () => Result): Result {
  try {
    return update();
  } catch (error) {
    // Of what is gone there is no state to keep.
    if (!(error instanceof Refusal) || error.code === "not_found" || type.table.kind !== "sdk") throw error;
    throw new InitError(error.message, id, olds, [`updating ${urn}: ${error.message}`]);
  }
}

interface Update {
  readonly urn: string;
  readonly id: string;
  /** With its secrets. */
  readonly olds: Values;
}
