import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface StoredIssue {
  number: number;
  title: string;
  body: string;
  state: string;
  labels: { name: string }[];
  user: { type: string };
  author_association: string;
  pull_request?: object;
}

/** The issues of one repository, `example/infra`, as GitHub's REST API serves them. */
export async function fakeGitHub(issues: Partial<StoredIssue>[] = []) {
  const stored: StoredIssue[] = issues.map((issue, index) => complete(issue, index + 1));
  const requests: string[] = [];
  const comments: { issue: number; body: string }[] = [];
  const faults: { status: number; headers?: Record<string, string>; body?: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://127.0.0.1");
      const path = url.pathname.replace("/repos/example/infra", "");
      requests.push(`${request.method} ${path}`);
      const fault = faults.shift();
      if (fault) return send(fault.status, fault.body ?? '{"message":"fault"}', fault.headers);
      if (!url.pathname.startsWith("/repos/example/infra/") || request.headers.authorization !== "Bearer a-token")
        return send(404, '{"message":"Not Found"}');
      const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>) : {};
      const [status, answer] = answerTo(`${request.method} ${path}`, url, body);
      send(status, JSON.stringify(answer));
    });
    function send(status: number, body: string, headers = {}) {
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    }
  });

  function answerTo(what: string, url: URL, body: Record<string, unknown>): [number, unknown] {
    const at = stored.find(({ number }) => number === Number(/issues\/(\d+)/.exec(what)?.[1]));
    if (what === "GET /issues") {
      const [label, page] = [url.searchParams.get("labels"), Number(url.searchParams.get("page") ?? 1)];
      const found = stored.filter(({ state, labels }) => state === "open" && labels.some(({ name }) => name === label));
      return [200, found.slice((page - 1) * 100, page * 100)];
    }
    if (what === "POST /issues") {
      const labels = (body["labels"] as string[]).map((name) => ({ name }));
      const issue = complete({ ...body, labels }, stored.length + 1);
      stored.push(issue);
      return [201, issue];
    }
    if (!at) return [404, { message: "Not Found" }];
    if (what.startsWith("PATCH ")) return [200, Object.assign(at, body)];
    if (what.endsWith("/comments")) {
      comments.push({ issue: at.number, body: String(body["body"]) });
      return [201, { id: comments.length }];
    }
    return [404, { message: "Not Found" }];
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    issues: stored,
    requests,
    comments,
    /** The next answers. */
    fail: (...next: typeof faults) => void faults.push(...next),
    environment: {
      GITHUB_REPOSITORY: "example/infra",
      GITHUB_TOKEN: "a-token",
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

export type FakeGitHub = Awaited<ReturnType<typeof fakeGitHub>>;

const complete = (issue: Partial<StoredIssue>, number: number): StoredIssue => ({
  number,
  title: "An issue",
  body: "",
  state: "open",
  labels: [{ name: "drift" }],
  user: { type: "Bot" },
  author_association: "NONE",
  ...issue,
});
