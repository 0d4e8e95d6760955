/** Parts of expressions in Cloudflare's rules language, without regular expressions: those need a paid plan. */

/** The path after Cloudflare's normalisation, still percent-encoded, without the query. */
export const PATH = "http.request.uri.path";

/** A literal. */
export const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;

/** True for requests to any of the names; clients may write them in capitals. */
export const hostIs = (names: readonly string[]): string => isAnyOf("lower(http.host)", names);

/** True when the value is one of the texts. */
export const isAnyOf = (value: string, texts: readonly string[]): string =>
  texts.length === 1 ? `${value} eq ${texts.map(quoted).join("")}` : `${value} in {${texts.map(quoted).join(" ")}}`;

/** True when any of the conditions is; parenthesised where needed. */
export const anyOf = (conditions: readonly string[]): string =>
  conditions.length === 1 ? conditions.join("") : `(${conditions.join(" or ")})`;

export const allOf = (conditions: readonly string[]): string => conditions.join(" and ");

export const pathBeginsWith = (prefix: string): string => `starts_with(${PATH}, ${quoted(prefix)})`;
