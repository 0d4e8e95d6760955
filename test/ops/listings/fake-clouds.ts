import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the three clouds hold, by path and as their APIs name it; written by hand in the vendors' shapes. */
export interface CloudContent {
  /** `servers`, `primary_ips` … */
  readonly hetzner?: Readonly<Record<string, readonly object[]>>;
  /** `droplets`, `account/keys` … */
  readonly digitalOcean?: Readonly<Record<string, readonly object[]>>;
  /** `zones`, `zones/<id>/dns_records`, `zones/<id>/rulesets`; `zones/<id>/dnssec` is an object. */
  readonly cloudflare?: Readonly<Record<string, readonly object[] | object>>;
}

/** An answer that replaces the next one of a path: a fault. */
export interface Fault {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The connection is cut without an answer. */
  readonly cut?: true;
  /** Never answered. */
  readonly silent?: true;
}

/** The three APIs on one loopback port. Whatever is not GET is answered with 405 and noted in `writes`. */
export async function fakeClouds(content: CloudContent, pageSize = 2) {
  const requests: string[] = [];
  const tokens = new Set<string | undefined>();
  const writes: string[] = [];
  const faults = new Map<string, Fault[]>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    requests.push(`${request.method} ${url.pathname}`);
    tokens.add(request.headers.authorization);
    if (request.method !== "GET") {
      writes.push(`${request.method} ${url.pathname}`);
      return send(response, 405, { error: { code: "read_only" } });
    }
    const fault = faults.get(url.pathname)?.shift();
    if (fault) return failWith(fault, request, response);
    const [status, answer] = answerOf(content, url, pageSize);
    send(response, status, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    requests,
    tokens,
    writes,
    /** The next answers of a path. */
    fail: (path: string, ...next: Fault[]) => faults.set(path, next),
    environment: {
      HCLOUD_TOKEN: "hcloud-token-of-the-test",
      DIGITALOCEAN_TOKEN: "digitalocean-token-of-the-test",
      CLOUDFLARE_API_TOKEN: "cloudflare-token-of-the-test",
      HCLOUD_ENDPOINT: `${origin}/v1`,
      HETZNER_ENDPOINT: `${origin}/v1`,
      DIGITALOCEAN_API_URL: origin,
      CLOUDFLARE_BASE_URL: `${origin}/client/v4`,
    } as Record<string, string>,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

export type FakeClouds = Awaited<ReturnType<typeof fakeClouds>>;

function answerOf(content: CloudContent, url: URL, pageSize: number): [number, object] {
  const page = Number(url.searchParams.get("page") ?? 1);
  const cut = (all: readonly object[]) => all.slice((page - 1) * pageSize, page * pageSize);
  const [, api = "", rest = ""] = /^\/(v1|v2|client\/v4)\/(.*)$/.exec(url.pathname) ?? [];
  if (api === "v1") {
    const all = content.hetzner?.[rest] ?? [];
    const last = Math.max(1, Math.ceil(all.length / pageSize));
    const pagination = {
      page,
      per_page: pageSize,
      previous_page: page > 1 ? page - 1 : null,
      next_page: page < last ? page + 1 : null,
      last_page: last,
      total_entries: all.length,
    };
    return [200, { [rest]: cut(all), meta: { pagination } }];
  }
  if (api === "v2") {
    const all = content.digitalOcean?.[rest] ?? [];
    const more = page * pageSize < all.length;
    const next = `${url.origin}${url.pathname}?page=${page + 1}&per_page=${pageSize}`;
    return [
      200,
      { [keyOf(rest)]: cut(all), links: more ? { pages: { next, last: next } } : {}, meta: { total: all.length } },
    ];
  }
  if (api !== "client/v4") return [404, { error: "no such API" }];
  const all = content.cloudflare?.[rest] ?? (rest.endsWith("/dnssec") ? { status: "disabled" } : []);
  const envelope = { success: true, errors: [], messages: [] };
  if (!Array.isArray(all)) return [200, { ...envelope, result: all }];
  // Rulesets are listed by cursor.
  if (!url.searchParams.has("page")) {
    const start = Number(url.searchParams.get("cursor") ?? 0);
    const end = start + pageSize;
    const result_info = end < all.length ? { cursors: { after: String(end) } } : {};
    return [200, { ...envelope, result: all.slice(start, end), result_info }];
  }
  const info = { page, per_page: pageSize, count: cut(all).length, total_count: all.length };
  const total_pages = Math.ceil(all.length / pageSize);
  return [200, { ...envelope, result: cut(all), result_info: { ...info, total_pages } }];
}

const DIGITALOCEAN_KEYS: Record<string, string> = { "account/keys": "ssh_keys", "monitoring/alerts": "policies" };
const keyOf = (path: string) => DIGITALOCEAN_KEYS[path] ?? path.split("/").at(-1) ?? path;

function failWith(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault.silent) return;
  if (fault.cut) {
    request.socket.destroy();
    return;
  }
  response.writeHead(fault.status ?? 200, { "content-type": "application/json", ...fault.headers });
  response.end(fault.body ?? "{}");
}

function send(response: ServerResponse, status: number, answer: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(answer));
}
