import type { Port } from "../model/service.ts";
import type { ThirdParty } from "../model/third-party.ts";

/** SSH for those who upload results of jobs: CI's launcher and pipelines of others. */
export const uploads = (partners: readonly ThirdParty[]): readonly Port<never>[] => [
  { protocol: "tcp", port: 22, from: { role: "ci" }, purpose: "uploads of CI over SSH" },
  ...partners.map((thirdParty) => ({
    protocol: "tcp" as const,
    port: 22,
    from: { thirdParty },
    purpose: `uploads of ${thirdParty.name} over SSH`,
  })),
];
