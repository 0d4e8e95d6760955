import * as pulumi from "@pulumi/pulumi";
import { Mistakes } from "../model/mistakes.ts";

/** Runs a part of the program whose mistakes are its users': shown as they are, without a stack trace. */
export function explained<T>(part: () => T): T {
  try {
    return part();
  } catch (error) {
    throw error instanceof Mistakes ? new pulumi.RunError(error.message) : error;
  }
}
