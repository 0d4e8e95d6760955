import type { HostContext, RoleFiles } from "../../../model/host-configuration.ts";
import { buildbotMaster } from "../../../roles/buildbot-master/role.ts";
import { server } from "../base/configurations.ts";

/** A host with two workers as peers, one of them somebody else's. */
export const context: HostContext = {
  host: { ...server, host: "services-01", fqdn: "services-01.infra.example.org", privateIp: "10.0.0.13" },
  webNames: [],
  peers: (role) =>
    role === "buildbot-worker"
      ? [
          { host: "build-01", fqdn: "build-01.infra.example.org", address: "10.0.0.11", address6: undefined },
          { host: "donor-01", fqdn: "donor-01.infra.example.org", address: "192.0.2.7", address6: undefined },
        ]
      : role === "downloads"
        ? [
            {
              host: "downloads-01",
              fqdn: "downloads-01.infra.example.org",
              address: "10.0.0.12",
              address6: undefined,
            },
          ]
        : [],
  nameOf: () => undefined,
  uploads: [],
  cdn: true,
  mailRelay: undefined,
  alertEmails: [],
};

export const farm = buildbotMaster({
  on: "services-01",
  criticality: "medium",
  name: "builds.example.org",
  oldNames: ["old.example.org"],
  downloads: "downloads.example.org",
  source: "https://git.example.org/firmware.git",
  lines: { "donor-01": "home" },
  branches: [
    { name: "master", path: "master", git: "main", failLogs: true, frozen: false, targets: { "x86/64": "x86_64" } },
    {
      name: "17.01",
      path: "17.01",
      git: "release-17.01",
      host: { name: "old.example.org", scheme: "http" },
      failLogs: false,
      frozen: true,
    },
  ],
});

export const files = (): RoleFiles["files"] => farm.configure!(context).files;
export const fileOf = (path: string): string | undefined => files().find((file) => file.path === path)?.content;
