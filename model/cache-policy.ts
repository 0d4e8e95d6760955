/**
 * How long copies of a file may be kept outside its origin: not at all, for a year as its content never changes, or
 * for some seconds at the edge.
 */
export type Caching = "bypass" | "immutable" | { readonly edge: number };

/** Seconds that an immutable file is kept: a year, the most that RFC 9111 and the CDN know. */
export const IMMUTABLE_SECONDS = 31_536_000;

/**
 * A set of paths, in words that a CDN without regular expressions and a web server's map both have. A condition holds
 * when any of its texts fits; the pattern holds when all its conditions do. None: every path. Case matters, as it does
 * to the file system of the origin.
 */
export interface PathPattern {
  /** How the path begins; `#` stands for one digit. */
  readonly prefix?: readonly `/${string}`[];
  readonly contains?: readonly string[];
  readonly suffix?: readonly string[];
  readonly exact?: readonly `/${string}`[];
}

/** Files that are cached alike, for a reason that they share. */
export interface CacheClass {
  /** Short and stable: it names rules at the CDN. Letters, digits and hyphens. */
  readonly id: string;
  readonly what: string;
  /** Names whose files are meant; left out: all that the policy is for. */
  readonly hosts?: readonly string[];
  /** Any of these. */
  readonly paths: readonly PathPattern[];
  readonly caching: Caching;
}

/** Which files may be kept: the first class that holds a file decides. */
export interface CachePolicy {
  readonly classes: readonly CacheClass[];
  readonly otherwise: Caching;
}

/** Where certificate authorities look for proofs of control (RFC 8555, 8.3). Never cached, never redirected. */
export const ACME_CHALLENGES = "/.well-known/acme-challenge/";

/** The classes of a policy in order, with those that every policy has. */
export const cacheClasses = ({ classes, otherwise }: CachePolicy): readonly CacheClass[] => [
  {
    id: "acme-challenges",
    what: "proofs for certificate authorities",
    paths: [{ prefix: [ACME_CHALLENGES] }],
    caching: "bypass",
  },
  ...classes,
  { id: "otherwise", what: "everything else", paths: [{}], caching: otherwise },
];

/**
 * The class of a URL: what the rules of a CDN and the headers of an origin must agree with. Neither scheme nor query
 * matter.
 * @param url normalised, as the rules of the CDN see it: no dot segments, no doubled slashes
 */
export function cacheClass(policy: CachePolicy, url: string): CacheClass {
  const { hostname, pathname } = new URL(url);
  const found = cacheClasses(policy).find(
    ({ hosts, paths }) => (hosts?.includes(hostname) ?? true) && paths.some((pattern) => holds(pattern, pathname)),
  );
  if (!found) throw new Error(`${url} is in no class, though the last one has no condition.`);
  return found;
}

function holds({ prefix, contains, suffix, exact }: PathPattern, path: string): boolean {
  return (
    (prefix?.some((text) => beginsWith(path, text)) ?? true) &&
    (contains?.some((text) => path.includes(text)) ?? true) &&
    (suffix?.some((text) => path.endsWith(text)) ?? true) &&
    (exact?.some((text) => path === text) ?? true)
  );
}

const beginsWith = (path: string, prefix: string) =>
  [...prefix].every((character, at) =>
    character === "#" ? /^[0-9]$/.test(path.charAt(at)) : path.charAt(at) === character,
  );
