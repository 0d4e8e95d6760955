import * as z from "zod";
import { isPassing, PATIENT, type Patience, type Reply, repeated } from "../listings/retries.ts";
import { EXIT, Refusal } from "../refusal.ts";

export interface WritingAccount {
  /** For people: `Hetzner Cloud` */
  readonly cloud: string;
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly token: string;
  /** Environment variable that holds the token, for messages. */
  readonly tokenVariable: string;
}

/** A request that a cloud refused, or that got no answer. */
export class CloudTrouble extends Refusal {
  /** The request may have been carried out all the same. */
  readonly unsure: boolean;
  constructor(message: string, unsure: boolean) {
    super(EXIT.failed, message);
    this.name = "CloudTrouble";
    this.unsure = unsure;
  }
}

/**
 * A cloud's API with GET and POST. A POST is sent again only when the answer says that it was not carried out: too many
 * requests (429), another action is running (Hetzner: 423 locked), a change in between (409 conflict).
 */
export class WritingApi {
  readonly #account: WritingAccount;
  readonly #patience: Patience;

  constructor(account: WritingAccount, patience: Patience = PATIENT) {
    this.#account = account;
    this.#patience = patience;
  }

  /** @throws CloudTrouble */
  async get<T>(path: string, form: z.ZodType<T>): Promise<T> {
    return this.#answer("GET", path, await this.#send("GET", path, undefined, isPassing), form);
  }

  /** @throws CloudTrouble */
  async post<T>(path: string, body: object, form: z.ZodType<T>): Promise<T> {
    const notDone = ({ status }: Reply) => [409, 423, 429].includes(status);
    return this.#answer("POST", path, await this.#send("POST", path, body, notDone), form);
  }

  #send(method: string, path: string, body: object | undefined, passes: (reply: Reply) => boolean): Promise<Reply> {
    const { endpoint, token } = this.#account;
    return repeated(
      (signal) =>
        fetch(`${endpoint}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            accept: "application/json",
            ...(body && { "content-type": "application/json" }),
          },
          ...(body && { body: JSON.stringify(body) }),
          redirect: "error",
          signal,
        }),
      this.#patience,
      passes,
    );
  }

  #answer<T>(method: "GET" | "POST", path: string, reply: Reply, form: z.ZodType<T>): T {
    const { cloud, token, tokenVariable } = this.#account;
    const { status, body, failure } = reply;
    const what = `${cloud}: ${method} ${path.split("?")[0]}`;
    if (status < 200 || status > 299) {
      const hint =
        status === 401 || status === 403
          ? `May ${tokenVariable} write? The cloud says: ${saidIn(body)}`
          : status === 0
            ? `${failure}.`
            : `The cloud says: ${saidIn(body)}`;
      const message = `${what} ${status === 0 ? "got no answer" : `was answered with ${status}`}.\n  ${hint}`;
      throw new CloudTrouble(
        message.replaceAll(token, "[token]"),
        method === "POST" && (status === 0 || status >= 500),
      );
    }
    try {
      return form.parse(JSON.parse(body));
    } catch (cause) {
      const where = cause instanceof z.ZodError ? cause.issues[0]?.path.map(String).join(".") : "its beginning";
      throw new CloudTrouble(
        `${what} was answered in another form than expected, at ${where || "its top level"}.\n  The API may have changed.`,
        method === "POST",
      );
    }
  }
}

const ERROR = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ message: z.string() }).transform(({ message }) => message),
]);

function saidIn(body: string): string {
  try {
    return JSON.stringify(ERROR.parse(JSON.parse(body)).slice(0, 160));
  } catch {
    return "nothing that can be read";
  }
}
