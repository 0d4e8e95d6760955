import type { WebName } from "../../model/host-configuration.ts";

/**
 * nginx locations that answer with 301 for paths that moved. What follows the prefix is kept as it was asked, still
 * encoded, with its query.
 * @throws Error for a path or target whose characters would mean something to nginx
 */
export function movedLocations(moved: WebName["moved"]): string[] {
  return moved.flatMap(({ path, to }) => {
    if (!/^\/[\w.~/-]*$/.test(path) || !/^https?:\/\/[\w.~:/-]+$/.test(to))
      throw new Error(
        `The moved path ${path} leads to ${to}.\n  Allowed: letters, digits and . _ ~ / - in paths, and a URL of such without a query.`,
      );
    return [
      `location ^~ ${path} {`,
      `    if ($request_uri ~ "^${path.replaceAll(".", "\\.")}(.*)$") {`,
      `        return 301 ${to}$1;`,
      "    }",
      // The path was asked for in another spelling, such as encoded letters.
      `    return 301 ${to};`,
      "}",
    ];
  });
}
