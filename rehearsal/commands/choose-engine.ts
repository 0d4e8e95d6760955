import type { Engine } from "./engine.ts";
import { EXIT, Refusal } from "./exit-codes.ts";

export type EngineChoice = "local" | "pulumi" | "auto";

/** The engine that was asked for; `auto` takes the Pulumi CLI where it is installed. */
export async function chooseEngine(choice: EngineChoice): Promise<Engine> {
  if (choice !== "local") {
    const { findPulumi, pulumiEngine } = await import("./pulumi-engine.ts");
    const cli = findPulumi(process.env);
    if (cli) return pulumiEngine(cli);
    if (choice === "pulumi") {
      throw new Refusal(
        EXIT.badUsage,
        "--engine pulumi: there is no pulumi on PATH.\n  Install the Pulumi CLI (https://www.pulumi.com/docs/install/), or use --engine local.",
      );
    }
  }
  const { localEngine } = await import("./local-engine.ts");
  return localEngine;
}
