import type { HostContext, WebName } from "../../../model/host-configuration.ts";
import { server } from "../base/configurations.ts";

/** Surroundings of a host that serves the given names. */
export const context = (webNames: readonly Partial<WebName>[] = [], more: Partial<HostContext> = {}): HostContext => ({
  host: server,
  webNames: webNames.map((name) => ({ name: "www.example.org", proxied: false, plainHttp: false, moved: [], ...name })),
  peers: () => [],
  nameOf: () => undefined,
  uploads: [],
  cdn: true,
  mailRelay: undefined,
  alertEmails: ["oncall@example.net"],
  ...more,
});
