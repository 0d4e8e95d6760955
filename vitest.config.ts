import { defineConfig } from "vitest/config";

/** One process for all unit files: the Pulumi SDK is loaded once (its mocks are reset by every test that uses them). */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/scratch-folder.ts"],
    setupFiles: ["test/property-seed.ts"],
    exclude: ["test/boot/**", "node_modules/**"],
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    typecheck: { enabled: false },
  },
});
