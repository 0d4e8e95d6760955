import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import provrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { describe, expect, it } from "vitest";

const bin = join(import.meta.dirname, "../../../rehearsal/bin");

/** Asks a plugin at a port for its version, as the engine does after the start. */
function versionAt(port: string): Promise<string> {
  const client = new provrpc.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return new Promise((resolve, reject) => {
    client.getPluginInfo(new Empty(), (error: Error | null, info: PluginInfo) => {
      client.close();
      if (error) reject(error);
      else resolve(info.getVersion());
    });
  });
}

describe("a launcher for the Pulumi CLI", () => {
  it("serves its simulated cloud with the system's PATH, the port as first line", async () => {
    const plugin = spawn(join(bin, "pulumi-resource-hcloud"), ["127.0.0.1:1"], {
      env: { PATH: "/usr/local/bin:/usr/bin:/bin", REHEARSAL_CLOUDS: join(tmpdir(), "no-clouds-here") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(createInterface({ input: plugin.stdout }), "line")) as [string];
    expect(port).toMatch(/^\d+$/);
    expect(await versionAt(port)).toBe("1.41.0");
    plugin.kill();
    await once(plugin, "close");
  });

  it("says who starts it when there is no folder for the cloud", () => {
    const { status, stderr } = spawnSync(join(bin, "pulumi-resource-cloudflare"), [], {
      encoding: "utf8",
      env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/simulated cloudflare provider.*--engine pulumi/);
  });
});
