import { join } from "node:path";
import type { Provider } from "../provider.ts";

/** Packages that have a simulated cloud, loaded when a program first needs them. */
const CLOUDS: Readonly<Record<string, (file: string) => Promise<Provider>>> = {
  hcloud: async (file) => (await import("./hcloud/hcloud-provider.ts")).hcloudProvider({ file }),
  digitalocean: async (file) =>
    (await import("./digitalocean/digitalocean-provider.ts")).digitaloceanProvider({ file }),
  cloudflare: async (file) => (await import("./cloudflare/cloudflare-provider.ts")).cloudflareProvider({ file }),
};

/**
 * Makes providers by package name; the cloud of each is `<directory>/<package>.json`, shared by the package's providers.
 * @returns a function that throws for a package without a simulated cloud
 */
export function simulatedClouds(directory: string): (packageName: string, version: string) => Promise<Provider> {
  return async (packageName) => {
    const open = CLOUDS[packageName];
    if (!open)
      throw new Error(
        `Package ${packageName} has no simulated cloud.\n  Simulated are ${Object.keys(CLOUDS).join(", ")}; for others use the Pulumi CLI.`,
      );
    return open(join(directory, `${packageName}.json`));
  };
}
