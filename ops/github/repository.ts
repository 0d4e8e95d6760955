import type * as z from "zod";
import { PATIENT, type Patience, type Reply, repeated } from "../listings/retries.ts";
import { EXIT, Refusal } from "../refusal.ts";

/** A repository at GitHub, as far as the commands here use its REST API. */
export class Repository {
  readonly #url: string;
  readonly #token: string;
  readonly #patience: Patience;

  constructor(url: string, token: string, patience: Patience = PATIENT) {
    this.#url = url;
    this.#token = token;
    this.#patience = patience;
  }

  /**
   * Sends one request below the repository and checks the answer's form. A request that makes something is not sent again
   * after a fault: it may have been heard, and the next scheduled run mends what is missing.
   * @throws Refusal
   */
  async request<T>(method: "GET" | "POST" | "PATCH", path: string, form: z.ZodType<T>, body?: object): Promise<T> {
    const reply = await repeated(
      (signal) =>
        fetch(`${this.#url}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${this.#token}`,
            accept: "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
            "user-agent": "foss-infra-ops",
            ...(body && { "content-type": "application/json" }),
          },
          ...(body && { body: JSON.stringify(body) }),
          redirect: "error",
          signal,
        }),
      this.#patience,
      (reply) => isLimited(reply) || (method !== "POST" && (reply.status === 0 || reply.status >= 500)),
    );
    const what = `GitHub: ${method} ${path}`;
    if (reply.status < 200 || reply.status > 299)
      throw new Refusal(
        EXIT.failed,
        `${what} ${reply.status === 0 ? `got no answer: ${reply.failure}` : `was answered with ${reply.status}`}.\n  ${this.#hint(reply)}`,
      );
    try {
      return form.parse(JSON.parse(reply.body));
    } catch {
      throw new Refusal(EXIT.failed, `${what} was answered in another form than expected.\n  Is GITHUB_API_URL right?`);
    }
  }

  #hint({ status, body }: Reply): string {
    if (status === 401 || status === 403 || status === 404)
      return "Does GITHUB_TOKEN have the permission issues: write, and is GITHUB_REPOSITORY right (owner/name)?";
    const message = /"message":\s*"([^"]{1,160})/.exec(body)?.[1];
    return message ? `GitHub says: ${message.replaceAll(this.#token, "[token]")}` : "Try again later.";
  }
}

/** The secondary limit is 403 with `Retry-After` (docs.github.com, REST rate limits, 2026). */
const isLimited = ({ status, headers }: Reply) => status === 429 || (status === 403 && headers.has("retry-after"));

/**
 * The repository that GitHub's runner names: `GITHUB_REPOSITORY`, `GITHUB_TOKEN`, `GITHUB_API_URL`.
 * @throws Refusal when one is missing
 */
export function repositoryFrom(environment: NodeJS.ProcessEnv, patience?: Patience): Repository {
  const repository = environment["GITHUB_REPOSITORY"] ?? "";
  const token = environment["GITHUB_TOKEN"];
  const api = environment["GITHUB_API_URL"] || "https://api.github.com";
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new Refusal(
      EXIT.badUsage,
      `GITHUB_REPOSITORY is ${JSON.stringify(repository)}.\n  It must name a repository as owner/name; GitHub's runner sets it.`,
    );
  if (!token)
    throw new Refusal(
      EXIT.badUsage,
      "GITHUB_TOKEN is not set.\n  In a workflow hand github.token over under that name, with the permission issues: write.",
    );
  return new Repository(`${api.replace(/\/+$/, "")}/repos/${repository}`, token, patience);
}
