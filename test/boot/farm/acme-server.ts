import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * `acme-server.ts FOLDER`: an authority that asks hosts for proofs as a public one does (RFC 8555, http-01) and issues
 * certificates of the folder's own root. It takes every account, and looks at no signature of a request.
 */
const folder = process.argv[2] ?? ".";
const file = (name: string) => join(folder, name);
const run = promisify(execFile);
/** Addresses of names: there is no name server. */
const names: Readonly<Record<string, string>> = JSON.parse(readFileSync(file("names.json"), "utf8"));
const BASE = "https://acme-v02.api.letsencrypt.org";

interface Order {
  readonly name: string;
  readonly token: string;
  status: "pending" | "ready" | "valid" | "invalid";
  certificate?: string;
}
const orders: Order[] = [];
let thumbprint = "";

createServer({ key: readFileSync(file("acme.key")), cert: readFileSync(file("acme.pem")) }, (request, response) => {
  answer(request, response).catch((error: Error) => {
    response.writeHead(500).end(JSON.stringify({ type: "serverInternal", detail: error.message }));
  });
}).listen(443, () => console.log("ready"));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { header, payload } = body ? opened(body) : { header: {}, payload: {} };
  const [, what = "", number = ""] = (request.url ?? "").split("/");
  const id = Number(number);
  const reply = (status: number, content: unknown, location?: string) => {
    response.writeHead(status, {
      "Content-Type": what === "certificate" ? "application/pem-certificate-chain" : "application/json",
      "Replay-Nonce": randomBytes(12).toString("base64url"),
      ...(location ? { Location: `${BASE}/${location}` } : {}),
    });
    response.end(typeof content === "string" ? content : JSON.stringify(content));
  };
  const order = orders[id];
  switch (what) {
    case "directory": {
      const links = { newNonce: "new-nonce", newAccount: "new-account", newOrder: "new-order", revokeCert: "revoke" };
      return reply(200, Object.fromEntries(Object.entries(links).map(([key, path]) => [key, `${BASE}/${path}`])));
    }
    case "new-nonce":
      return reply(200, "");
    case "new-account":
      thumbprint = thumbprintOf(header.jwk);
      return reply(201, { status: "valid" }, "account/0");
    case "new-order": {
      const name = payload.identifiers?.[0]?.value ?? "";
      orders.push({ name, token: randomBytes(16).toString("base64url"), status: "pending" });
      return reply(201, shown(orders.length - 1), `order/${orders.length - 1}`);
    }
    case "authorization":
      return reply(200, {
        status: order?.status === "ready" ? "valid" : order?.status,
        identifier: { type: "dns", value: order?.name },
        challenges: [challenge(id)],
      });
    case "challenge":
      if (order?.status === "pending") order.status = (await proves(order)) ? "ready" : "invalid";
      return reply(200, challenge(id));
    case "order":
      return reply(200, shown(id), `order/${id}`);
    case "finalize":
      if (order?.status === "ready") {
        order.certificate = await issued(id, payload.csr ?? "");
        order.status = "valid";
      }
      return reply(200, shown(id), `order/${id}`);
    case "certificate":
      return reply(200, order?.certificate ?? "");
    default:
      return reply(404, {});
  }
}

interface Opened {
  readonly header: { readonly jwk?: Readonly<Record<string, string>> };
  readonly payload: { readonly identifiers?: readonly { readonly value: string }[]; readonly csr?: string };
}

/** What a signed request says. */
function opened(body: string): Opened {
  const text = (part: string) => Buffer.from(part, "base64url").toString() || "{}";
  const request: { protected: string; payload: string } = JSON.parse(body);
  return { header: JSON.parse(text(request.protected)), payload: JSON.parse(text(request.payload)) };
}

/** RFC 7638, for the elliptic keys that lego makes. */
function thumbprintOf({ crv, kty, x, y }: Readonly<Record<string, string>> = {}): string {
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}

function shown(id: number) {
  const order = orders[id];
  return {
    status: order?.status,
    identifiers: [{ type: "dns", value: order?.name }],
    authorizations: [`${BASE}/authorization/${id}`],
    finalize: `${BASE}/finalize/${id}`,
    ...(order?.certificate ? { certificate: `${BASE}/certificate/${id}` } : {}),
  };
}

function challenge(id: number) {
  const order = orders[id];
  const status = order?.status === "ready" ? "valid" : order?.status;
  return { type: "http-01", url: `${BASE}/challenge/${id}`, token: order?.token, status };
}

/** Asks as from the Internet, by plain http. */
async function proves({ name, token }: Order): Promise<boolean> {
  const url = `http://${name}/.well-known/acme-challenge/${token}`;
  const args = ["--silent", "--show-error", "--max-time", "5", "--resolve", `${name}:80:${names[name]}`, url];
  const { stdout } = await run("curl", args).catch((error: Error) => ({ stdout: error.message }));
  if (stdout.trim() === `${token}.${thumbprint}`) return true;
  console.log(`${url} answers ${stdout.slice(0, 300)}`);
  return false;
}

async function issued(id: number, csr: string): Promise<string> {
  const [request, certificate] = [file(`${id}.csr`), file(`${id}.pem`)];
  writeFileSync(request, Buffer.from(csr, "base64url"));
  const signer = ["-CA", file("root.pem"), "-CAkey", file("root.key"), "-days", "90"];
  await run("openssl", [
    ...["x509", "-req", "-inform", "DER", "-in", request, "-out", certificate, "-copy_extensions", "copy"],
    ...["-set_serial", `0x${randomBytes(8).toString("hex")}`, ...signer],
  ]);
  return readFileSync(certificate, "utf8") + readFileSync(file("root.pem"), "utf8");
}
