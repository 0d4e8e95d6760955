/** How patient a client is; all times in seconds. */
export interface Patience {
  /** Attempts for one request, the first included. */
  readonly attempts: number;
  /** For one answer, its body included. */
  readonly timeout: number;
  /** The longest single pause; a server that asks for more is not waited for. */
  readonly longestPause: number;
  /** Pauses that many seconds. */
  readonly pause: (seconds: number) => Promise<void>;
}

export const PATIENT: Patience = {
  attempts: 5,
  timeout: 30,
  longestPause: 60,
  pause: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
};

/** An answer, or why there was none. */
export interface Reply {
  /** 0: no answer came. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Why no answer came. */
  readonly failure?: string;
}

/**
 * Repeats a request while the answer is one that passes: too many requests (for as long as `Retry-After` asks), a fault of
 * the server, no answer. The last answer is returned, whatever it is.
 */
export async function repeated(
  request: (signal: AbortSignal) => Promise<Response>,
  patience: Patience,
  passes: (reply: Reply) => boolean = isPassing,
): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    const reply = await once(request, patience.timeout);
    if (!passes(reply) || attempt >= patience.attempts) return reply;
    const seconds = askedFor(reply) ?? 2 ** (attempt - 1);
    if (seconds > patience.longestPause) return reply;
    await patience.pause(seconds);
  }
}

export const isPassing = ({ status }: Reply): boolean => status === 0 || status === 429 || status >= 500;

async function once(request: (signal: AbortSignal) => Promise<Response>, timeout: number): Promise<Reply> {
  try {
    const response = await request(AbortSignal.timeout(timeout * 1000));
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch (error) {
    return { status: 0, headers: new Headers(), body: "", failure: reason(error, timeout) };
  }
}

function reason(error: unknown, timeout: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeout} seconds`;
  // fetch says "fetch failed"; what failed is the cause.
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}

/** Seconds; a date in `Retry-After` is left aside, as none of the APIs here sends one. */
function askedFor({ headers }: Reply): number | undefined {
  const value = headers.get("retry-after");
  return value !== null && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
}
