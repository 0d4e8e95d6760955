import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer that replaces the next one to a request, or comes after it was carried out. */
export interface Fault {
  readonly status: number;
  readonly body?: object;
  /** The request is carried out, and then answered like this; status 0 cuts the connection. */
  readonly afterwards?: true;
  /** Only once a rebuild was sent. */
  readonly onceRebuilding?: true;
}

/** One server and one droplet, in the vendors' shapes: rebuilt, guarded and locked as the clouds do it. */
export async function fakeRollingClouds() {
  const server = {
    id: 42,
    name: "downloads-01",
    status: "running",
    image: { id: 1, name: "debian-12", type: "system" },
    server_type: { id: 9, name: "cx53", architecture: "x86" },
    protection: { delete: true, rebuild: true },
    locked: false,
  };
  const droplet = {
    id: 4242,
    name: "wiki-01.infra.openwrt.org",
    locked: false,
    status: "active",
    region: { slug: "fra1" },
    image: { id: 5, slug: "debian-12-x64" as string | null },
  };
  const images = {
    hetzner: [{ id: 2, name: "debian-13", type: "system", status: "available", deprecated: null as string | null }],
    digitalOcean: { slug: "debian-13-x64", status: "available", regions: ["fra1"] },
  };
  const actions: { id: number; command: string; status: string; error: { code: string; message: string } | null }[] = [
    { id: 7, command: "rebuild_server", status: "success", error: null },
  ];
  const dropletActions = [{ id: 70, type: "rebuild", status: "completed" }];
  const writes: string[] = [];
  const rebuilds: object[] = [];
  const faults: { on: string; fault: Fault }[] = [];
  /** Looks at a rebuild until it is over, and how it ends. */
  const rebuild = { looks: 2, ends: "success" as "success" | "error" };
  let left = 0;

  const http = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on("end", () => {
      const name = `${request.method} ${url.pathname}`;
      const at = faults.findIndex(
        ({ on, fault }) => name.includes(on) && (!fault.onceRebuilding || rebuilds.length > 0),
      );
      const [found] = at < 0 ? [] : faults.splice(at, 1);
      if (found && !found.fault.afterwards) return send(response, found.fault.status, found.fault.body ?? {});
      const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
      if (request.method !== "GET") writes.push(name);
      const [status, answer] = answerTo(name, url, body);
      if (!found) return send(response, status, answer);
      if (found.fault.status === 0) return request.socket.destroy();
      send(response, found.fault.status, found.fault.body ?? {});
    });
  });

  function answerTo(name: string, url: URL, body: Record<string, unknown>): [number, object] {
    switch (name) {
      case "GET /v1/servers":
        return [200, { servers: url.searchParams.get("name") === server.name ? [server] : [] }];
      case "GET /v1/images":
        return [200, { images: images.hetzner.filter((image) => image.name === url.searchParams.get("name")) }];
      case "GET /v1/servers/42/actions":
        return [200, { actions: [...actions].reverse() }];
      case "POST /v1/servers/42/actions/change_protection": {
        if (body["delete"] !== body["rebuild"]) return refused(422, "invalid_input", "must have the same value");
        server.protection = { delete: body["delete"] === true, rebuild: body["rebuild"] === true };
        return [201, { action: begin("change_protection", "success") }];
      }
      case "POST /v1/servers/42/actions/rebuild": {
        if (server.protection.rebuild) return refused(403, "protected", "server is protected");
        rebuilds.push(body);
        left = rebuild.looks;
        return [201, { action: begin("rebuild_server", "running"), root_password: "zCWbFhnu950dUTko5f40" }];
      }
      case "GET /v2/droplets":
        return [200, { droplets: [droplet], links: {}, meta: { total: 1 } }];
      case "GET /v2/images/debian-13-x64":
        return [200, { image: images.digitalOcean }];
      case "GET /v2/droplets/4242/actions":
        return [200, { actions: [...dropletActions].reverse(), links: {}, meta: { total: 1 } }];
      case "POST /v2/droplets/4242/actions": {
        rebuilds.push(body);
        left = rebuild.looks;
        const action = { id: 71, type: String(body["type"]), status: "in-progress" };
        dropletActions.push(action);
        return [201, { action }];
      }
      case "GET /v2/droplets/4242/actions/71": {
        const [action] = dropletActions.slice(-1);
        if (action && left-- <= 0) action.status = rebuild.ends === "success" ? "completed" : "errored";
        return [200, { action }];
      }
    }
    const [, id] = /^GET \/v1\/actions\/(\d+)$/.exec(name) ?? [];
    const action = actions.find((each) => String(each.id) === id);
    if (!action) return refused(404, "not_found", `${name} is not there`);
    if (action.command === "rebuild_server" && action.status === "running" && left-- <= 0) {
      action.status = rebuild.ends;
      if (rebuild.ends === "error") action.error = { code: "action_failed", message: "no disk" };
      else server.image = { id: 2, name: "debian-13", type: "system" };
    }
    return [200, { action }];
  }

  function begin(command: string, status: string) {
    const action = { id: 100 + actions.length, command, status, error: null, progress: 0, resources: [] };
    actions.push(action);
    return action;
  }

  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    server,
    droplet,
    images,
    rebuild,
    rebuilds,
    writes,
    /** The next request whose method and path contain this gets the fault. */
    fail: (on: string, fault: Fault) => faults.push({ on, fault }),
    environment: {
      HCLOUD_TOKEN: "hcloud-token-of-the-test",
      DIGITALOCEAN_TOKEN: "digitalocean-token-of-the-test",
      HCLOUD_ENDPOINT: `${origin}/v1`,
      DIGITALOCEAN_API_URL: origin,
    },
    close: () => {
      http.closeAllConnections();
      return new Promise((resolve) => http.close(resolve));
    },
  };
}

export type FakeRollingClouds = Awaited<ReturnType<typeof fakeRollingClouds>>;

const refused = (status: number, code: string, message: string): [number, object] => [
  status,
  { error: { code, message, details: null } },
];

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
