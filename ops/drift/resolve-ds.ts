import { randomInt } from "node:crypto";
import { getServers } from "node:dns";
import { connect } from "node:net";
import type { DsResolver } from "./parent-ds.ts";

const TYPE_DS = 43;
const CLASS_IN = 1;
const NO_ERROR = 0;
const NO_SUCH_NAME = 3;
/** Milliseconds for one server. */
const TIMEOUT = 5000;

/**
 * Asks the system's resolvers, one after the other. Node's own `resolve` knows no DS records (Node 24), so this asks over
 * TCP, where answers are neither cut nor easily forged.
 */
export const resolveDs: DsResolver = (zone) => dsFrom(zone, getServers());

/** The same from given servers (`192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`). */
export async function dsFrom(zone: string, servers: readonly string[]): Promise<readonly string[]> {
  let last = new Error("this machine has no resolver");
  for (const server of servers) {
    try {
      return dsRecords(await ask(server, query(zone)), zone);
    } catch (error) {
      last = error instanceof Error ? error : new Error(String(error));
    }
  }
  throw last;
}

function query(zone: string): Buffer {
  const labels = zone.replace(/\.$/, "").split(".");
  const name = Buffer.concat([
    ...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.of(0),
  ]);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(randomInt(0x10000), 0);
  head.writeUInt16BE(0x0100, 2); // recursion desired
  head.writeUInt16BE(1, 4); // one question
  const tail = Buffer.alloc(4);
  tail.writeUInt16BE(TYPE_DS, 0);
  tail.writeUInt16BE(CLASS_IN, 2);
  return Buffer.concat([head, name, tail]);
}

function ask(server: string, message: Buffer): Promise<Buffer> {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+|[0-9a-f:.]+))(?::(\d+))?$/i.exec(server) ?? [];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: bracketed ?? plain ?? server, port: Number(port ?? 53), timeout: TIMEOUT });
    let received = Buffer.alloc(0);
    const fail = (why: string) => {
      socket.destroy();
      reject(new Error(`resolver ${server}: ${why}`));
    };
    socket.on("connect", () => socket.write(Buffer.concat([length, message])));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      socket.end();
      const answer = received.subarray(2, 2 + received.readUInt16BE(0));
      if (answer.length >= 12 && answer.readUInt16BE(0) === message.readUInt16BE(0)) resolve(answer);
      else fail("answered something else");
    });
    socket.on("timeout", () => fail("no answer"));
    socket.on("error", (error) => fail(error.message));
    socket.on("close", () => fail("ended without an answer"));
  });
}

function dsRecords(answer: Buffer, zone: string): string[] {
  const code = answer.readUInt16BE(2) & 0x000f;
  if (code !== NO_ERROR && code !== NO_SUCH_NAME) throw new Error(`the resolver answers with code ${code} for ${zone}`);
  const [questions, answers] = [answer.readUInt16BE(4), answer.readUInt16BE(6)];
  let at = 12;
  for (let index = 0; index < questions; index++) at = afterName(answer, at) + 4;
  const found: string[] = [];
  for (let index = 0; index < answers; index++) {
    at = afterName(answer, at);
    const [type, length] = [answer.readUInt16BE(at), answer.readUInt16BE(at + 8)];
    const data = answer.subarray(at + 10, at + 10 + length);
    if (type === TYPE_DS)
      found.push(
        `${data.readUInt16BE(0)} ${data.readUInt8(2)} ${data.readUInt8(3)} ${data.subarray(4).toString("hex")}`,
      );
    at += 10 + length;
  }
  return found;
}

/** Behind a name, which is a run of labels, or ends in a reference to an earlier one. */
function afterName(message: Buffer, start: number): number {
  for (let at = start; ; ) {
    const length = message.readUInt8(at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += 1 + length;
  }
}
