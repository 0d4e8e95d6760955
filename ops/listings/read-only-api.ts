import type * as z from "zod";
import { EXIT, Refusal } from "../refusal.ts";
import { PATIENT, type Patience, type Reply, repeated } from "./retries.ts";

/** A cloud that could not be read, or not wholly: nothing may be concluded from what is missing. */
export class UnreadableCloud extends Refusal {
  constructor(message: string) {
    super(EXIT.failed, message);
    this.name = "UnreadableCloud";
  }
}

export interface Account {
  /** For people: `Hetzner Cloud` */
  readonly cloud: string;
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly token: string;
  /** Environment variable that holds the token, for messages. */
  readonly tokenVariable: string;
}

/** A cloud's API of which only GET exists: nothing that is built on this can change an account. */
export class ReadOnlyApi {
  readonly #account: Account;
  readonly #patience: Patience;

  constructor(account: Account, patience: Patience = PATIENT) {
    this.#account = account;
    this.#patience = patience;
  }

  /**
   * Reads one path and checks the answer's form.
   * @throws UnreadableCloud
   */
  async get<T>(path: string, query: Readonly<Record<string, string | number>>, form: z.ZodType<T>): Promise<T> {
    const { endpoint, token } = this.#account;
    const url = new URL(`${endpoint}${path}`);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, String(value));
    const reply = await repeated(
      (signal) =>
        fetch(url, {
          method: "GET",
          headers: { authorization: `Bearer ${token}`, accept: "application/json" },
          // The token goes nowhere else.
          redirect: "error",
          signal,
        }),
      this.#patience,
    );
    if (reply.status !== 200) throw this.#unreadable(path, ...this.#refused(reply));
    let answer: unknown;
    try {
      answer = JSON.parse(reply.body);
    } catch {
      throw this.#unreadable(
        path,
        "is not JSON",
        `It begins ${excerpt(reply.body)}. Try again; is the endpoint right?`,
      );
    }
    const checked = form.safeParse(answer);
    if (checked.success) return checked.data;
    const [issue] = checked.error.issues;
    const at = issue?.path.map(String).join(".") || "the top level";
    throw this.#unreadable(path, `has another form at ${at}: ${issue?.message}`, "The API may have changed.");
  }

  #refused({ status, body, failure, headers }: Reply): [string, string] {
    const { tokenVariable } = this.#account;
    if (status === 0) return [`did not come: ${failure}`, "Is the network up?"];
    if (status === 401 || status === 403)
      return [`was refused (${status})`, `Is ${tokenVariable} valid, and may it read this? ${said(body)}`];
    if (status === 429) {
      const wait = headers.get("retry-after");
      return ["was refused: too many requests (429)", `Try again ${wait ? `in ${excerpt(wait)} seconds` : "later"}.`];
    }
    return [`is ${status}`, said(body)];
  }

  #unreadable(path: string, what: string, hint: string): UnreadableCloud {
    const { cloud, token } = this.#account;
    const message = `${cloud}: the answer to GET ${path} ${what}.\n  ${hint}`;
    // Some servers repeat what they were sent.
    return new UnreadableCloud(message.replaceAll(token, "[token]"));
  }
}

const said = (body: string) => (body === "" ? "The server gives no reason." : `The server says ${excerpt(body)}.`);

/** A short piece of a foreign text, on one line and without control characters. */
const excerpt = (text: string) => JSON.stringify(text.replace(/\s+/g, " ").trim().slice(0, 160));
