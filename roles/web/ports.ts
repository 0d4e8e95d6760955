import type { Check, Port, ServedName } from "../../model/service.ts";

/** For services that never answer in the clear: they get their certificates over TLS itself (RFC 8737). */
export const httpsPort: Port<never> = { protocol: "tcp", port: 443, from: "edge", purpose: "https" };

/** Ports of a web server: at the edge of the CDN for proxied names, open to anyone for direct ones. */
export const webPorts: readonly Port<never>[] = [
  {
    protocol: "tcp",
    port: 80,
    from: "edge",
    purpose: "http: ACME challenges, redirects to https, and plain http where a name allows it",
  },
  httpsPort,
];

/** A page of a served name that must answer. */
export const pageAnswers = (name: ServedName, path: string, what: string): Check => ({
  kind: "http",
  url: `${name.plainHttp ? "http" : "https"}://${name.name}${path}`,
  what,
});
