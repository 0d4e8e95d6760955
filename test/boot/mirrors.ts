import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Where Debian packages come from. */
export interface Mirrors {
  readonly main: string;
  readonly security: string;
}

/** The mirrors that this machine uses itself, as far as they are Debian's; its standard ones otherwise. */
export function mirrors(folder = "/etc/apt"): Mirrors {
  const sources = readSources(folder);
  const find = (matches: (suite: string) => boolean) =>
    sources.find(({ uri, suites }) => /\/debian(-security)?\/?$/.test(uri) && suites.some(matches))?.uri;
  return {
    main: find((suite) => /^(bookworm|trixie|stable)(-updates)?$/.test(suite)) ?? "http://deb.debian.org/debian",
    security: find((suite) => /-security$/.test(suite)) ?? "http://deb.debian.org/debian-security",
  };
}

interface Source {
  readonly uri: string;
  readonly suites: readonly string[];
}

/** Both formats of apt: one-line and deb822. */
function readSources(folder: string): Source[] {
  const parts = `${folder}/sources.list.d`;
  const files = [
    `${folder}/sources.list`,
    ...(existsSync(parts) ? readdirSync(parts).map((name) => `${parts}/${name}`) : []),
  ];
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) =>
      file.endsWith(".sources") ? deb822(readFileSync(file, "utf8")) : oneLine(readFileSync(file, "utf8")),
    );
}

const oneLine = (text: string): Source[] =>
  [...text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/gm)].map(([, uri = "", suite = ""]) => ({
    uri,
    suites: [suite],
  }));

const deb822 = (text: string): Source[] =>
  text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
    return field("URIs").map((uri) => ({ uri, suites: field("Suites") }));
  });
