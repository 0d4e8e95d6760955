import { join } from "node:path";
import type { Provider } from "../provider.ts";
import { cloudflareProvider } from "./cloudflare/cloudflare-provider.ts";
import { digitaloceanProvider } from "./digitalocean/digitalocean-provider.ts";
import { hcloudProvider } from "./hcloud/hcloud-provider.ts";

/** Names of the packages that have a simulated cloud. */
export type SimulatedCloud = "hcloud" | "digitalocean" | "cloudflare";

/** Makes providers whose clouds are `<directory>/<package>.json`. Providers of one package share their cloud. */
export const simulatedClouds = (directory: string): Record<SimulatedCloud, () => Provider> => ({
  hcloud: () => hcloudProvider({ file: join(directory, "hcloud.json") }),
  digitalocean: () => digitaloceanProvider({ file: join(directory, "digitalocean.json") }),
  cloudflare: () => cloudflareProvider({ file: join(directory, "cloudflare.json") }),
});

/**
 * One of them by the name of its package.
 * @throws for a package without a simulated cloud
 */
export function simulatedCloud(directory: string, packageName: string): Provider {
  const clouds: Record<string, () => Provider> = simulatedClouds(directory);
  const open = clouds[packageName];
  if (!open)
    throw new Error(
      `Package ${packageName} has no simulated cloud.\n  Simulated are ${Object.keys(clouds).join(", ")}; for others use the Pulumi CLI.`,
    );
  return open();
}
