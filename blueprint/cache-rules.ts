import type { CacheRulePlan } from "../model/blueprint.ts";
import {
  type CacheClass,
  type CachePolicy,
  type Caching,
  cacheClasses,
  IMMUTABLE_SECONDS,
  type PathPattern,
} from "../model/cache-policy.ts";
import { CLOUDFLARE_FREE_PLAN } from "../model/catalogue/cloudflare.ts";
import { allOf, anyOf, hostIs, isAnyOf, PATH, pathBeginsWith, quoted } from "./rule-expression.ts";

/** Seconds: the free plan does not override an origin for less (API schema of the zone setting edge_cache_ttl, 2024). */
const SHORTEST_OVERRIDE = 7_200;

/**
 * Rules of Cloudflare's cache phase that say of every URL of the names what the policy says.
 *
 * - In a policy the first class wins, at Cloudflare the last rule: so the rules run from the policy's end to its start.
 *   Neighbours that are cached alike share a rule. Each rule decides about all of its settings: one that leaves out a
 *   TTL says "as the origin says", whatever an earlier rule said.
 * - Cloudflare normalises a URL before its rules see it, and hands it on like that (`normalizesUrls` of the zone): dot
 *   segments are resolved, slashes merged, letters and digits decoded. `/releases/1/../snapshots/` is judged, kept and
 *   fetched as `/snapshots/`. Other encoded bytes stay.
 * - The query is part of the cache key: `?x` is another copy of the file with the same rules.
 * - A browser keeps a file as long as the origin says, since an override would also cover error pages. At the edge only
 *   successful answers may fall under `edgeTtl`, or a 404 seen just before a release would be kept as long.
 * - http and https are treated alike.
 *
 * @param names all of one zone
 * @throws when the policy does not fit into the rules or the characters of the free plan
 */
export function cacheRules({
  names,
  policy,
}: {
  readonly names: readonly string[];
  readonly policy: CachePolicy;
}): CacheRulePlan[] {
  const rules = runs(cacheClasses(policy), [...new Set(names)].sort())
    .toReversed()
    .flatMap(rulesOf);
  const allowed = CLOUDFLARE_FREE_PLAN.cacheRules;
  if (rules.length > allowed)
    throw new Error(
      `cache rules of ${names[0]} and ${names.length - 1} more names: found ${rules.length}, allowed on the free plan: ${allowed}.\n` +
        "  Put classes that are cached alike next to each other in the policy, or serve fewer names through the CDN.",
    );
  return rules;
}

/** Files of some names: the smallest part of a rule. */
interface Piece {
  readonly hosts: readonly string[];
  readonly pattern: PathPattern;
}

/** Classes that follow each other and are cached alike. */
interface Run {
  readonly caching: Caching;
  readonly classes: CacheClass[];
  readonly pieces: Piece[];
}

function runs(classes: readonly CacheClass[], names: readonly string[]): Run[] {
  const found: Run[] = [];
  for (const each of classes) {
    const { id, hosts, paths, caching } = each;
    const served = names.filter((name) => hosts?.includes(name) ?? true);
    if (served.length === 0) continue;
    let run = found.at(-1);
    if (run === undefined || JSON.stringify(run.caching) !== JSON.stringify(caching)) {
      run = { caching, classes: [], pieces: [] };
      found.push(run);
    }
    run.classes.push(each);
    run.pieces.push(...paths.flatMap((pattern) => fitting({ hosts: served, pattern }, id)));
  }
  return found;
}

/** One rule, or more where one would be too long. */
function rulesOf({ caching, classes, pieces }: Run): CacheRulePlan[] {
  const parts: Piece[][] = [];
  for (const piece of pieces) {
    const part = parts.at(-1);
    if (part !== undefined && fits([...part, piece])) part.push(piece);
    else parts.push([piece]);
  }
  return parts.map((part, index) => ({
    ref: `cache_${classes[0]?.id.replaceAll("-", "_")}${index === 0 ? "" : `_${index + 1}`}`,
    description: `${caching === "bypass" ? "Not kept" : caching === "immutable" ? "Kept for a year" : `Kept for ${caching.edge} s`}: ${classes.map(({ what }) => what).join("; ")}`,
    expression: expressionOf(part),
    ...settingsOf(caching),
  }));
}

function settingsOf(caching: Caching): Pick<CacheRulePlan, "cache" | "edgeTtl"> {
  if (caching === "bypass") return { cache: false };
  if (caching === "immutable") return { cache: true, edgeTtl: IMMUTABLE_SECONDS };
  // Shorter times come from the origin's s-maxage.
  return caching.edge < SHORTEST_OVERRIDE ? { cache: true } : { cache: true, edgeTtl: caching.edge };
}

const fits = (pieces: readonly Piece[]) => expressionOf(pieces).length <= CLOUDFLARE_FREE_PLAN.expression;

/** The piece, cut along its longest list until each part fits into a rule. */
function fitting(piece: Piece, id: string): Piece[] {
  if (fits([piece])) return [piece];
  const { hosts, pattern } = piece;
  const lists = [["hosts", hosts] as const, ...PATTERN_KEYS.map((key) => [key, pattern[key] ?? []] as const)];
  const [key, texts] = lists
    .filter(([, list]) => list.length > 1)
    .sort(([, a], [, b]) => b.join("").length - a.join("").length)[0] ?? ["none", []];
  if (key === "none")
    throw new Error(
      `cache class ${id}: an expression of ${expressionOf([piece]).length} characters, allowed: ${CLOUDFLARE_FREE_PLAN.expression}.\n` +
        "  Shorten its texts.",
    );
  const middle = Math.ceil(texts.length / 2);
  return [texts.slice(0, middle), texts.slice(middle)].flatMap((half) =>
    fitting(key === "hosts" ? { hosts: half, pattern } : { hosts, pattern: { ...pattern, [key]: half } }, id),
  );
}

const PATTERN_KEYS = ["prefix", "contains", "suffix", "exact"] as const satisfies readonly (keyof PathPattern)[];

/** Pieces of the same names name them once. */
function expressionOf(pieces: readonly Piece[]): string {
  const byHosts = Map.groupBy(pieces, ({ hosts }) => hostIs(hosts));
  return anyOf(
    [...byHosts].map(([host, group]) => {
      const paths = group.map(({ pattern }) => conditionsOf(pattern));
      // A pattern without conditions holds every path.
      const condition = paths.some((conditions) => conditions.length === 0) ? [] : [anyOf(paths.map(grouped))];
      return grouped([host, ...condition]);
    }),
  );
}

const grouped = (conditions: readonly string[]) =>
  conditions.length === 1 ? allOf(conditions) : `(${allOf(conditions)})`;

function conditionsOf({ prefix, contains, suffix, exact }: PathPattern): string[] {
  return [
    ...(prefix ? [anyOf(prefix.map(beginsWith))] : []),
    ...(contains ? [anyOf(contains.map((text) => `${PATH} contains ${quoted(text)}`))] : []),
    ...(suffix ? [anyOf(suffix.map((text) => `ends_with(${PATH}, ${quoted(text)})`))] : []),
    ...(exact ? [isAnyOf(PATH, exact)] : []),
  ];
}

const DIGITS = [..."0123456789"];

/** Without regular expressions, a `#` becomes a look at the one byte where the digit must be. */
function beginsWith(prefix: string): string {
  const [start = "", ...rest] = prefix.split(/(#)/).filter((part) => part !== "");
  let at = start.length;
  const conditions = rest.map((part) => {
    const value = `substring(${PATH}, ${at}, ${at + part.length})`;
    at += part.length;
    return isAnyOf(value, part === "#" ? DIGITS : [part]);
  });
  return grouped([pathBeginsWith(start), ...conditions]);
}
