/**
 * Reads and evaluates the part of Cloudflare's rules language that our rules use, after its documentation
 * (developers.cloudflare.com/ruleset-engine/rules-language, 2026). It knows nothing of how the rules are made, and
 * refuses all that it does not know, such as `matches`.
 */

export interface EdgeRequest {
  readonly ssl: boolean;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly method: string;
}

/** Whether a rule with this expression applies to the request. */
export function matches(expression: string, request: EdgeRequest): boolean {
  const value = evaluate(parse(expression), request);
  if (typeof value !== "boolean") throw new SyntaxError(`not a condition: ${expression}`);
  return value;
}

/** The text that an expression, such as the target of a redirect, makes of the request. */
export function textOf(expression: string, request: EdgeRequest): string {
  const value = evaluate(parse(expression), request);
  if (typeof value !== "string") throw new SyntaxError(`not a text: ${expression}`);
  return value;
}

/** A request as rules see it, after the normalisation that zones have by default ("cloudflare", incoming URLs). */
export function edgeRequest(url: string, method = "GET"): EdgeRequest {
  const [, scheme, host, path = "", query = ""] = /^(https?):\/\/([^/?#\\]+)([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
  if (host === undefined) throw new SyntaxError(`not an absolute URL: ${url}`);
  return { ssl: scheme === "https", host, path: normalised(path), query, method };
}

/** Backslashes, doubled slashes, then RFC 3986: unreserved characters decoded, others encoded, dot segments removed. */
function normalised(path: string): string {
  const encoded = path
    .replaceAll("\\", "/")
    .replace(/\/{2,}/g, "/")
    .replace(/%[0-9a-f]{2}/gi, (triple) => {
      const character = String.fromCharCode(Number.parseInt(triple.slice(1), 16));
      return /[A-Za-z0-9._~-]/.test(character) ? character : triple.toUpperCase();
    })
    .replace(/[^A-Za-z0-9._~%:/?#[\]@!$&'()*+,;=-]/gu, (character) =>
      [...new TextEncoder().encode(character)]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
        .join(""),
    );
  const kept: string[] = [];
  const segments = encoded.split("/").slice(1);
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === "..") kept.pop();
    if (segment === ".." || segment === ".") {
      if (last) kept.push("");
    } else kept.push(segment);
  }
  return `/${kept.join("/")}`;
}

type Value = string | boolean | number;

type Node =
  | { readonly kind: "literal"; readonly value: string | number }
  | { readonly kind: "field"; readonly name: FieldName }
  | { readonly kind: "call"; readonly name: FunctionName; readonly args: readonly Node[] }
  | { readonly kind: "compare"; readonly operator: "eq" | "ne" | "contains"; readonly left: Node; readonly right: Node }
  | { readonly kind: "in"; readonly left: Node; readonly set: readonly string[] }
  | { readonly kind: "not"; readonly operand: Node }
  | { readonly kind: "and" | "or"; readonly operands: readonly Node[] };

const FIELDS = {
  "http.host": ({ host }) => host,
  "http.request.uri.path": ({ path }) => path,
  "http.request.uri.query": ({ query }) => query,
  "http.request.full_uri": ({ ssl, host, path, query }) =>
    `http${ssl ? "s" : ""}://${host}${path}${query === "" ? "" : `?${query}`}`,
  "http.request.method": ({ method }) => method,
  ssl: ({ ssl }) => ssl,
} as const satisfies Record<string, (request: EdgeRequest) => Value>;
type FieldName = keyof typeof FIELDS;

const FUNCTIONS = {
  starts_with: (text: Value, prefix: Value) => string(text).startsWith(string(prefix)),
  ends_with: (text: Value, suffix: Value) => string(text).endsWith(string(suffix)),
  lower: (text: Value) => string(text).replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()),
  concat: (...texts: Value[]) => texts.map(string).join(""),
  // Byte indexes.
  substring: (text: Value, start: Value, end?: Value) =>
    Buffer.from(string(text))
      .subarray(integer(start), end === undefined ? undefined : integer(end))
      .toString(),
} as const;
type FunctionName = keyof typeof FUNCTIONS;

/** How many arguments a function takes, and whether the first must be a field itself. */
const SIGNATURES: Readonly<Record<FunctionName, { min: number; max: number; first: "field" | "noLiteral" | "any" }>> = {
  starts_with: { min: 2, max: 2, first: "noLiteral" },
  ends_with: { min: 2, max: 2, first: "noLiteral" },
  lower: { min: 1, max: 1, first: "field" },
  concat: { min: 2, max: Number.POSITIVE_INFINITY, first: "any" },
  substring: { min: 2, max: 3, first: "field" },
};

function evaluate(node: Node, request: EdgeRequest): Value {
  switch (node.kind) {
    case "literal":
      return node.value;
    case "field":
      return FIELDS[node.name](request);
    case "call": {
      const call: (...args: Value[]) => Value = FUNCTIONS[node.name] as (...args: Value[]) => Value;
      return call(...node.args.map((arg) => evaluate(arg, request)));
    }
    case "compare": {
      const [left, right] = [string(evaluate(node.left, request)), string(evaluate(node.right, request))];
      if (node.operator === "contains") return left.includes(right);
      return (left === right) === (node.operator === "eq");
    }
    case "in":
      return node.set.includes(string(evaluate(node.left, request)));
    case "not":
      return !boolean(evaluate(node.operand, request));
    case "and":
      return node.operands.map((operand) => boolean(evaluate(operand, request))).every(Boolean);
    case "or":
      return node.operands.map((operand) => boolean(evaluate(operand, request))).some(Boolean);
    default:
      return node satisfies never;
  }
}

type Token =
  | { readonly kind: "word" | "string"; readonly text: string }
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "sign"; readonly text: string };

function tokens(expression: string): Token[] {
  const found: Token[] = [];
  const lexeme = /\s+|"((?:[^"\\]|\\["\\])*)"|(-?\d+)(?![\w.])|([a-z_]+(?:\.[a-z_]+)*)|([(){},])/y;
  while (lexeme.lastIndex < expression.length) {
    const at = lexeme.lastIndex;
    const match = lexeme.exec(expression);
    if (!match) throw new SyntaxError(`not understood at character ${at}: ${expression.slice(at, at + 20)}`);
    const [, quoted, number, word, sign] = match;
    if (quoted !== undefined) found.push({ kind: "string", text: quoted.replace(/\\(["\\])/g, "$1") });
    else if (number !== undefined) found.push({ kind: "integer", value: Number(number) });
    else if (word !== undefined) found.push({ kind: "word", text: word });
    else if (sign !== undefined) found.push({ kind: "sign", text: sign });
  }
  return found;
}

/** Recursive descent; `not` binds tighter than `and`, that tighter than `or`. */
function parse(expression: string): Node {
  if (expression.length > 4_096) throw new SyntaxError(`${expression.length} characters, at most 4,096`);
  const all = tokens(expression);
  let at = 0;
  const peek = (text: string) => {
    const token = all[at];
    return token !== undefined && (token.kind === "word" || token.kind === "sign") && token.text === text;
  };
  const take = (text: string) => {
    if (!peek(text)) return false;
    at++;
    return true;
  };
  const expect = (text: string) => {
    if (!take(text)) throw new SyntaxError(`expected ${text} before ${JSON.stringify(all[at])}`);
  };

  const chain = (kind: "and" | "or", operand: () => Node): Node => {
    const operands = [operand()];
    while (take(kind)) operands.push(operand());
    const [only] = operands;
    return operands.length === 1 && only !== undefined ? only : { kind, operands };
  };
  const disjunction = (): Node => chain("or", conjunction);
  const conjunction = (): Node => chain("and", negation);
  const negation = (): Node => (take("not") ? { kind: "not", operand: negation() } : condition());
  const condition = (): Node => {
    if (take("(")) {
      const inner = disjunction();
      expect(")");
      return inner;
    }
    return comparison(value());
  };
  const comparison = (left: Node): Node => {
    for (const operator of ["eq", "ne", "contains"] as const)
      if (take(operator)) return { kind: "compare", operator, left: compared(left), right: value() };
    if (!take("in")) return left;
    expect("{");
    const set: string[] = [];
    while (!take("}")) {
      const element = value();
      if (element.kind !== "literal" || typeof element.value !== "string")
        throw new SyntaxError("only texts are understood in a set");
      set.push(element.value);
    }
    if (set.length === 0) throw new SyntaxError("an empty set");
    return { kind: "in", left: compared(left), set };
  };
  const compared = (left: Node): Node => {
    if (left.kind === "literal") throw new SyntaxError("a field or function is expected on the left of an operator");
    return left;
  };
  const value = (): Node => {
    const token = all[at++];
    if (token?.kind === "string") return { kind: "literal", value: token.text };
    if (token?.kind === "integer") return { kind: "literal", value: token.value };
    if (token?.kind === "word" && token.text in FUNCTIONS && peek("(")) return call(token.text as FunctionName);
    if (token?.kind === "word" && token.text in FIELDS) return { kind: "field", name: token.text as FieldName };
    throw new SyntaxError(`not understood: ${JSON.stringify(token)}`);
  };
  const call = (name: FunctionName): Node => {
    const args: Node[] = [];
    expect("(");
    do args.push(value());
    while (take(","));
    expect(")");
    const { min, max, first } = SIGNATURES[name];
    const [source] = args;
    if (args.length < min || args.length > max) throw new SyntaxError(`${name} with ${args.length} arguments`);
    if ((first === "field" && source?.kind !== "field") || (first === "noLiteral" && source?.kind === "literal"))
      throw new SyntaxError(`${name} of something else than a field`);
    return { kind: "call", name, args };
  };

  const whole = disjunction();
  if (at < all.length) throw new SyntaxError(`not understood: ${JSON.stringify(all[at])}`);
  return whole;
}

function string(value: Value): string {
  if (typeof value !== "string") throw new TypeError(`${value} is no text`);
  return value;
}

function boolean(value: Value): boolean {
  if (typeof value !== "boolean") throw new TypeError(`${value} is no condition`);
  return value;
}

function integer(value: Value): number {
  if (typeof value !== "number") throw new TypeError(`${value} is no number`);
  return value;
}
