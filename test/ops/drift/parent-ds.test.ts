import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { parentDs } from "../../../ops/drift/parent-ds.ts";
import { dsFrom } from "../../../ops/drift/resolve-ds.ts";

const ours = `42 13 2 ${"ab".repeat(32)}`;
const other = `43 13 2 ${"cd".repeat(32)}`;

describe("the parent's DS record", () => {
  it.each([
    ["is ours, in whatever case", "active", ours, [ours.toUpperCase()], "fine"],
    ["is one of several, as in a change of keys", "active", ours, [other, ours], "fine"],
    ["is another's", "active", ours, [other], "wrong"],
    ["is there although the zone is not signed", "disabled", undefined, [ours], "unsigned"],
    ["is gone from a delegated zone", "active", ours, [], "missing"],
    ["is not set yet", "pending", ours, [], "waiting"],
    ["is neither there nor wanted", "disabled", undefined, [], "fine"],
  ])("%s", async (_, status, ds, parent, state) => {
    const [finding] = await parentDs([{ zone: "example.org", zoneId: "z", status, ds }], async () => parent);
    expect(finding?.state).toBe(state);
  });

  it("is unknown when no resolver answers, with the reason", async () => {
    const resolve = async () => Promise.reject(new Error("no answer"));
    expect(await parentDs([{ zone: "example.org", zoneId: "z", status: "active", ds: ours }], resolve)).toMatchObject([
      { state: "unknown", why: "no answer" },
    ]);
  });
});

describe("a resolver", () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** Answers each question over TCP, in two pieces. */
  async function resolver(answer: (query: Buffer) => Buffer): Promise<string> {
    const server = createServer((socket) =>
      socket.on("data", (received) => {
        const message = answer(received.subarray(2));
        const length = Buffer.from([message.length >> 8, message.length & 255]);
        socket.write(Buffer.concat([length, message.subarray(0, 5)]), () => socket.end(message.subarray(5)));
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => server.close());
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const reply = (query: Buffer, code: number, records: Buffer[]) => {
    const head = Buffer.from(query.subarray(0, 12));
    head[2] = 0x81;
    head[3] = 0x80 | code;
    head.writeUInt16BE(records.length, 6);
    return Buffer.concat([head, query.subarray(12), ...records]);
  };
  /** The name is a reference to the question's. */
  const record = (type: number, data: Buffer) => {
    const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 14, 16, data.length >> 8, data.length & 255]);
    return Buffer.concat([head, data]);
  };
  const ds = record(43, Buffer.concat([Buffer.from([0, 42, 13, 2]), Buffer.alloc(32, 0xab)]));
  const signature = record(46, Buffer.from([1, 2, 3]));

  it("is asked for DS and its answer read, other records left aside", async () => {
    let asked = "";
    const server = await resolver((query) => {
      asked = query.subarray(12).toString("latin1");
      return reply(query, 0, [signature, ds]);
    });
    expect(await dsFrom("example.org", [server])).toEqual([ours]);
    expect(asked).toBe("\u0007example\u0003org\u0000\u0000\u002b\u0000\u0001");
  });

  it("that knows of no such name says that there is none", async () => {
    expect(await dsFrom("example.org", [await resolver((query) => reply(query, 3, []))])).toEqual([]);
  });

  it("that fails is followed by the next one", async () => {
    const failing = await resolver((query) => reply(query, 2, []));
    const working = await resolver((query) => reply(query, 0, [ds]));
    expect(await dsFrom("example.org", [failing, working])).toEqual([ours]);
    await expect(dsFrom("example.org", [failing])).rejects.toThrow("code 2");
  });

  it("that answers another question is not believed", async () => {
    const server = await resolver((query) => {
      const answer = reply(query, 0, [ds]);
      answer[0] = (answer[0] ?? 0) ^ 1;
      return answer;
    });
    await expect(dsFrom("example.org", [server])).rejects.toThrow("something else");
  });
});
