import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Preview } from "../../ops/preview-json/preview.ts";
import { readPreview } from "../../ops/preview-json/read-preview.ts";

/**
 * `cli-*`: Pulumi's CLI 3.260 with small test providers; `providers-*`: the CLI with the real providers on simulated
 * clouds; `rehearsed-*`: this program under the rehearsal. All without times, source positions and dependencies.
 */
export const fixturePath = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
export const fixture = (name: string): Preview => readPreview(fixturePath(name));
export const fixtureText = (name: string): string => readFileSync(fixturePath(name), "utf8");
