import type { HostConfiguration, HostContext, Peer, WebName } from "../model/host-configuration.ts";
import type { Redirect } from "../model/zone.ts";
import { type ActiveEstate, fqdnOf, hostsOfRole, servicesOn } from "./active-estate.ts";
import { isProxied, redirectsAt } from "./names.ts";

/** What the roles of a host's services may know of their surroundings. */
export function hostContext(active: ActiveEstate, host: HostConfiguration): HostContext {
  const { settings, services } = active;
  return {
    host,
    webNames: servicesOn(active, host.host).flatMap(([id, service]) => [
      ...service.names
        .filter(({ noWeb }) => !noWeb)
        .map((name): WebName => {
          return {
            name: name.name,
            proxied: isProxied(name, settings),
            plainHttp: name.plainHttp ?? false,
            moved: service.moved.filter((path) => path.name === name.name).map(({ path, to }) => ({ path, to })),
          };
        }),
      ...redirectsAt(active, id).map((redirect): WebName => {
        return { name: redirect.from, proxied: false, plainHttp: true, moved: [movedBy(redirect)] };
      }),
    ]),
    peers: (role) => hostsOfRole(active, role).map((peer) => peerOf(active, host, peer)),
    nameOf: (role) => Object.values(services).find((service) => service.role === role)?.names[0]?.name,
    uploads: Object.values(services).flatMap(({ uploads = [] }) => uploads),
    cdn: settings.cdn,
    mailRelay: settings.mailRelay && { host: settings.mailRelay.host, port: settings.mailRelay.port },
    alertEmails: settings.alertEmails,
  };
}

/** Its target has no slash at the end where the whole name is redirected. */
function movedBy({ path = "/", to }: Redirect): WebName["moved"][number] {
  return { path, to: to.endsWith("/") ? to : `${to}/` };
}

function peerOf(active: ActiveEstate, { cloud }: HostConfiguration, id: string): Peer {
  const peer = active.hosts[id];
  const near = peer?.kind === "hetzner" && cloud === "hetzner" ? peer.privateIp : undefined;
  const [address, address6] = peer?.kind === "external" ? [peer.ipv4, peer.ipv6] : [near, undefined];
  return { host: id, fqdn: fqdnOf(active, id), address, address6 };
}
