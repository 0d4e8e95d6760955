import {
  type CachePolicy,
  type Caching,
  cacheClasses,
  IMMUTABLE_SECONDS,
  type PathPattern,
} from "../../model/cache-policy.ts";

/**
 * nginx maps that give `$downloads_caching`, the value of Cache-Control, by the policy that the rules of the CDN are
 * made from. What is not a file (errors, redirects) is never kept, nor is what is asked for in a way that the policy
 * does not know, such as with dot segments: the CDN would take them away.
 */
export function cacheHeaders(policy: CachePolicy): string {
  const classes = cacheClasses(policy).flatMap(({ id, hosts, paths, caching }) => [
    `    # ${id}`,
    ...paths.map((pattern) => `    ${quoted(expression(hosts, pattern))} ${quoted(cacheControl(caching))};`),
  ]);
  return `# Made from the cache policy of the downloads.
map $request_uri $downloads_path {
    "~^(?<downloads_asked>[^?]*)" $downloads_asked;
}
map $host$downloads_path $downloads_class {
    default "no-cache";
    "~//|/\\.\\.?(/|$)" "no-cache";
${classes.join("\n")}
}
map $status $downloads_caching {
    default "no-cache";
    ~^(200|206|304)$ $downloads_class;
}
`;
}

/** What browsers and other caches are told. */
export function cacheControl(caching: Caching): string {
  if (caching === "bypass") return "no-cache";
  if (caching === "immutable") return `public, max-age=${IMMUTABLE_SECONDS}, immutable`;
  return `public, max-age=0, s-maxage=${caching.edge}`;
}

/** Of a name and a path, together; each condition looks ahead from the path's first slash. */
function expression(hosts: readonly string[] | undefined, { prefix, contains, suffix, exact }: PathPattern): string {
  const any = (texts: readonly string[], before: string, after: string) =>
    `(?=${before}(?:${texts.map(escaped).join("|")})${after})`;
  return [
    hosts ? `^(?:${hosts.map(escaped).join("|")})` : "^[^/]*",
    prefix ? any(prefix, "", "").replaceAll("#", "[0-9]") : "",
    contains ? any(contains, ".*", "") : "",
    suffix ? any(suffix, ".*", "$") : "",
    exact ? any(exact, "", "$") : "",
    "/",
  ].join("");
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

const quoted = (text: string) => `"${text.startsWith("^") ? "~" : ""}${text}"`;
