import type { RedirectRulePlan } from "../model/blueprint.ts";
import { ACME_CHALLENGES } from "../model/cache-policy.ts";
import { CLOUDFLARE_FREE_PLAN } from "../model/catalogue/cloudflare.ts";
import type { Redirect, Zone } from "../model/zone.ts";
import { allOf, hostIs, PATH, pathBeginsWith, quoted } from "./rule-expression.ts";

/**
 * Rules of Cloudflare's dynamic redirect phase for the redirects of a zone that the edge answers. The first rule that
 * matches wins there, so longer paths come first; names that lead to one place share a rule. Path and query are kept.
 * @throws with every problem that {@link redirectProblems} finds
 */
export function redirectRules(zoneName: string, zone: Zone): RedirectRulePlan[] {
  const problems = redirectProblems(zoneName, zone);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return planned(zone);
}

/** Redirects of a zone that cannot be told to Cloudflare, or would lead astray; each in two lines. */
export function redirectProblems(zoneName: string, zone: Zone): string[] {
  const where = `zones.${zoneName}.redirects`;
  const seen = new Set<string>();
  const problems = (zone.redirects ?? []).flatMap(({ from, path, to }) => {
    const source = `${from}${path ?? "/"}`;
    const twice = seen.has(source);
    seen.add(source);
    return [
      ...(twice ? [`${where}: ${source} redirects twice.\n  Remove one of them.`] : []),
      // What follows the prefix is appended: without a slash between, it could become part of the host's name.
      ...(path !== undefined && !(/^\/([\w.~-]+\/)*$/.test(path) && to.endsWith("/"))
        ? [
            `${where}: ${source} leads to ${to}.\n  With a path, both must end with a slash; allowed in a path: letters, digits and . _ ~ -`,
          ]
        : []),
      ...(/^https:\/\/[a-z0-9.-]+(\/[\w.~/-]*)?$/.test(to)
        ? []
        : [
            `${where}: ${source} leads to ${to}.\n  Allowed: https://<name>/<path> in lower case, without port and query.`,
          ]),
    ];
  });
  if (problems.length > 0) return problems;
  const rules = planned(zone);
  const allowed = CLOUDFLARE_FREE_PLAN.redirectRules;
  return rules.length > allowed
    ? [
        `${where}: they need ${rules.length} rules, allowed on the free plan: ${allowed}.\n` +
          "  Set at to a service that answers some of them, or lead several names to one place: they share a rule.",
      ]
    : [];
}

/**
 * Where a URL of a zone leads; undefined: it is not redirected. Those that a service answers (`at`) are included.
 * @param url normalised, as the rules see it
 */
export function redirectTarget(zone: Zone, url: string): string | undefined {
  const { protocol, hostname, pathname, search } = new URL(url);
  if (pathname.startsWith(ACME_CHALLENGES)) return undefined;
  const [redirect] = (zone.redirects ?? [])
    .filter((each) => each.from === hostname && pathname.startsWith(prefixOf(each)))
    .sort((a, b) => prefixOf(b).length - prefixOf(a).length);
  if (redirect === undefined) return undefined;
  const scheme = redirect.keepScheme ? protocol.slice(0, -1) : "https";
  return `${scheme}://${placeOf(redirect)}${pathname.slice(prefixOf(redirect).length - 1)}${search}`;
}

/** Browsers follow no more redirects than this for one page (Fetch standard, HTTP-redirect fetch). */
const MOST_HOPS = 20;

/**
 * Redirects that never end, over all zones, whoever answers them: each as the URLs that a browser visits.
 * Every redirect is followed from both schemes, and from its prefix with the prefixes of the others behind it.
 */
export function redirectLoops(zones: Readonly<Record<string, Zone>>): string[][] {
  const redirects = Object.values(zones).flatMap((zone) => zone.redirects ?? []);
  const tails = new Set(["", ...redirects.map((redirect) => prefixOf(redirect).slice(1))]);
  const starts = ["https", "http"].flatMap((scheme) =>
    redirects.flatMap((redirect) =>
      [...tails].map((tail) => `${scheme}://${redirect.from}${prefixOf(redirect)}${tail}`),
    ),
  );
  const loops = new Map<string, string[]>();
  for (const start of starts) {
    const loop = loopFrom(start, zones);
    if (loop === undefined) continue;
    const names = [...new Set(loop.map((url) => URL.parse(url)?.hostname))].sort().join();
    if (!loops.has(names)) loops.set(names, loop);
  }
  return [...loops.values()];
}

function loopFrom(start: string, zones: Readonly<Record<string, Zone>>): string[] | undefined {
  const visited = [start];
  for (let url = next(start, zones); url !== undefined; url = next(url, zones)) {
    const before = visited.indexOf(url);
    if (before >= 0) return [...visited.slice(before), url];
    visited.push(url);
    // It grows with each hop.
    if (visited.length > MOST_HOPS) return [...visited.slice(0, 3), "…"];
  }
  return undefined;
}

const next = (url: string, zones: Readonly<Record<string, Zone>>): string | undefined =>
  Object.values(zones)
    .map((zone) => redirectTarget(zone, url))
    .find((target) => target !== undefined);

/** `/`, or what the path must begin with: always ends with a slash. */
const prefixOf = ({ path }: Redirect): string => path ?? "/";

/** Name and path of the target, without scheme and the slash that the kept part begins with. */
const placeOf = ({ to }: Redirect): string => to.slice("https://".length).replace(/\/$/, "");

/** Names whose URLs change alike: by prefix, target and scheme. */
interface Move {
  readonly prefix: string;
  readonly place: string;
  /** Undefined: both become https. */
  readonly keep?: "http" | "https";
}

function planned(zone: Zone): RedirectRulePlan[] {
  const moves = (zone.redirects ?? [])
    .filter(({ at }) => at === undefined)
    .flatMap((redirect): { readonly from: string; readonly move: Move }[] => {
      const move = { prefix: prefixOf(redirect), place: placeOf(redirect) };
      const kept = redirect.keepScheme ? (["https", "http"] as const).map((keep) => ({ ...move, keep })) : [move];
      return kept.map((each) => ({ from: redirect.from, move: each }));
    });
  return [...Map.groupBy(moves, ({ move }) => JSON.stringify(move)).values()]
    .flatMap((alike) => {
      const [first] = alike;
      return first ? rulesOf(first.move, alike.map(({ from }) => from).sort()) : [];
    })
    .sort((a, b) => b.specificity - a.specificity)
    .map(({ rule }) => rule);
}

function rulesOf(move: Move, names: readonly string[]): { specificity: number; rule: RedirectRulePlan }[] {
  const { prefix, place, keep } = move;
  const ref = `redirect_${prefix === "/" ? "" : `${identifier(prefix.slice(1, -1))}_`}to_${identifier(place)}${keep ? `_${keep}` : ""}`;
  return parts(move, names).map((part, index) => ({
    specificity: prefix.length,
    rule: {
      ref: index === 0 ? ref : `${ref}_${index + 1}`,
      description: `${named(part)}${prefix === "/" ? "" : ` ${prefix}`} to ${keep ?? "https"}://${place}/`,
      expression: expressionOf(move, part),
      // One byte of the prefix, its slash, stays: what is kept is never empty, and never part of a host's name.
      target: `concat(${quoted(`${keep ?? "https"}://${place}`)}, ${prefix === "/" ? PATH : `substring(${PATH}, ${prefix.length - 1})`})`,
      status: 301,
      preserveQuery: true,
    },
  }));
}

const named = (names: readonly string[]) =>
  names.length > 3 ? `${names[0]} and ${names.length - 1} more names` : names.join(", ");

/** The names in as few lists as expressions of the allowed length can hold. */
function parts(move: Move, names: readonly string[]): string[][] {
  const found: string[][] = [];
  for (const name of names) {
    const part = found.at(-1);
    if (part !== undefined && expressionOf(move, [...part, name]).length <= CLOUDFLARE_FREE_PLAN.expression)
      part.push(name);
    else found.push([name]);
  }
  return found;
}

const expressionOf = ({ prefix, keep }: Move, names: readonly string[]): string =>
  allOf([
    hostIs(names),
    ...(keep ? [keep === "https" ? "ssl" : "not ssl"] : []),
    ...(prefix === "/" ? [] : [pathBeginsWith(prefix)]),
    `not ${pathBeginsWith(ACME_CHALLENGES)}`,
  ]);

/** Readable in a reference, where only letters, digits and underscores are safe. */
const identifier = (place: string): string =>
  place.replace(/[^A-Za-z0-9]/g, (character) => SPELLED[character] ?? `_x${character.charCodeAt(0).toString(16)}_`);

const SPELLED: Readonly<Record<string, string>> = { ".": "_", "-": "__", "/": "___" };
